"""The contract of a layer laid out for reading: its steps without gradients, and a run of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import repeat

import torch
from torch import Tensor

from models.cells import Cell
from models.cells.change import Changes
from models.kernels import Kind
from models.states import Window


class Layer(ABC):
    """One layer that reads B texts at once.

    `kind`: how its recurrent weights are held (see `Matmul`).
    """

    kind: Kind = "plain"

    settles: bool = False
    """True if a known text may be read in chunks (see `models.reading.parallel`).

    If it keeps a c, the innermost is linear in itself: c_t = f c_{t-1} + ..., f the second block of
    its gates.
    """

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.hidden, self.depth, self.memories = cell.hidden, cell.depth, cell.memories
        self.width = len(cell.gates) * cell.hidden
        """G*H: the number of rows of its matrices."""

    @abstractmethod
    def project(self, x: Tensor) -> Tensor:
        """x (N) symbols, below 0 the zero vector, or (N, in) -> the input of `step`, (N, G*H).

        x is the network's input in the first layer, h of the layer below in the others.
        """

    @abstractmethod
    def step(
        self,
        projected: Tensor,
        h: Tensor,
        cells: list[Tensor],
        changes: Changes | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """One step.

        Args:
            projected: (B, G*H), as `project` gives it.
            h: (B, H), the hidden state.
            cells: D of (B, H), outermost first.
            changes: made to h and to every c right after it is computed, before it is read.

        Returns:
            the new hidden state, the new cells, and the gates (B, G*H) of every level.
        """

    def run(
        self,
        x: Tensor,
        h: Tensor,
        c: Tensor,
        gates: bool = True,
        changes: Iterable[Changes | None] | None = None,
    ) -> Window:
        """One step after another.

        Args:
            x: (T, B) symbols or (T, B, in), what the layer reads; T at least 1.
            h: (B, H), the hidden state before.
            c: (B, D, H), the cells before.
            gates: whether to keep them; if not, theirs is a tensor of the last dimension 0.
            changes: the changes of every step; None if there are none.
        """
        T, B = x.shape[:2]
        hs, cs, gs = [], [], []
        cells = list(c.unbind(1))
        inputs = self.project(x.flatten(0, 1)).view(T, B, self.width).unbind()
        for projected, change in zip(inputs, changes or repeat(None), strict=False):
            h, cells, now = self.step(projected, h, cells, change)
            hs.append(h)
            cs += cells
            if gates:
                gs += now
        return Window(
            torch.cat(hs).view(T, B, self.hidden),
            torch.cat(cs or [h[:0]]).view(T, self.memories, B, self.hidden),
            torch.cat(gs or [h[:0, :0]]).view(T, self.depth, B, self.width if gates else 0),
        )


class SteppedLayer(Layer):
    """Reads any cell by its own `step`: no special layout, slower, the same values."""

    def project(self, x: Tensor) -> Tensor:
        """See `Layer`."""
        return self.cell.project(x)

    def step(
        self,
        projected: Tensor,
        h: Tensor,
        cells: list[Tensor],
        changes: Changes | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """See `Layer`."""
        c = torch.stack(cells, 1) if cells else h.new_empty(len(h), 0, self.hidden)
        h, c, gates = self.cell.step(projected, h, c, changes)
        return h, list(c.unbind(1)), list(gates.flatten(2).unbind(1))
