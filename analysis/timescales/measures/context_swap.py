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

from analysis.timescales.bootstrap import Estimates, by_crossing
from analysis.timescales.decay import Sums, at_lags, pooled
from analysis.timescales.measures.measure import OfUnits, Progress, Setup
from analysis.timescales.memories import values
from analysis.timescales.passages import Passage


class ContextSwap(OfUnits):
    """Distances summed over pairs, per block, lag and unit."""

    key = "context_swap"
    label = "context swap"
    question = (
        "How long does a cell still show that another text went before? It cannot say whether the "
        "network uses what the cell keeps."
    )
    method = (
        "Two runs read different texts and then the same one. D(k) is how far a cell still "
        "differs after k shared characters, relative to how far it differed at the change; τ "
        "is where D falls to 1/e."
    )
    axis = "difference left"

    def __init__(self, setup: Setup) -> None:
        M, H = len(setup.memories), setup.like.shape[-1]
        self.lags = setup.lags
        self.distances = Sums(setup.cut.bins, len(self.lags), M, H, setup.like)
        self.area = setup.like.new_zeros(M, H)  # over all lags, not only those of the grid

    def add(self, passage: Passage) -> None:
        """See `Measure`."""
        other = passage.other
        contexts = values(*passage.start) - values(*passage.donor)
        apart = (passage.seen - values(other.h, other.c)).abs_()
        self.area += apart.sum((0, 1))
        curves = torch.cat([contexts.abs().unsqueeze(1), at_lags(apart, self.lags)], 1)
        self.distances.add(passage.bins, curves)

    def estimate(self, weights: NDArray[np.float32], progress: Progress) -> list[Estimates | None]:
        """See `OfUnits`. Extras: what never goes, and the sum of the curve over all lags >= 1."""
        sums, area = self.distances.sums.numpy(), self.area.numpy()
        contexts = sums[:, 0].sum(0)
        area = np.divide(area, contexts, out=np.zeros_like(area), where=contexts > 0)
        late = self.lags >= 0.75 * self.lags[-1]
        result: list[Estimates | None] = []
        for m in range(sums.shape[2]):
            progress(m, sums.shape[2])
            floor = pooled(sums[:, :, m].sum(0))[late].mean(0)
            extras = {"floor": floor, "area": area[m]}
            result.append(by_crossing(sums[:, :, m], self.lags, weights, extras))
        return result
