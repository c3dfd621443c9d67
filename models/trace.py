"""What one text did to one model: every internal of every step, as numpy arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def display(c: Array) -> Array:
    """The values shown, by the display rule.

    The innermost cell of every layer is unbounded: tanh(c). Every outer level is within (-1, 1)
    already: c itself.

    Args:
        c: (..., D, H), raw cells.
    """
    shown = c.copy()
    np.tanh(c[..., -1, :], out=shown[..., -1, :])
    return shown


@dataclass(frozen=True)
class Trace:
    """Axes: T character, L layer, D level, G gate (i f g o), H cell, V vocabulary."""

    text: str
    c: Array  # (T, L, D, H), raw cells
    h: Array  # (T, L, H)
    gates: Array  # (T, L, D, 4, H), g after its own activation
    logits: Array  # (T, V); row t predicts character t+1
    unknown: list[int]  # positions read as the zero vector

    @property
    def display(self) -> Array:
        """(T, L, D, H): tanh(c) of the innermost level, c of every other."""
        return display(self.c)
