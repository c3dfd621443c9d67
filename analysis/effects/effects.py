"""The cost of losing a memory, in bits per character, against equally many random cells.

From one character on, all cells of a memory are held at zero or at their mean over the text, or
are replaced once by their state at another place of the text; the rest of the network follows
its equations. The cost is the surprisal of every later character minus that of the untouched
network. Random sets of as many cells, drawn from all memories, show whether a memory costs *more
than its share of cells*.

A cell is held right after it is computed and before anything reads it. In a Nested LSTM all
that leaves a layer passes through its inner cell and then through its outer one: held at zero,
either of them silences the layer. A swap leaves both in a state that the text brings about.

Axes: B row, T character, L layer, D level, H cell, N character after the operation.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from models import CharacterModel
from models.memories import memories
from models.overflow import require_finite
from models.reading.engine import Engine
from models.reading.plan import Plan, Under
from models.states import State

LONGEST = 400
"""The most characters after the operation that are measured."""
MOST_RANDOM = 100
"""The number of random sets."""
SPAN = 2048
"""Characters of the text read at once."""
SLICE = 16
"""Characters between two checks whether anybody waits."""
LOGITS = 1 << 22
"""Numbers predicted at once, about: the memory they take does not grow with the vocabulary."""

Operation = Literal["zero", "mean", "swap"]
OPERATIONS: tuple[Operation, ...] = ("zero", "mean", "swap")
Place = tuple[int, int | None]
"""A layer and a level; None is the layer's h."""

Array = NDArray[np.float64]
Wanted = Callable[[], bool]


@dataclass(frozen=True)
class Effects:
    """`bits[g, k]`: the cost of losing group g at character start + k, in bits.

    The first is 0, because that character was predicted before the change; so is a character out of
    vocabulary.
    """

    start: int
    donor: int | None  # the character after whose state is swapped in
    groups: list[Place]
    natural: Array  # (N), surprisal of the untouched network
    bits: Array  # (groups, N)
    random: Array  # (sets, N), of the random sets


def shown_places(model: CharacterModel) -> list[Place]:
    """The memories of a network, in the order of the page's columns."""
    card = model.card
    return [(m.layer, m.level) for m in memories(card.layers, card.depth, card.cell)]


