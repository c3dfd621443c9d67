"""The AUC that the best cell reaches by chance, on labels unrelated to the text.

The label is shifted along the text in a circle: it keeps its rhythm, runs and share, but not its
place. Under every shift the AUC of all cells is computed and the best one kept, so that the best of
512 cells is judged beside the best of 512 (the max-statistic; Westfall & Young 1993).

Axes: T character, M cell, S shift.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.stretch import Bytes
from analysis.selectivity.counts import Counts, Floats
from analysis.selectivity.features.feature import Label
from models.memories import BYTE_OF_ONE

SHIFTS = 199
"""The number of shifts; the least p is 1 / (SHIFTS + 1)."""
NEAREST = 20
"""A shift is at least 1 / NEAREST of the text: nearer labels are still related to it."""
EQUAL = 1e-6
"""AUCs no further apart are equal: sums are in single precision."""
LEVEL = 0.05
"""p below which a cell is called real."""


@dataclass(frozen=True)
class Chance:
    """The results of shifted labels."""

    best: Floats  # (S,), the largest |AUC - 1/2| over all cells

    def p(self, auc: Floats | float) -> Floats:
        """The share of shifts, including the true place, whose best cell does at least as well."""
        reached = np.abs(np.asarray(auc)[..., None] - 0.5)
        above = (self.best >= reached - EQUAL).sum(-1)
        return np.asarray((1 + above) / (1 + len(self.best)))

    @property
    def auc(self) -> float:
        """The AUC that the best cell reaches by chance in 5 % of all shifts."""
        return 0.5 + float(np.quantile(self.best, 1 - LEVEL, method="higher"))


def draw_shifts(characters: int, count: int, seed: int) -> NDArray[np.int64]:
    """Shifts (S,), drawn at random among those that are not too near."""
    nearest = max(1, characters // NEAREST)
    farthest = max(nearest + 1, characters - nearest)
    return np.random.default_rng(seed).integers(nearest, farthest, count)


def chance(
    pieces: Iterable[Bytes],
    counts: Counts,
    label: Label,
    shifts: int = SHIFTS,
    seed: int = 1,
) -> Chance:
    """The best AUC of every shift.

    Args:
        pieces: the values (t, M) that were counted.
    """
    T, (ones, zeros) = len(label), counts.sizes
    drawn = draw_shifts(T, shifts, seed)
    ranks = _midranks(counts)
    twice = np.concatenate([label, label]).astype(np.float32)
    sums = np.zeros((shifts, len(ranks)))
    start = 0
    for values in pieces:
        stop = start + len(values)
        shifted = np.stack([twice[T - s + start : T - s + stop] for s in drawn.tolist()])
        for a in range(0, len(ranks), 64):
            some = values[:, a : a + 64].astype(np.int16) + BYTE_OF_ONE
            seen = ranks[np.arange(a, a + some.shape[1]), some]
            sums[:, a : a + some.shape[1]] += shifted @ seen
        start = stop
    # Ranks have mean 0 and are in parts of T: their sum is T / (ones * zeros) from AUC - 1/2.
    return Chance(np.abs(sums).max(1) * T / max(ones * zeros, 1))


def _midranks(counts: Counts) -> NDArray[np.float32]:
    """(M, V): the mean rank of each value in its column, centred, in parts of T."""
    all_ = counts.inside + counts.outside
    T = all_.sum(1, keepdims=True)
    rank = np.cumsum(all_, 1) - (all_ - 1) / 2
    return np.asarray((rank - (T + 1) / 2) / T, np.float32)
