"""A layer of Nested LSTM cells laid out for reading: its weights packed once.

Same equations as `models.cells.nested_lstm`, same result to rounding.
"""

import torch
from torch import Tensor

from models.cells.change import Changes, changed
from models.cells.nested_lstm import NestedLSTM
from models.kernels import Kind, Matmul
from models.reading.layer import Layer
from models.reading.projection import Projection


class NestedLSTMLayer(Layer):
    """See `Layer`."""

    settles = True

    def __init__(self, cell: NestedLSTM, first: bool) -> None:
        """first: see `Projection`."""
        super().__init__(cell)
        outer, *inner = cell.levels
        self._input = Projection(cell, first)
        self._recurrent = Matmul(outer.weight_hh)
        # The two matmuls of an inner level are one: [x h] times [W_ih W_hh].
        self._inner = [
            (Matmul(torch.cat([level.weight_ih, level.weight_hh], dim=1)), level.bias)
            for level in inner
        ]
        kinds = {self._recurrent.kind, *(matmul.kind for matmul, _ in self._inner)}
        self.kind: Kind = self._recurrent.kind if len(kinds) == 1 else "packed"

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
        sizes = [self.hidden] * 4
        z = self._recurrent(h, projected)
        gates, outputs = [z], []
        for d, c in enumerate(cells):
            # `Tensor.split` is a detour through Python, as long as a product of a small network.
            i, f, g, o = torch.split_with_sizes(z, sizes, dim=1)
            i.sigmoid_()
            f.sigmoid_()
            outputs.append(o.sigmoid_())
            if d < len(self._inner):
                matmul, bias = self._inner[d]
                z = matmul(torch.cat([i * g, f * c], dim=1), bias)
                gates.append(z)
        # The loop has ended at the innermost level: it adds up; then back out, through the gates.
        value = torch.mul(f, c).addcmul_(i, g.tanh_())
        new = []
        for d in reversed(range(self.depth)):
            if changes is not None:
                value = changed(value, changes.c[d])
            new.append(value)
            value = value.tanh().mul_(outputs[d])
        if changes is not None:
            value = changed(value, changes.h)
        return value, new[::-1], gates
