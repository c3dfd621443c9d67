"""Finds units that carry nothing: dead ones, which never move, and saturated innermost cells."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.memories import Memory
from analysis.timescales.passages import Passage, Scale
from models.memories import SATURATED_SHARE, SATURATED_VALUE

DEAD = 1e-6
"""The standard deviation below which a unit is dead."""


class Activity:
    """Sums and sums of squares of every unit, and its count of steps with |tanh(c)| near 1."""

    def __init__(self, memories: list[Memory], depth: int, like: Tensor) -> None:
        self.memories, self.depth = memories, depth
        self.sums = like.new_zeros(2, len(memories), like.shape[-1])  # of z, of z^2
        self.at_end = like.new_zeros(len(memories), like.shape[-1])
        self.characters = 0
        self.scale: Scale | None = None

    def add(self, passage: Passage) -> None:
        """Add a passage's values, roughly centred and scaled so that large ones do not cancel."""
        seen, self.scale = passage.seen, passage.scale
        self.at_end += (seen.abs() > SATURATED_VALUE).sum((0, 1))
        self.characters += seen.shape[0] * seen.shape[1]
        z = (seen - self.scale.mean).div_(torch.where(self.scale.sd > 0, self.scale.sd, 1))
        self.sums[0] += z.sum((0, 1))
        self.sums[1] += z.square_().sum((0, 1))

    def dead(self) -> NDArray[np.bool_]:
        """(M, H), true where a unit never moves."""
        assert self.scale is not None
        mean, square = (self.sums / self.characters).numpy()
        variance = np.maximum(square - mean**2, 0)
        scale = self.scale.sd.numpy()
        return np.asarray(np.sqrt(variance) * np.where(scale > 0, scale, 1) < DEAD)

    def saturated(self) -> NDArray[np.bool_]:
        """(M, H), true where an innermost cell is saturated."""
        inner = [m.state == "c" and m.level == self.depth - 1 for m in self.memories]
        read = [m.value == "read" for m in self.memories]
        stuck = self.at_end.numpy() / self.characters > SATURATED_SHARE
        return np.asarray(stuck & (np.array(inner) & np.array(read))[:, None])
