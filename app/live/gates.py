"""The gates of one cell along a stretch of a text, read again from the states that are kept.

Pure. A transcript keeps no gates, but a state after every STRIDE characters: from ROWS of them at
once the network reads to the next one, as one batch. So the stretch on the screen is there at once,
wherever in the text it lies, and what is told equals a reading from the start.

Axes: B row, T character, L layer, D level, G gate, H cell.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from app.live.messages import Gates
from app.live.segment import Floats, Segment, SegmentResult, Snapshot
from app.live.transcript import STRIDE, Key, Transcript

ROWS = 64
"""Kept states that are read on from at once: 1,024 characters."""


@dataclass(eq=False)
class Replay(Segment):
    """Characters to be read side by side; `before` has a leading axis B, a row a kept state.

    Row b begins at `start` + b * STRIDE. Only one cell is wanted, with its gates.
    """

    cell: int = 0

    @property
    def rows(self) -> int:
        """The number of stretches read side by side."""
        return len(self.before.h)


@dataclass(frozen=True)
class Stretch:
    """Gates (T, L, D, G) of one cell, and its state before: h (L), c (L, D)."""

    start: int
    gates: Floats
    before: Snapshot


class CellGates:
    """An inquiry into one panel: the gates from `start` to `stop` - 1."""

    def __init__(self, asked: Gates, panel: int, key: Key, length: int) -> None:
        self.request, self.panel, self.key = asked.request, panel, key
        self.cell = asked.cells[panel]
        self.stop = min(asked.stop, length)
        self.ready: deque[Stretch] = deque()
        self._next = asked.start - asked.start % STRIDE
        self._pending: Replay | None = None

    @property
    def is_read(self) -> bool:
        """Return whether all of it is."""
        return self._next >= self.stop and self._pending is None

    def wants(self, key: Key, transcript: Transcript) -> bool:
        """Return whether more is still to be read, and can be now."""
        if key != self.key or self._pending or self._next >= self.stop:
            return False
        return transcript.done >= self._end()

    def begin(self, _: Key, transcript: Transcript) -> Replay:
        """The next characters to read."""
        start, end = self._next, self._end()
        symbols, before = transcript.symbols[start:end], transcript.kept(start, end)
        self._pending = Replay(
            self, start, symbols, before, transcript.interventions, cell=self.cell
        )
        self._next = end
        return self._pending

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Take what was read."""
        replay = self._pending
        if replay is None or replay is not segment or result.gates is None:
            return
        self._pending = None
        first = Snapshot(replay.before.h[0, :, self.cell], replay.before.c[0, :, :, self.cell])
        self.ready.append(Stretch(result.start, result.gates, first))

    def fail(self, segment: Segment) -> None:
        """The model could not read up to there: no more of it is told."""
        if segment is self._pending:
            self._pending, self._next = None, self.stop

    def drop(self) -> None:
        """It is not wanted any more."""
        if self._pending:
            self._pending.cut = self._pending.start
        self._pending, self._next = None, self.stop
        self.ready.clear()

    def _end(self) -> int:
        return min(self.stop, self._next + ROWS * STRIDE)


def side_by_side(symbols: np.ndarray, rows: int, unknown: int) -> np.ndarray:
    """The symbols (T) of a replay as (B, STRIDE); what is missing of the last row is unknown."""
    padded = np.full(rows * STRIDE, unknown, np.int64)
    padded[: len(symbols)] = symbols
    return padded.reshape(rows, STRIDE)
