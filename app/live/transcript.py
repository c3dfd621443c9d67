"""One model's way along one text: what it has read, kept so that little is read twice.

Pure: no threads, no sockets. A `Track` says what to read next (`piece`), whoever has an engine
reads it, and `accept` takes the result. The state is kept after every STRIDE characters and after
the newest few, the displayed values as one byte each; so a character typed or deleted at the end
costs one step, and an edit in the middle what comes after it.

Axes: T character, L layer, D level, H cell, M memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from app.live.columns import columns, memories
from models.card import Card
from models.vocabulary import UNKNOWN

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Symbols = NDArray[np.int32]

BLOCK = 256
"""Characters that are kept together."""
NEAR = 256
"""Characters after an edit that are read as one piece, before the rest: a screen's first lines."""
STRIDE = 16
"""Characters between two kept states."""
NEWEST = 16
"""States kept after the last characters read."""


@dataclass(frozen=True)
class Point:
    """The recurrent state after a character."""

    h: Floats  # (L, H)
    c: Floats  # (L, D, H)

    def columns(self) -> Floats:
        """What is shown of it, exactly: (M, H)."""
        shown: Floats = columns(torch.from_numpy(self.h), torch.from_numpy(self.c)).numpy()
        return shown

    @staticmethod
    def size(card: Card) -> int:
        """Bytes of a state."""
        return 4 * card.layers * (1 + card.depth) * card.hidden


@dataclass(eq=False)
class Piece:
    """Characters to be read: symbols (T,), from the state before `start`.

    `cut` is how far the result is still wanted; an edit lowers it while the piece is being read.
    """

    track: "Track"
    start: int
    symbols: Symbols
    before: Point
    cut: int = field(init=False)

    def __post_init__(self) -> None:
        self.cut = self.start + len(self.symbols)

    @property
    def wanted(self) -> bool:
        """Whether any of it is."""
        return self.cut > self.start


@dataclass(frozen=True)
class Reading:
    """What became of a part of a piece: the state after each character, the columns as bytes."""

    start: int  # place of the first character in the text
    h: Floats  # (T, L, H)
    c: Floats  # (T, L, D, H)
    columns: Bytes  # (T, M, H)


