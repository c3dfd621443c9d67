"""Characters to be read of one text, the state before them, and what became of them.

Pure: no threads, no sockets. Axes: T character, L layer, D level, H cell, M memory.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from models.card import Card
from models.memories import columns
from models.reading.intervention import Interventions
from models.states import State

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Symbols = NDArray[np.int32]
Cells = NDArray[np.intp]


@dataclass(frozen=True)
class Snapshot:
    """The recurrent state after a character."""

    h: Floats  # (L, H)
    c: Floats  # (L, D, H)

    def columns(self) -> Floats:
        """Its display values, exactly: (M, H)."""
        shown: Floats = columns(torch.from_numpy(self.h), torch.from_numpy(self.c)).numpy()
        return shown

    def state(self) -> State:
        """The form that the engine reads from: B = 1."""
        return State(torch.from_numpy(self.h)[None], torch.from_numpy(self.c)[None])

    @staticmethod
    def size(card: Card) -> int:
        """Bytes of a state."""
        return 4 * card.layers * (1 + card.levels) * card.hidden


class Owner(Protocol):
    """The one who wants a segment read."""

    def accept(self, segment: "Segment", result: "SegmentResult") -> None:
        """Take what became of a part of the segment."""

    def fail(self, segment: "Segment") -> None:
        """The segment could not be read."""


@dataclass(eq=False)
class Segment:
    """Characters to be read: symbols (T,), from the state before `start`.

    `cut` is how far the result is still wanted; an edit lowers it while the segment is being read.
    """

    owner: "Owner"
    start: int
    symbols: Symbols
    before: Snapshot
    interventions: Interventions = ()  # what is changed while it is read
    cut: int = field(init=False)

    def __post_init__(self) -> None:
        self.cut = self.start + len(self.symbols)

    @property
    def wanted(self) -> bool:
        """Return whether any of it is."""
        return self.cut > self.start


@dataclass(frozen=True)
class SegmentResult:
    """The result of a part of a segment: the state after each character, the columns as bytes."""

    start: int  # place of the first character in the text
    h: Floats  # (T, L, H)
    c: Floats  # (T, L, D, H)
    columns: Bytes  # (T, M, H)
    gates: Floats | None = None  # of a replay, whose h, c and columns are empty: (T, L, D, G)
