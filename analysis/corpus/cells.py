"""The cells of a corpus, and their columns in its files."""

import re
from typing import NamedTuple

from models.cells import CELLS
from models.memories import Memory, memories


class CellError(ValueError):
    """A cell that the network does not have. The message is one sentence."""


class Cell(NamedTuple):
    """One memory cell. Level 0 is the outermost; the h of a GRU counts as level 0."""

    layer: int
    level: int
    cell: int

    @property
    def column(self) -> str:
        """The cell's column in the files: `l0d1c7`."""
        return f"l{self.layer}d{self.level}c{self.cell}"


def cell_of(column: str) -> Cell:
    """The cell of a column such as `l0d1c7`.

    Raises:
        CellError: the name has another form.
    """
    match = re.fullmatch(r"l(\d{1,4})d(\d{1,4})c(\d{1,6})", column)
    if not match:
        raise CellError(
            f"{column[:40]!r} is not a cell, expected layer, level and cell as in l0d1c7"
        )
    return Cell(*map(int, match.groups()))


class Network(NamedTuple):
    """The sizes of a network, which determine its cells."""

    cell: str
    layers: int
    depth: int
    hidden: int

    @property
    def levels(self) -> int:
        """The number of levels displayed of every layer."""
        return self.depth if CELLS[self.cell].has_c else 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape (L, D, H) of the display values."""
        return self.layers, self.levels, self.hidden

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.layers * self.levels * self.hidden

    def cells(self) -> list[Cell]:
        """Every cell, in the order of the columns: by layer, level and number."""
        L, D, H = self.shape
        return [Cell(l, d, c) for l in range(L) for d in range(D) for c in range(H)]

    def position(self, cell: Cell) -> int:
        """The cell's column in the values (T, L * D * H).

        Raises:
            CellError: the network has no such cell.
        """
        for name, value, size in zip(Cell._fields, cell, self.shape, strict=True):
            if not 0 <= value < size:
                raise CellError(f"{name} {value} does not exist: there are 0 to {size - 1}")
        L, D, H = cell
        return (L * self.levels + D) * self.hidden + H

    def memories(self) -> list[Memory]:
        """The memories that are stored, as `models.memories` names them."""
        shown = memories(self.layers, self.depth, self.cell)
        return [m for m in shown if m.state == "c" or not CELLS[self.cell].has_c]

    def memory(self, cell: Cell) -> Memory:
        """The memory that a cell belongs to."""
        return next(
            m for m in self.memories() if m.layer == cell.layer and (m.level or 0) == cell.level
        )
