"""Context swap: how long two readings of one text still differ after different pasts. Primary.

Every passage is read twice: in its own context, and from the state that the net had in a passage
far away (Chien, Zhang & Honey 2021). D(k) is the mean distance of a unit's two values after k
shared characters, relative to the distance of the two contexts (k = 0, the last character before
the shared text); tau is where D first falls below 1/e.

It says how long the past can still be told from the unit, by whatever path it is kept: a unit may
differ because another one remembers. It does not say that the model uses it (transplant does), nor
which unit holds it (impulse does). Gates that both readings share cancel; a gate that differs only
between the two contexts themselves shortens tau by up to a quarter.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.decay import Sums, at_lags
from analysis.timescales.memories import values
from analysis.timescales.passages import Passage
from models.rnn import Internals


class Swap:
    """Distances summed over pairs, per block, lag and unit."""

    def __init__(self, bins: int, lags: NDArray[np.int64], memories: int, like: Tensor) -> None:
        H = like.shape[-1]
        self.lags = lags
        self.distances = Sums(bins, len(lags), memories, H, like)
        self.area = like.new_zeros(memories, H)  # over all lags, not only those of the grid

    def add(self, passage: Passage, other: Internals) -> None:
        """`other`: the passage read from the donor's state."""
        contexts = values(*passage.start) - values(*passage.donor)
        apart = (values(passage.own.h, passage.own.c) - values(other.h, other.c)).abs_()
        self.area += apart.sum((0, 1))
        curves = torch.cat([contexts.abs().unsqueeze(1), at_lags(apart, self.lags)], 1)
        self.distances.add(passage.bins, curves)
