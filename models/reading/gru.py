"""A layer of gated recurrent units laid out for reading: its weights packed once.

Same equations as `models.cells.gru`, same result to rounding.
"""

import torch
from torch import Tensor

from models.cells.change import Changes, changed
from models.cells.gru import GRU
from models.kernels import Matmul
from models.reading.layer import Layer


class GRULayer(Layer):
    """See `Layer`."""

    settles = True

    def __init__(self, cell: GRU, first: bool) -> None:
        """first: whether it reads the network's input, symbols or values, and not another layer."""
        super().__init__(cell)
        weights = cell.weights
        self._bias_ih, self._bias_hh = weights.bias_ih, weights.bias_hh
        self._table: Tensor | None = None
        if first:
            bias = weights.bias_ih.unsqueeze(0)
            self._table = torch.cat([bias, weights.weight_ih.t() + bias])  # row 0: zero vector
        else:
            self._input = Matmul(weights.weight_ih)
        self._recurrent = Matmul(weights.weight_hh)
        self.kind = self._recurrent.kind

    def project(self, x: Tensor) -> Tensor:
        """See `Layer`."""
        if self._table is None:
            return self._input(x, self._bias_ih)
        if x.is_floating_point():
            return self.cell.project(x)
        return self._table.index_select(0, x.clamp(min=-1) + 1)

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
        r_z, n = gates.split([2 * H, H], dim=1)
        r, z = r_z.add_(projected[:, : 2 * H]).sigmoid_().split(H, dim=1)
        n.mul_(r).add_(projected[:, 2 * H :]).tanh_()
        h = torch.lerp(n, h, z)
        if changes is not None:
            h = changed(h, changes.h)
        return h, cells, [gates]
