"""The input of a layer times its input matrix: looked up where the input is a symbol."""

import torch
from torch import Tensor
from torch.nn import functional as F

from models.cells import Cell
from models.kernels import Matmul


class Projection:
    """x W^T + b of a cell's `reading`: what its layer's `step` takes.

    A one-hot input picks a column of W, so the first layer keeps a table of columns; a layer above
    it reads values alone and keeps W packed.
    """

    def __init__(self, cell: Cell, first: bool) -> None:
        """first: whether it reads the network's input, symbols or values, and not another layer."""
        self._weight, self._bias = cell.reading()
        bias = self._bias.unsqueeze(0)
        # Row 0: the zero vector.
        self._table = torch.cat([bias, self._weight.t() + bias]) if first else None
        self._packed = None if first else Matmul(self._weight)

    def __call__(self, x: Tensor) -> Tensor:
        """x (N) symbols, below 0 the zero vector, or (N, in) -> (N, G*H)."""
        if self._packed is not None:
            return self._packed(x, self._bias)
        if self._table is None or x.is_floating_point():
            return F.linear(x, self._weight, self._bias)
        return self._table.index_select(0, x.clamp(min=-1) + 1)