def donor_place(length: int, start: int, seed: int) -> int:
    """Another place of the text, drawn at random: not near `start` where the text allows that."""
    away = min(100, length // 4)
    places = [t for t in range(length) if abs(t - start) > away] or [
        t for t in range(length) if t != start
    ]
    # Of its own for every start: one draw for all of them would mean over few donors.
    return int(np.random.default_rng([seed, 1, start]).choice(places))


class Reading:
    """A text read without changes: its states where they are needed."""

    def __init__(self, model: CharacterModel, engine: Engine, symbols: Sequence[int]) -> None:
        """symbols: of the whole text, at least two."""
        self.model, self.engine = model, engine
        self.symbols = torch.tensor(symbols)

    @torch.inference_mode()
    def effects(
        self,
        start: int,
        operation: Operation,
        groups: Sequence[Place] | None = None,
        sets: int = 20,
        seed: int = 0,
        after: int = LONGEST,
        wanted: Wanted = lambda: True,
    ) -> Effects | None:
        """The cost of losing each group from character `start` on; None if nobody waits.

        Args:
            start: the first character after which the state is changed; one must follow it.
            groups: memories; those the page shows if None.
            sets: random sets of as many cells.
            seed: of the random sets, the same ones at every start, and of each start's donor.
            after: the most characters after `start` that are measured.
            wanted: called between pieces of the work; false stops it.

        Raises:
            NotFinite: the model overflows.
        """
        model, length = self.model, len(self.symbols)
        stop = min(length, start + 1 + after)
        groups = list(groups) if groups is not None else shown_places(model)
        donor = donor_place(length, start, seed) if operation == "swap" else None
        found = self._read(start, donor, operation == "mean", wanted)
        if found is None:
            return None
        before, values = found
        masks = [_whole(values, place) for place in groups]
        draw = np.random.default_rng([seed, 0])
        masks += [_random(values, shown_places(model), draw) for _ in range(sets)]
        end = start + 1 if operation == "swap" else None
        plans = [Plan.holding(mask, values, start, end) for mask in masks]
        bits = self._bits(before, plans, start, stop, wanted)
        if bits is None:
            return None
        require_finite(bits)
        lost = bits[1:] - bits[0]
        return Effects(start, donor, groups, bits[0], lost[: len(groups)], lost[len(groups) :])

    def _read(
        self, start: int, donor: int | None, mean: bool, wanted: Wanted
    ) -> tuple[State, State] | None:
        """The state before `start`, and the replacement values (1, L, H), (1, L, D, H)."""
        zero = self.engine.start()
        before, values = zero, State(torch.zeros_like(zero.h), torch.zeros_like(zero.c))
        length = len(self.symbols)
        last = length if mean else max(start, -1 if donor is None else donor + 1)
        if last == 0:
            return before, values
        at = 0
        pieces = self.engine.read_long(self.symbols[:last], zero, gates=False, span=SPAN)
        for internals, _ in pieces:
            if not wanted():
                return None
            h, c = internals.h, internals.c
            here = slice(at, at + h.shape[1])
            if here.start < start <= here.stop:
                before = State(h[:, start - 1 - at].clone(), c[:, start - 1 - at].clone())
            if donor is not None and here.start <= donor < here.stop:
                values = State(h[:, donor - at].clone(), c[:, donor - at].clone())
            if mean:
                values = State(values.h + h.sum(1) / length, values.c + c.sum(1) / length)
            at = here.stop
        return before, values

    def _bits(
        self, before: State, plans: list[Plan], start: int, stop: int, wanted: Wanted
    ) -> Array | None:
        """Surprisal (1 + plans, N) of the untouched network and under each plan."""
        rows = 1 + len(plans)
        state = State(*(part.expand(rows, *part.shape[1:]).clone() for part in before))
        own = self.symbols[start:stop].expand(rows, -1)
        bits = [self._surprisal(state.h[:, None, -1], own[:, :1])]
        for at in range(start, stop - 1, SLICE):
            if not wanted():
                return None
            symbols = self.symbols[at : min(at + SLICE, stop - 1)].expand(rows, -1)
            under = [None, *(Under(plan, at) for plan in plans)]
            internals, state = self.engine.read(symbols, state, gates=False, under=under)
            next_to_it = own[:, at + 1 - start :][:, : symbols.shape[1]]
            bits.append(self._surprisal(internals.h[:, :, -1], next_to_it))
        # Nothing predicts the very first character.
        known = (own >= 0) & (torch.arange(start, stop) > 0)
        found: Array = (torch.cat(bits, 1) * known).numpy()
        return found

    def _surprisal(self, hidden: Tensor, symbols: Tensor) -> Tensor:
        """Surprisal (B, N) of `symbols` (B, N) after `hidden` (B, N, H); any number at UNKNOWN."""
        size = max(1, LOGITS // len(self.model.vocabulary))
        asked = symbols.clamp(min=0).reshape(-1, 1)
        logs = [
            F.log_softmax(self.model.head(some).double(), -1).gather(-1, its)
            for some, its in zip(hidden.flatten(0, 1).split(size), asked.split(size), strict=True)
        ]
        return -torch.cat(logs).view(symbols.shape) / math.log(2)


def _whole(like: State, place: Place) -> State:
    """A mask of all cells of a memory."""
    h, c = (torch.zeros_like(part, dtype=torch.bool) for part in like)
    layer, level = place
    if level is None:
        h[:, layer] = True
    else:
        c[:, layer, level] = True
    return State(h, c)


def _random(like: State, places: list[Place], draw: np.random.Generator) -> State:
    """A mask of as many cells as one memory has, drawn from all of these memories."""
    H = like.h.shape[-1]
    h, c = (torch.zeros_like(part, dtype=torch.bool) for part in like)
    for chosen in draw.choice(len(places) * H, H, replace=False):
        layer, level = places[chosen // H]
        if level is None:
            h[:, layer, chosen % H] = True
        else:
            c[:, layer, level, chosen % H] = True
    return State(h, c)


@dataclass(frozen=True)
class Interval:
    """Quantiles of the totals of the random sets."""

    low: float  # 5 %
    median: float
    high: float  # 95 %


def interval(totals: Array) -> Interval | None:
    """The 5, 50 and 95 % quantiles of the random sets' totals; None if there are none."""
    if not len(totals):
        return None
    low, median, high = np.quantile(totals, [0.05, 0.5, 0.95])
    return Interval(float(low), float(median), float(high))
