"""Counts how often each value of each cell occurs where a label is true, and where it is false.

A ranking needs only these counts, ties included, because values are bytes: there are 255.

Axes: T character, M cell, V value (-127 to 127).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.stretch import Bytes
from analysis.selectivity.features.feature import Label
from models.memories import BYTE_OF_ONE

VALUES = 2 * BYTE_OF_ONE + 1
AT_ONCE = 64
"""Columns that are counted at once."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.integer] | NDArray[np.floating]


@dataclass(frozen=True)
class Counts:
    """The counts of M cells; both arrays are (M, V)."""

    inside: NDArray[np.int64]
    outside: NDArray[np.int64]

    @property
    def sizes(self) -> tuple[int, int]:
        """The number of characters inside and outside."""
        return int(self.inside[0].sum()), int(self.outside[0].sum())

    def auc(self) -> Floats:
        """(M,): P(inside > outside) + P(equal) / 2 over pairs of characters; NaN if none."""
        return auc(self.inside, self.outside)

    def means(self) -> tuple[Floats, Floats]:
        """(M,) each: the mean display value inside and outside; NaN where there is no character."""
        value = np.arange(-BYTE_OF_ONE, BYTE_OF_ONE + 1) / BYTE_OF_ONE
        with np.errstate(invalid="ignore"):
            inside, outside = (
                counts @ value / counts.sum(1) for counts in (self.inside, self.outside)
            )
        return inside, outside


def auc(inside: Numbers, outside: Numbers) -> Floats:
    """See `Counts.auc`; both (..., V), of any number."""
    true, false = np.asarray(inside, np.float64), np.asarray(outside, np.float64)
    below = np.cumsum(false, -1) - false / 2
    pairs = true.sum(-1) * false.sum(-1)
    with np.errstate(invalid="ignore"):
        return np.asarray((true * below).sum(-1) / pairs)


def occurrences(values: Bytes) -> NDArray[np.int64]:
    """Count each value in each column: (T, M) -> (M, V)."""
    M = values.shape[1]
    counts = np.empty((M, VALUES), np.int64)
    for a in range(0, M, AT_ONCE):
        some = values[:, a : a + AT_ONCE].astype(np.int64) + BYTE_OF_ONE
        width = some.shape[1]
        some += VALUES * np.arange(width)
        counts[a : a + width] = np.bincount(some.ravel(), minlength=width * VALUES).reshape(
            width, VALUES
        )
    return counts


def count(pieces: Iterable[Bytes], label: Label) -> Counts:
    """Count the values of a text that comes in pieces (t, M), against its label (T)."""
    inside: NDArray[np.int64] | int = 0
    outside: NDArray[np.int64] | int = 0
    start = 0
    for values in pieces:
        here = label[start : start + len(values)]
        start += len(values)
        inside = inside + occurrences(values[here])
        outside = outside + occurrences(values[~here])
    if not isinstance(inside, np.ndarray) or not isinstance(outside, np.ndarray):
        raise ValueError("there is nothing to count")
    return Counts(inside, outside)
