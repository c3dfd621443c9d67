"""The statistics of the comparisons. Sources: Hollander & Wolfe (1999) for the rank methods.

scipy is imported where it is used: it takes as long to import as the server to start.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

LEVEL = 0.95
SIGNIFICANT = 0.05
"""A test with p below this speaks for a difference."""
FEW = 20
"""Below, the signed-rank distribution is counted out; from here on the normal one is close."""


class Interval(NamedTuple):
    """An estimate and its 95 % interval."""

    estimate: float
    low: float
    high: float


def block_weights(blocks: int, resamples: int, seed: int) -> NDArray[np.float32]:
    """Draw the blocks of every resample: how often each is in it, (resamples, blocks)."""
    draw = np.random.default_rng(seed)
    return draw.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples).astype(np.float32)


def percentile_interval(samples: Floats, blocks: int) -> tuple[Floats, Floats]:
    """The 95 % interval of resamples (R, ...) of so many blocks; infinities (censored) sort last.

    Percentiles are moved out a little, because few blocks vary less than the text does (the
    expanded percentile interval of Hesterberg 2015, "What teachers should know about the
    bootstrap").
    """
    from scipy import stats

    t = stats.t.ppf((1 + LEVEL) / 2, blocks - 1) * np.sqrt(blocks / (blocks - 1))
    tail = 100 * stats.norm.cdf(-t)
    low, high = np.percentile(samples, [tail, 100 - tail], axis=0, method="closest_observation")
    return low, high


def hodges_lehmann(x: Floats) -> Interval:
    """Centre of paired differences: the median of Walsh averages, signed-rank interval."""
    from scipy import stats

    n = len(x)
    rows, columns = np.triu_indices(n)
    walsh = np.sort((x[rows] + x[columns]) / 2)
    if n < FEW:
        counts = np.ones(1)
        for rank in range(1, n + 1):
            counts = np.convolve(counts, [1, *np.zeros(rank - 1), 1])
        below = np.cumsum(counts) / 2**n
        k = max(int((below <= (1 - LEVEL) / 2).sum()) - 1, 0)
    else:
        half = stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        k = int(np.clip(np.floor(n * (n + 1) / 4 - half), 0, (len(walsh) - 1) // 2))
    return Interval(float(np.median(walsh)), float(walsh[k]), float(walsh[-1 - k]))


def shift(x: Floats, y: Floats) -> Interval:
    """The shift of x above y, two independent samples: median of differences, rank interval."""
    from scipy import stats

    m, n = len(x), len(y)
    differences = np.sort((x[:, None] - y[None, :]).ravel())
    half = stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt(m * n * (m + n + 1) / 12)
    k = int(np.clip(np.floor(m * n / 2 - half), 0, (m * n - 1) // 2))
    return Interval(
        float(np.median(differences)), float(differences[k]), float(differences[-1 - k])
    )


def superiority(x: Floats, y: Floats) -> float:
    """P(x > y) + P(x = y) / 2 over pairs of the same unit."""
    return float(np.mean((x > y) + 0.5 * (x == y)))


def signed_rank(x: Floats) -> float:
    """Wilcoxon's two-sided p that paired differences are centred on 0; 1 where all are 0."""
    from scipy import stats

    if not np.any(x):
        return 1.0
    return float(stats.wilcoxon(x, zero_method="pratt", method="asymptotic").pvalue)


def cliff(x: Floats, y: Floats) -> float:
    """Cliff's delta: P(x > y) - P(x < y) over all pairs."""
    from scipy import stats

    ranks = stats.rankdata(np.concatenate([x, y]))
    m, n = len(x), len(y)
    above = ranks[:m].sum() - m * (m + 1) / 2
    return float(2 * above / (m * n) - 1)


def brunner_munzel(x: Floats, y: Floats) -> float:
    """Two-sided p that neither sample tends to be larger; 0 where they do not overlap."""
    from scipy import stats

    delta = cliff(x, y)
    if delta in (-1, 0, 1):
        return 1 - abs(delta)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = float(stats.brunnermunzel(x, y).pvalue)
    return p if np.isfinite(p) else 1.0


def holm(ps: list[float]) -> list[float]:
    """Holm's adjusted p, in the order given."""
    order = np.argsort(ps)
    adjusted = np.maximum.accumulate([(len(ps) - r) * ps[k] for r, k in enumerate(order)])
    result = np.empty(len(ps))
    result[order] = np.minimum(adjusted, 1)
    return [float(p) for p in result]


def sign_test(differences: Floats) -> float:
    """Two-sided exact p that positive and negative are equally likely; zeros are left out."""
    from scipy import stats

    above, below = int((differences > 0).sum()), int((differences < 0).sum())
    return float(stats.binomtest(above, above + below).pvalue) if above + below else 1.0
