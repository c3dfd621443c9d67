"""An image as the sequence of glimpses that a classifier reads, and the trace of that reading.

Axes: N image, T glimpse (20 of them), L layer, D level, G gate (i f g o of an LSTM), H cell.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.memories import display

SIDE = 28
"""The side of an image, in pixels."""
GLIMPSES = 20
"""Glimpses of an image: five of each quadrant."""
GLIMPSE_PIXELS = 49
"""Pixels of a glimpse: 7 x 7, row after row."""


def glimpses(images: NDArray[Any]) -> NDArray[Any]:
    """(N, 28, 28) -> (N, 20, 49), of the same type (Ba et al. 2016; paper, section 4).

    For each quadrant of 14 x 14, in reading order: every other row and column, from the first;
    then its four tiles of 7 x 7, in reading order. The paper gives neither the orders nor the
    phase.
    """
    quadrants = images.reshape(-1, 2, 14, 2, 14).swapaxes(2, 3).reshape(-1, 4, 14, 14)
    coarse = quadrants[:, :, ::2, ::2].reshape(-1, 4, 1, 49)
    tiles = quadrants.reshape(-1, 4, 2, 7, 2, 7).swapaxes(3, 4).reshape(-1, 4, 4, 49)
    return np.concatenate([coarse, tiles], axis=2).reshape(-1, GLIMPSES, GLIMPSE_PIXELS)


@dataclass(frozen=True)
class GlimpseTrace:
    """The trace of one image through a classifier: every internal of every glimpse, float32."""

    glimpses: NDArray[np.float32]  # (T, 49)
    c: NDArray[np.float32]  # (T, L, D, H), raw cells
    h: NDArray[np.float32]  # (T, L, H)
    gates: NDArray[np.float32]  # (T, L, D, G, H), g after its own activation
    logits: NDArray[np.float32]  # (T, 10): the head read after every glimpse

    @property
    def display(self) -> NDArray[np.float32]:
        """(T, L, D, H): tanh(c) of the innermost level, c of the others; h of a GRU."""
        return display(self.c) if self.c.shape[2] else self.h[:, :, None]
