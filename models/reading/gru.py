"""A layer of gated recurrent units laid out for reading: its weights packed once.

Same equations as `models.cells.gru`, same result to rounding.
"""

import torch
from torch import Tensor

from models.cells.change import Changes, changed
from models.cells.gru import GRU
from models.kernels import Matmul
from models.reading.layer import Layer
from models.reading.projection import Projection


class GRULayer(Layer):
    """See `Layer`."""

    settles = True

    def __init__(self, cell: GRU, first: bool) -> None:
        """first: see `Projection`."""
        super().__init__(cell)
        self._input = Projection(cell, first)
        self._recurrent = Matmul(cell.weights.weight_hh)
        self._bias_hh = cell.weights.bias_hh
        self.kind = self._recurrent.kind

    def project(self, x: Tensor) -> Tensor:
        """See `Layer`."""
        return self._input(x)

    def step(
        self,
        projected: Tensor,
        h: Tensor,
        cells: list[Tensor],
        changes: Changes | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """See `Layer`."""
        H = self.hidden
        gates = self._recurrent(h, self._bias_hh)
        r_z, n = torch.split_with_sizes(gates, [2 * H, H], dim=1)
        r, z = r_z.add_(projected[:, : 2 * H]).sigmoid_().chunk(2, dim=1)
        n.mul_(r).add_(projected[:, 2 * H :]).tanh_()
        h = torch.lerp(n, h, z)
        if changes is not None:
            h = changed(h, changes.h)
        return h, cells, [gates]