class Block:
    """What is kept of BLOCK characters."""

    def __init__(self, card: Card) -> None:
        L, D, H = card.layers, card.depth, card.hidden
        self.columns: Bytes = np.empty((BLOCK, memories(L, D), H), np.int8)
        self.h: Floats = np.empty((BLOCK // STRIDE, L, H), np.float32)
        self.c: Floats = np.empty((BLOCK // STRIDE, L, D, H), np.float32)

    @staticmethod
    def size(card: Card) -> int:
        """Bytes of a block."""
        L, D, H = card.layers, card.depth, card.hidden
        return BLOCK * memories(L, D) * H + BLOCK // STRIDE * Point.size(card)


def room(card: Card, length: int) -> int:
    """Bytes kept of a text of that length."""
    return -(-length // BLOCK) * Block.size(card) + NEWEST * Point.size(card)


class Track:
    """See the module. `done` characters are read; `flight` is the piece being read, if any."""

    def __init__(self, card: Card, symbols: list[int]) -> None:
        self.card = card
        self.symbols: Symbols = np.array(symbols, np.int32)
        self.done = 0
        self.flight: Piece | None = None
        self._fresh = 0  # place of the last edit
        self._blocks: list[Block] = []
        self._newest: dict[int, Point] = {}  # after so many characters

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def is_idle(self) -> bool:
        """Whether the text is read to its end."""
        return self.done == len(self)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return len(self._blocks) * Block.size(self.card) + len(self._newest) * Point.size(self.card)

    def size_when_read(self) -> int:
        """Bytes kept once the whole text is read."""
        return room(self.card, len(self))

    def edit(self, at: int, delete: int, insert: list[int]) -> None:
        """Replace `delete` symbols at `at`; what was read from there on is forgotten."""
        new = np.array(insert, np.int32)
        self.symbols = np.concatenate([self.symbols[:at], new, self.symbols[at + delete :]])
        self._back(at)

    def forget(self) -> None:
        """Drop all that was read; it can be read again."""
        self._back(0)

    def _back(self, at: int) -> None:
        """Forget what was read from `at` on."""
        self._fresh = at
        self.done = min(self.done, at)
        del self._blocks[-(-self.done // BLOCK) :]
        self._newest = {n: point for n, point in self._newest.items() if n <= at}
        if self.flight:
            self.flight.cut = min(self.flight.cut, at)
            if self.flight.cut <= self.done:
                # Whoever reads it can leave it, also what it had to read again to get here.
                self.flight.cut = min(self.flight.cut, self.flight.start)
                self.flight = None

    def piece(self) -> Piece | None:
        """The characters to read next; None if there are none, or some are being read."""
        if self.flight or self.is_idle:
            return None
        start = self._nearest(self.done)
        near = self._fresh + NEAR
        stop = near if self.done < near else len(self)
        self.flight = Piece(self, start, self.symbols[start:stop], self._point(start))
        return self.flight

    def accept(self, piece: Piece, reading: Reading) -> None:
        """Keep what became of a part of a piece, as far as it is still wanted."""
        if self.flight is not piece:
            return
        first, new = reading.start, self.done
        end = min(piece.cut, first + len(reading.columns))
        if end == piece.cut:
            self.flight = None
        if end <= new:
            return
        for block, inside, outside in _parts(new, end):
            if block == len(self._blocks):
                self._blocks.append(Block(self.card))
            columns = reading.columns[outside.start - first : outside.stop - first]
            self._blocks[block].columns[inside] = columns
        for n in range(new - new % STRIDE + STRIDE, end + 1, STRIDE):
            row, kept = n - 1 - first, self._blocks[(n - 1) // BLOCK]
            kept.h[(n - 1) % BLOCK // STRIDE] = reading.h[row]
            kept.c[(n - 1) % BLOCK // STRIDE] = reading.c[row]
        for n in range(max(new, end - NEWEST) + 1, end + 1):
            row = n - 1 - first
            self._newest[n] = Point(reading.h[row].copy(), reading.c[row].copy())
        for n in [n for n in self._newest if n <= end - NEWEST]:
            del self._newest[n]
        self.done = end

    def columns(self, start: int, stop: int, cells: list[int] | None) -> Bytes:
        """What was read of the characters start .. stop - 1 (n, M, cells); all cells if None."""
        parts = [
            self._blocks[block].columns[inside, :, slice(None) if cells is None else cells]
            for block, inside, _ in _parts(start, stop)
        ]
        if not parts:
            M = memories(self.card.layers, self.card.depth)
            return np.empty((0, M, self.card.hidden if cells is None else len(cells)), np.int8)
        return np.concatenate(parts)

    def unknown(self, start: int, stop: int) -> list[int]:
        """The positions among them that are out of vocabulary."""
        found: list[int] = (np.flatnonzero(self.symbols[start:stop] == UNKNOWN) + start).tolist()
        return found

    def approach(self, position: int) -> Piece:
        """The characters to read for the state after `position`, which was read before.

        Only the last state is wanted: it is not the track's flight. It may be empty, and so not
        wanted: then the state is `before`.
        """
        start = self._nearest(position + 1)
        return Piece(self, start, self.symbols[start : position + 1], self._point(start))

    def _nearest(self, count: int) -> int:
        """The largest number of characters, up to `count`, after which the state is kept."""
        if count in self._newest:
            return count
        return count - count % STRIDE

    def _point(self, count: int) -> Point:
        """The kept state after `count` characters."""
        card = self.card
        if count == 0:
            return Point(
                np.zeros((card.layers, card.hidden), np.float32),
                np.zeros((card.layers, card.depth, card.hidden), np.float32),
            )
        if count in self._newest:
            return self._newest[count]
        block, row = self._blocks[(count - 1) // BLOCK], (count - 1) % BLOCK // STRIDE
        return Point(block.h[row].copy(), block.c[row].copy())


def _parts(start: int, stop: int) -> Iterator[tuple[int, slice, slice]]:
    """The blocks that hold start .. stop - 1: (block, place in the block, place in the text)."""
    while start < stop:
        block = start // BLOCK
        end = min(stop, (block + 1) * BLOCK)
        yield block, slice(start - block * BLOCK, end - block * BLOCK), slice(start, end)
        start = end
