"""The memories of a model as the columns one sees, and their values as one byte each.

Axes: L layer, D level, H cell, M memory.
"""

import torch
from torch import Tensor

UNIT = 127
"""What 1.0 is as a byte."""


def memories(layers: int, depth: int) -> int:
    """How many columns a model has: one a memory, and h beside the cell of a single plain LSTM."""
    return max(2, layers * depth)


def displayed(c: Tensor) -> Tensor:
    """Raw cells (..., D, H) by the display rule: tanh of the innermost level, the others as is."""
    shown = c.clone()
    torch.tanh(c[..., -1, :], out=shown[..., -1, :])
    return shown


def columns(h: Tensor, c: Tensor) -> Tensor:
    """The columns: top layer first, innermost level first; tanh(c) and h of a single plain LSTM.

    Args:
        h: (..., L, H).
        c: (..., L, D, H), raw.

    Returns:
        (..., M, H), within [-1, 1].
    """
    shown = displayed(c)
    layers, depth = c.shape[-3:-1]
    if layers == depth == 1:
        return torch.cat([shown[..., 0, :, :], h], dim=-2)
    return shown.flip(-3, -2).flatten(-3, -2)


def as_bytes(values: Tensor) -> Tensor:
    """round(127 * value) as int8; a value that is not finite (weights that overflow) is 0."""
    return (values * UNIT).nan_to_num(0.0).round().clamp(-UNIT, UNIT).to(torch.int8)
