"""A text read passage by passage, many blocks at once, each after its burn-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from analysis.timescales.blocks import BURN_IN, PASSAGES, Cut
from analysis.timescales.memories import values
from models.overflow import require_finite
from models.reading.engine import Engine
from models.rnn import RNN
from models.states import Internals, State
from models.vocabulary import Vocabulary

FLOATS_AT_ONCE = 200_000_000
"""Limits the blocks read together, and so the memory needed, whatever the text's length."""


@dataclass(frozen=True)
class Scale:
    """Rough centre and spread of every unit, (M, H) each, so that sums neither cancel nor swell."""

    mean: Tensor
    sd: Tensor


@dataclass(frozen=True)
class Passage:
    """The next `window` characters of B blocks, read in their own context and in a foreign one."""

    bins: Tensor  # (B,), where the sums of each block go
    symbols: Tensor  # (B, K)
    start: State  # after the last character before the passage
    donor: State  # the same moment of another block
    own: Internals  # the passage after its own context
    first: bool  # whether it opens its blocks
    scale: Scale  # of the whole text, the same for every passage
    engine: Engine

    @cached_property
    def other(self) -> Internals:
        """The passage after the foreign context."""
        return self.after(self.donor)

    @cached_property
    def seen(self) -> Tensor:
        """(B, K, M, H), the memories' values after their own context; not to be written to."""
        return values(self.own.h, self.own.c)

    def after(self, state: State) -> Internals:
        """The passage read from another state."""
        return self.engine.read(self.symbols, state)[0]


def batch(rnn: RNN, window: int) -> int:
    """The number of blocks read together: two readings of a passage, gates, and working copies."""
    floats = rnn.layers * rnn.hidden * (24 * rnn.depth + 8)
    return max(2, min(64, FLOATS_AT_ONCE // (floats * max(window, BURN_IN // 2))))


class Reader:
    """The text of one measurement under one network."""

    def __init__(self, engine: Engine, vocabulary: Vocabulary, text: str, cut: Cut, seed: int):
        self.engine, self.vocabulary, self.text, self.cut = engine, vocabulary, text, cut
        self.seed = seed
        self.scale: Scale | None = None

    @property
    def count(self) -> int:
        """Passages that `passages` yields."""
        return PASSAGES * len(self.cut.groups(batch(self.engine.rnn, self.cut.window)))

    def passages(self, shuffled: bool = False) -> Iterator[Passage]:
        """Every passage of every block, a group of blocks at a time.

        Args:
            shuffled: each block's characters in random order: the same letters, no text.

        Raises:
            NotFinite: the network overflows.
        """
        draw = torch.Generator().manual_seed(self.seed)
        window = self.cut.window
        for group in self.cut.groups(batch(self.engine.rnn, window)):
            symbols = self._symbols(group)
            if shuffled:
                order = torch.rand(symbols.shape, generator=draw).argsort(1)
                symbols = symbols.gather(1, order)
            bins = torch.tensor([self.cut.bin(b) for b in group])
            settling = BURN_IN // 2
            _, state = self.engine.read(symbols[:, :settling], self.engine.start(len(group)))
            warm, state = self.engine.read(symbols[:, settling:BURN_IN], state)
            if self.scale is None:
                seen = values(warm.h, warm.c).flatten(0, 1)
                self.scale = Scale(seen.mean(0), seen.std(0))
            del warm
            for k in range(PASSAGES):
                start = BURN_IN + k * window
                read = symbols[:, start : start + window]
                shift = int(torch.randint(1, len(group), (), generator=draw))
                donor = State(state.h.roll(shift, 0), state.c.roll(shift, 0))
                own, after = self.engine.read(read, state)
                require_finite(own.h, own.c)
                yield Passage(bins, read, state, donor, own, k == 0, self.scale, self.engine)
                state = after

    def _symbols(self, group: range) -> Tensor:
        """(B, burn-in + block) symbols."""
        block = self.cut.block
        texts = (self.text[b * block : b * block + BURN_IN + block] for b in group)
        return torch.tensor([self.vocabulary.encode(text) for text in texts])
