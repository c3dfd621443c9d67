"""The bootstrap over text blocks: timescales with intervals, from the sums of blocks.

The interval says whether other text of the kind would agree. Blocks are drawn with replacement 2000
times, and each time the pooled curve and its tau are recomputed for every unit. The same draws
serve all measures and memories of a run, so that differences between them are paired.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.timescales.decay import Floats, crossing, pooled
from analysis.timescales.statistics import percentile_interval

VALUES_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Estimates:
    """Timescales of U units by one measure, in characters; infinite where censored."""

    curves: Floats  # (lags, U)
    tau: Floats  # (U,)
    low: Floats
    high: Floats
    samples: NDArray[np.float32]  # (resamples, U)
    cap: float  # the longest that can be measured
    blocks: int  # that the resamples were drawn from
    extras: Mapping[str, Floats]  # further results of each unit, (U,) each


def resampled(
    sums: Floats, weights: NDArray[np.float32], tau: Callable[[Floats], Floats]
) -> NDArray[np.float32]:
    """Timescales of every resample: sums (bins, ..., lags, U), weights (R, bins) -> (R, U).

    Args:
        tau: from combined sums (R', ..., lags, U') to timescales (R', U').
    """
    bins, units = sums.shape[0], sums.shape[-1]
    per_unit = int(np.prod(sums.shape[1:-1]))
    width = max(1, VALUES_AT_ONCE // (per_unit * len(weights)))
    result = np.empty((len(weights), units), np.float32)
    for a in range(0, units, width):
        part = np.ascontiguousarray(sums[..., a : a + width])
        combined = weights.astype(part.dtype, copy=False) @ part.reshape(bins, -1)
        result[:, a : a + width] = tau(combined.reshape(len(weights), *part.shape[1:]))
    return result


def estimated(
    sums: Floats,
    weights: NDArray[np.float32],
    to_tau: Callable[[Floats], Floats],
    curves: Floats,
    cap: float,
    extras: Mapping[str, Floats] | None = None,
) -> Estimates:
    """Censored (infinite) where the interval reaches beyond the cap: then no number is given.

    Args:
        sums: (bins, ..., lags, U).
        weights: (R, bins).
        to_tau: from combined sums (R', ..., lags, U') to timescales (R', U').
        curves: (lags, U).
        cap: the longest timescale that can be measured.
    """

    def capped(combined: Floats) -> Floats:
        tau = to_tau(combined)
        return np.where(tau <= cap, tau, np.inf)

    samples = resampled(sums, weights, capped)
    tau = capped(sums.sum(0)[None])[0]
    low, high = percentile_interval(samples, len(sums))
    high = np.maximum(high, tau)
    tau = np.where(np.isfinite(high), tau, np.inf)
    return Estimates(curves, tau, np.minimum(low, tau), high, samples, cap, len(sums), extras or {})


def by_crossing(
    sums: Floats,
    lags: NDArray[np.int64],
    weights: NDArray[np.float32],
    extras: Mapping[str, Floats] | None = None,
) -> Estimates:
    """Timescales of curves relative to lag 0 (swap, impulse, survival): sums (bins, lags, U)."""

    def tau(combined: Floats) -> Floats:
        return crossing(lags, pooled(combined))

    return estimated(sums, weights, tau, pooled(sums.sum(0)), float(lags[-1]), extras)
