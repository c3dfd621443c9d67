"""Reads known text with a network, without gradients: every internal of every step.

The weights are laid out once, when the engine is made; a step then costs its matmuls. `read` takes
one character after another; `read_long` reads a long text known beforehand faster and as exactly
(see `models.reading.parallel`).
"""

import copy
import math
import threading
from collections.abc import Callable, Generator, Iterator, Sequence

import torch
from torch import Tensor

from models.reading.cost import COSTS
from models.reading.intervention import Interventions
from models.reading.layers import layer_of
from models.reading.paced import PacedLayer
from models.reading.parallel import TOLERANCE, read_chunks
from models.reading.plan import Plan, Under, script
from models.rnn import RNN
from models.states import Internals, State, Window

LEAD = 32
"""Characters of a long text that are read before the pilot's companion starts from zero."""

BLOCK = 16
"""Characters between two comparisons of the two."""

PATIENCE = 0.25
"""The share of its stretch that the pilot reads before it may give up."""

HALFWAY = 0.5
"""The share after which it may stop because the two are sure to merge."""

SHORT = 512
"""Texts, and remainders of texts, up to this length are read one character after another."""

PIECE = 256
"""Characters that are then handed on at once."""

SPAN = 10_240
"""Characters that are read in chunks at once."""


MOST_PLANS = 32
"""The number of lists of interventions kept as tensors."""


