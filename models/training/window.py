"""One layer over a whole window of time, with gradients: written out, or by autograd."""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from models.cells import Cell
from models.cells.nested_lstm import NestedLSTM
from models.linear import linear
from models.training.gradient import WindowFunction, layer_weights, project

Run = Callable[[Cell, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


def window(cell: Cell, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Read a window with one layer.

    Args:
        x: (T, B) symbols, below 0 the zero vector, or (T, B, in).
        h: (B, H), the hidden state before.
        c: (D, B, H), the cells before.

    Returns:
        h (T, B, H) and c (T, D, B, H).
    """
    return WRITTEN_OUT.get(type(cell), by_autograd)(cell, x, h, c)


def by_autograd(cell: Cell, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Run one `Cell.step` after another, for any cell: see `window`."""
    weight, bias = cell.reading()
    if x.is_floating_point():
        all_projected = linear(x, weight, bias)
    else:
        table = torch.cat([bias.unsqueeze(0), weight.t() + bias])  # row 0: the zero vector
        all_projected = F.embedding(x.clamp(min=-1) + 1, table)
    hs, cs, c = [], [], c.transpose(0, 1)
    for projected in all_projected.unbind():
        h, c, _ = cell.step(projected, h, c)
        hs.append(h)
        cs.append(c.transpose(0, 1))
    return torch.stack(hs), torch.stack(cs)


def nested_lstm(cell: Cell, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Use the gradient of `models.training.gradient`: see `window`."""
    levels = cast(NestedLSTM, cell).levels
    projected = project(x, levels[0].weight_ih, levels[0].bias)
    hs, cs = WindowFunction.apply(projected, h, c, *layer_weights(levels))  # type: ignore[no-untyped-call]
    return hs, cs


WRITTEN_OUT: dict[type[Cell], Run] = {NestedLSTM: nested_lstm}
"""The cells with a written-out gradient; any other cell uses autograd."""
