"""States and displayed values of one model along one text, kept so that an edit reads only what
follows it.

Pure: no threads, no sockets. A `Transcript` says what to read next (`segment`), whoever has an
engine reads it, and `accept` takes the result. The state is kept after every STRIDE characters and
after the newest few, the displayed values as one byte each; so a character typed or deleted at the
end costs one step, and an edit in the middle what comes after it.

Axes: T character, L layer, D level, H cell, M memory.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from app.live.segment import Bytes, Cells, Floats, Owner, Segment, SegmentResult, Snapshot, Symbols
from models.card import Card
from models.reading.intervention import Interventions
from models.vocabulary import UNKNOWN

BLOCK = 256
"""Characters that are kept together."""
NEAR = 256
"""Characters after an edit that are one segment, before the rest: a screen's first lines."""
STRIDE = 16
"""Characters between two kept states."""
FEW = 32
"""Characters up to which a loop is faster than numpy."""
NEWEST = 16
"""States kept after the last characters read."""


Key = tuple[str, Interventions]
"""A model's sha256, and the interventions that it reads under: a transcript is of both."""


class Block:
    """The kept values of BLOCK characters."""

    def __init__(self, card: Card) -> None:
        L, D, H = card.layers, card.levels, card.hidden
        self.columns: Bytes = np.empty((BLOCK, card.columns, H), np.int8)
        self.h: Floats = np.empty((BLOCK // STRIDE, L, H), np.float32)
        self.c: Floats = np.empty((BLOCK // STRIDE, L, D, H), np.float32)

    @staticmethod
    def size(card: Card) -> int:
        """Bytes of a block."""
        return BLOCK * card.columns * card.hidden + BLOCK // STRIDE * Snapshot.size(card)


def room(card: Card, length: int) -> int:
    """Bytes kept of a text of that length."""
    return -(-length // BLOCK) * Block.size(card) + NEWEST * Snapshot.size(card)


class Transcript:
    """See the module. `done` characters are read; `pending` is the segment being read, if any."""

    def __init__(
        self,
        card: Card,
        symbols: Sequence[int] | Symbols,
        interventions: Interventions = (),
        sha256: str = "",
    ) -> None:
        self.card, self.interventions, self.sha256 = card, interventions, sha256
        self.symbols: Symbols = np.asarray(symbols, np.int32)  # replaced, never changed in place
        self.done = 0
        self.pending: Segment | None = None
        self.failed = False  # it could not be read: the next edit tries again
        self._fresh = 0  # place of the last edit
        self._a_block, self._a_state = Block.size(card), Snapshot.size(card)  # bytes
        self._blocks: list[Block] = []
        self._newest: dict[int, Snapshot] = {}  # after so many characters

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def is_idle(self) -> bool:
        """Return whether the text is read to its end."""
        return self.done == len(self)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return len(self._blocks) * self._a_block + len(self._newest) * self._a_state

    @property
    def room(self) -> int:
        """Bytes to reserve for what is read; never less than `size`."""
        blocks = -(-self.done // BLOCK)
        return blocks * self._a_block + NEWEST * self._a_state if blocks else 0

    def edit(self, at: int, delete: int, insert: Sequence[int] | Symbols) -> None:
        """Replace `delete` symbols at `at`; what was read from there on is forgotten."""
        new = np.asarray(insert, np.int32)
        self.failed = False
        self.symbols = np.concatenate([self.symbols[:at], new, self.symbols[at + delete :]])
        self._back(at)

    def forget(self) -> None:
        """Drop all that was read; it can be read again."""
        self._back(0)

    def shrink(self, size: int) -> None:
        """Drop the end of what was read, so that the rest fits into `size` bytes."""
        blocks = (size - NEWEST * self._a_state) // self._a_block
        if max(0, blocks) * BLOCK < self.done:
            self._back(max(0, blocks) * BLOCK)

    def drop(self, segment: Segment) -> None:
        """The segment is not wanted any more; what was read of it is kept."""
        segment.cut = segment.start
        if self.pending is segment:
            self.pending = None

    def fail(self, segment: Segment) -> None:
        """The segment could not be read: nothing is tried again before the next edit."""
        if self.pending is segment:
            self.pending, self.failed = None, True

    def _back(self, at: int) -> None:
        """Forget what was read from `at` on."""
        self._fresh = at
        self.done = min(self.done, at)
        del self._blocks[-(-self.done // BLOCK) :]
        self._newest = {n: snapshot for n, snapshot in self._newest.items() if n <= at}
        if self.pending:
            self.pending.cut = min(self.pending.cut, at)
            if self.pending.cut <= self.done:
                # Whoever reads it can leave it, also what it had to read again to get here.
                self.pending.cut = min(self.pending.cut, self.pending.start)
                self.pending = None

    def segment(self) -> Segment | None:
        """The characters to read next; None if there are none, or some are being read."""
        if self.pending or self.is_idle:
            return None
        start = self._nearest(self.done)
        near = self._fresh + NEAR
        stop = near if self.done < near else len(self)
        self.pending = self._segment(self, start, stop)
        return self.pending

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Keep the result of a part of a segment where it is still wanted."""
        if self.pending is not segment:
            return
        first, new = result.start, self.done
        end = min(segment.cut, first + len(result.columns))
        if end == segment.cut:
            self.pending = None
        if end <= new:
            return
        for block, inside, outside in _parts(new, end):
            if block == len(self._blocks):
                self._blocks.append(Block(self.card))
            columns = result.columns[outside.start - first : outside.stop - first]
            self._blocks[block].columns[inside] = columns
        for n in range(new - new % STRIDE + STRIDE, end + 1, STRIDE):
            row, kept = n - 1 - first, self._blocks[(n - 1) // BLOCK]
            kept.h[(n - 1) % BLOCK // STRIDE] = result.h[row]
            kept.c[(n - 1) % BLOCK // STRIDE] = result.c[row]
        for n in range(max(new, end - NEWEST) + 1, end + 1):
            row = n - 1 - first
            self._newest[n] = Snapshot(result.h[row].copy(), result.c[row].copy())
        while (oldest := next(iter(self._newest))) <= end - NEWEST:  # they are in order
            del self._newest[oldest]
        self.done = end

    def columns(self, start: int, stop: int, cells: Cells | None) -> Bytes:
        """The display values of the characters start .. stop - 1 (n, M, cells); all cells if None.

        They may be the kept values themselves: to be read at once, not to be changed.
        """
        kept = [self._blocks[block].columns[inside] for block, inside, _ in _parts(start, stop)]
        parts = kept if cells is None else [part.take(cells, axis=2) for part in kept]
        if not parts:
            M = self.card.columns
            return np.empty((0, M, self.card.hidden if cells is None else len(cells)), np.int8)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def unknown(self, start: int, stop: int) -> list[int]:
        """The positions among them that are out of vocabulary."""
        if stop - start < FEW:  # a keystroke's: without the cost of a numpy call
            symbols = self.symbols[start:stop].tolist()
            return [start + k for k, symbol in enumerate(symbols) if symbol == UNKNOWN]
        found: list[int] = (np.flatnonzero(self.symbols[start:stop] == UNKNOWN) + start).tolist()
        return found

    def approach(self, position: int, owner: Owner) -> Segment:
        """The characters to read for the state after `position`, which was read before.

        Only the last state is wanted, by `owner`: it is not the pending segment. It may be empty,
        and so not wanted: then the state is `before`.
        """
        start = self._nearest(position + 1)
        return self._segment(owner, start, position + 1)

    def kept(self, start: int, stop: int) -> Snapshot:
        """The states kept from `start`, a multiple of STRIDE, to `stop` - 1: h (B, L, H) and c."""
        states = [self._snapshot(n) for n in range(start, stop, STRIDE)]
        return Snapshot(np.stack([s.h for s in states]), np.stack([s.c for s in states]))

    def reached(self, symbols: Symbols, most: int) -> tuple[int, Snapshot]:
        """The state after the most characters, up to `most`, that is kept and fits a text.

        Args:
            symbols: the text; its first `most` are compared with this one's.

        Returns:
            after how many characters, and the state; 0 if the texts differ before that.
        """
        count = self._nearest(min(most, self.done))
        if not np.array_equal(self.symbols[:count], symbols[:count]):
            count = 0
        return count, self._snapshot(count)

    def _segment(self, owner: Owner, start: int, stop: int) -> Segment:
        """The characters from a kept state on."""
        symbols, before = self.symbols[start:stop], self._snapshot(start)
        return Segment(owner, start, symbols, before, self.interventions)

    def _nearest(self, count: int) -> int:
        """The largest number of characters, up to `count`, after which the state is kept."""
        if count in self._newest:
            return count
        return count - count % STRIDE

    def _snapshot(self, count: int) -> Snapshot:
        """The kept state after `count` characters."""
        card = self.card
        if count == 0:
            return Snapshot(
                np.zeros((card.layers, card.hidden), np.float32),
                np.zeros((card.layers, card.levels, card.hidden), np.float32),
            )
        if count in self._newest:
            return self._newest[count]
        block, row = self._blocks[(count - 1) // BLOCK], (count - 1) % BLOCK // STRIDE
        return Snapshot(block.h[row].copy(), block.c[row].copy())


def _parts(start: int, stop: int) -> Iterator[tuple[int, slice, slice]]:
    """The blocks that hold start .. stop - 1: (block, place in the block, place in the text)."""
    while start < stop:
        block = start // BLOCK
        end = min(stop, (block + 1) * BLOCK)
        yield block, slice(start - block * BLOCK, end - block * BLOCK), slice(start, end)
        start = end