class Engine:
    """A network ready to read.

    It keeps no state: callers pass the state in and get it back. Several threads may use it at
    once. It does not see weights changed after it was made.
    """

    def __init__(self, rnn: RNN) -> None:
        self.rnn = rnn
        with torch.no_grad():
            self._layers = [layer_of(cell, first=l == 0) for l, cell in enumerate(rnn.cells)]
        self._plans: dict[Interventions, Plan] = {}
        self._lock = threading.Lock()
        self._settles = all(layer.settles for layer in self._layers)
        top = self._layers[-1]
        self._cost = COSTS[top.kind].at(top.hidden)

    def paced(self, between: Callable[[], None]) -> "Engine":
        """The same network, which calls `between` before every step of a layer; it may wait."""
        paced = copy.copy(self)
        paced._layers = [PacedLayer(layer, between) for layer in self._layers]
        return paced

    def start(self, batch: int = 1) -> State:
        """The zero state."""
        return self.rnn.start(batch)

    def plan(self, interventions: Interventions) -> Plan:
        """Interventions laid out for this network; the latest few are kept."""
        # Inference tensors cannot take part in a gradient, and a plan serves both.
        with self._lock, torch.inference_mode(False):
            plan = self._plans.pop(interventions, None) or self.rnn.plan(interventions)
            self._plans[interventions] = plan
            while len(self._plans) > MOST_PLANS:
                del self._plans[next(iter(self._plans))]
        return plan

    @torch.inference_mode()
    def read(
        self,
        symbols: Tensor,
        state: State,
        gates: bool = True,
        under: Sequence[Under | None] | None = None,
    ) -> tuple[Internals, State]:
        """Read a batch of texts, one character after another.

        Args:
            symbols: (B, T), T may be 0; -1 is the zero vector. Or (B, T, in), float.
            state: where to start.
            gates: whether to keep them; if not, theirs is a tensor of the last dimension 0.
            under: the interventions that each row is read under, made by `plan`.

        Returns:
            everything the network went through, and the state after the last character.
        """
        if symbols.shape[1] == 0:
            return self._nothing(state, gates), state
        x, windows = symbols.transpose(0, 1), []
        plot = script(under, symbols.shape[1])
        for l, layer in enumerate(self._layers):
            changes = plot.layer(l) if plot else None
            windows.append(layer.run(x, state.h[:, l], state.c[:, l], gates, changes))
            x = windows[-1].h
        return self._internals(windows), _end(windows)

    @torch.inference_mode()
    def read_long(
        self,
        symbols: Tensor,
        state: State,
        gates: bool = True,
        span: int = SPAN,
        under: Under | None = None,
        memory: int | None = None,
    ) -> Iterator[tuple[Internals, State]]:
        """Read one text known beforehand; the same as `read` to rounding, and faster if it is long.

        A pilot reads the first characters twice, the second time from a wrong state, and finds how
        long the network takes to forget it. The rest is read in chunks if that pays, span by span.
        Only one span is held at once: about 100 KB per character at 600 cells.

        Args:
            symbols: (T), -1 is the zero vector. Or (T, in), float.
            state: where to start, of batch 1.
            gates: as in `read`.
            span: the most characters read at once, except a short remainder.
            under: the interventions it is read under, made by `plan`. Those that may enlarge a
                difference between two states are read one character after another.
            memory: the number of characters after which the network has forgotten its state, if
                known; then no pilot is sent. It decides how the text is cut, not the values.

        Yields:
            the text's pieces in order, at least one: what the network went through, and the state
            after it.
        """
        at = 0
        if not self._settles or (under and not under.plan.settles):
            memory = None
        elif len(symbols) > SHORT and memory is None:
            at, state, memory = yield from self._pilot(symbols, state, gates, under)
        if len(symbols) == 0:
            yield self.read(symbols[None], state, gates)
        while at < len(symbols):
            left = len(symbols) - at
            n = left if left <= span + SHORT else span
            chunks = self._cost.chunks(n, memory) if memory and n > SHORT else 0
            if chunks:
                n -= n % chunks
                windows, settled = self._span(
                    symbols[at : at + n], state, gates, chunks, _later(under, at)
                )
                memory = memory if settled else None
                internals, state = self._internals(windows), _end(windows)
                del windows
            else:
                n = min(n, PIECE)
                x, rows = symbols[None, at : at + n], [_later(under, at)]
                internals, state = self.read(x, state, gates, rows)
            yield internals, state
            del internals  # before the next span is read
            at += n

    def _pilot(
        self, symbols: Tensor, state: State, gates: bool, under: Under | None
    ) -> Generator[tuple[Internals, State], None, tuple[int, State, int | None]]:
        """Read the first characters beside a companion that starts from zero a little later.

        This takes twice the time per character, for a sixteenth of the text at most, and stops as
        soon as the two are not on course to merge by twice that; or halfway, if they are even by
        the pace of the second quarter. They are not one batch, so that the values are bit for bit
        those of `read`.

        Returns:
            how far it came, the state there, and the number of characters after which the two
            agree in every value that is read, extrapolated if they did not come so far; None if
            they are not on course.
        """
        internals, state = self.read(symbols[None, :LEAD], state, gates, [under])
        yield internals, state
        # Chunks also start with nearly correct innermost cells.
        c = torch.zeros_like(state.c)
        c[:, :, -1:] = state.c[:, :, -1:]
        other = State(torch.zeros_like(state.h), c)
        at, most = LEAD, len(symbols) // 16
        quarter, halfway = (LEAD, 1.0), None
        while at < LEAD + most:
            x, rows = symbols[None, at : at + BLOCK], [_later(under, at)]
            internals, state = self.read(x, state, gates, rows)
            yield internals, state
            at += BLOCK
            _, other = self.read(x, other, gates=False, under=rows)
            gap, passed = _apart(state, other), (at - LEAD) / most
            if gap <= TOLERANCE:
                return at, state, at - LEAD
            if passed > PATIENCE and not gap <= TOLERANCE ** (passed / 2):  # nor if it is NaN
                return at, state, None
            # What lasts long shows late: the pace from the start is often too fast a guess.
            if passed <= PATIENCE:
                quarter = at, gap
            elif halfway is None and passed >= HALFWAY:
                halfway = _merging(quarter, (at, gap)) - LEAD
                if halfway <= 2 * most:
                    return at, state, math.ceil(halfway)
        # The gap shrinks by about as much with every character.
        return at, state, math.ceil((at - LEAD) * math.log(TOLERANCE) / math.log(gap))

    def _span(
        self, x: Tensor, state: State, gates: bool, chunks: int, under: Under | None
    ) -> tuple[list[Window], bool]:
        """Read in chunks, layer after layer; read what does not settle one character after another.

        Returns:
            What each layer went through, and whether all of it settled.
        """
        windows, settled = [], True
        plot = script([under], len(x))
        for l, layer in enumerate(self._layers):
            own = plot.layer(l) if plot else None
            h, c = state.h[0, l], state.c[0, l]
            window, right = read_chunks(layer, x, h, c, chunks, gates, own)
            if right < len(x):
                h, c = window.h[right - 1], window.c[right - 1].transpose(0, 1)
                rest = layer.run(x[right:, None], h, c, gates, own and own.later(right))
                for part, new in zip(window, rest, strict=True):
                    part[right:] = new
                settled = False
            windows.append(window)
            x = window.h[:, 0]
        return windows, settled

    def _nothing(self, state: State, gates: bool) -> Internals:
        """The internals of an empty text."""
        h, c = state.h.unsqueeze(1)[:, :0], state.c.unsqueeze(1)[:, :0]
        B, L, H = state.h.shape
        G = len(self.rnn.cells[0].gates)
        return Internals(h, c, h.new_empty(B, 0, L, self.rnn.depth, G, H if gates else 0))

    def _internals(self, windows: list[Window]) -> Internals:
        """The internals of all layers, batch first."""
        h, c, gates = (
            parts[0].unsqueeze(1) if len(parts) == 1 else torch.stack(parts, 1)
            for parts in zip(*windows, strict=True)
        )
        G = len(self.rnn.cells[0].gates)
        gates = gates.unflatten(-1, (G, gates.shape[-1] // G))
        return Internals(
            h.permute(2, 0, 1, 3), c.permute(3, 0, 1, 2, 4), gates.permute(3, 0, 1, 2, 4, 5)
        )


def _later(under: Under | None, steps: int) -> Under | None:
    """The interventions of a row, moved on by a number of characters."""
    return under and Under(under.plan, under.start + steps)


def _end(windows: list[Window]) -> State:
    """The state after the last character."""
    return State(
        torch.stack([window.h[-1] for window in windows], 1),
        torch.stack([window.c[-1].transpose(0, 1) for window in windows], 1),
    )


def _merging(first: tuple[int, float], second: tuple[int, float]) -> float:
    """The character at which a gap is gone that goes on shrinking as between two (at, gap)."""
    pace = math.log(first[1] / second[1]) / (second[0] - first[0])
    return second[0] + math.log(second[1] / TOLERANCE) / pace if pace > 0 else math.inf


def _apart(a: State, b: State) -> float:
    """The largest difference between two states as they are read: tanh(c) for innermost cells."""
    inside, outside = slice(-1, None), slice(None, -1)
    gaps = [
        a.h - b.h,
        a.c[:, :, outside] - b.c[:, :, outside],
        a.c[:, :, inside].tanh() - b.c[:, :, inside].tanh(),
    ]
    return max(float(gap.abs().max()) for gap in gaps if gap.numel())
