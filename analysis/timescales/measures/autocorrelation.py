"""Autocorrelation: how long a unit resembles itself while natural (or shuffled) text runs.

rho(k) is pooled over all blocks with one mean and one variance. Murray et al. (2014) fit it with
A [exp(-k / tau) + B] from lag 1 on: tau is the time constant of the slow part, A its share.
Starting at lag 1 with a free amplitude keeps a fast gate in front of the unit from shortening tau:
the gate shows in A instead (crossing 1/e or summing rho would mix the two).

It is mere resemblance: under natural text it holds the memory of the text as well as the memory of
the unit (set the shuffled text beside it), and it does not say that the past is still known. The
fit fails on short series: a tau beyond a fiftieth of the text, or a tenth of a block, is censored.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.blocks import BURN_IN
from analysis.timescales.bootstrap import Estimates, estimated
from analysis.timescales.decay import LEFT_AT_TAU, SHORTEST, Floats
from analysis.timescales.measures.measure import OfUnits, Progress, Setup
from analysis.timescales.passages import Passage

LEAST_AMPLITUDE = 0.05
"""A slow part below this correlation at lag 1 is none: the unit forgets within a character."""


class Autocorrelation(OfUnits):
    """Lagged products and sums of every unit, per block: what rho is made of."""

    key = "autocorrelation"
    label = "autocorrelation"
    question = (
        "How long does a cell stay like itself? It mixes the cell’s memory with the text’s "
        "own, and a gate that opens and closes lowers it: where it is below context swap, the "
        "cell is read out in bursts."
    )
    method = (
        "How like itself a cell is k characters later, fitted with A·(exp(−k/τ) + B). "
        "It also holds the memory of the text itself."
    )
    axis = "autocorrelation"
    shuffled = True

    def __init__(self, setup: Setup) -> None:
        M, H, bins = len(setup.memories), setup.like.shape[-1], setup.cut.bins
        self.lags = setup.lags
        # A fit fails on short series: nothing is told beyond these.
        self.cap = min((setup.cut.characters - BURN_IN) / 50, setup.cut.block / 10)
        # Parts: the products z_t z_{t+k}, the sums of z_t, the sums of z_{t+k}.
        self.sums = setup.like.new_zeros(bins, 3, len(self.lags), M, H)
        self.pairs = setup.like.new_zeros(bins, len(self.lags))
        self._past: Tensor | None = None

    def add(self, passage: Passage) -> None:
        """Add a passage, and its pairs with the passage before it in the same block."""
        # Centred and scaled roughly, so that sums of large values do not cancel; the exact mean
        # and variance are taken out in `correlation`.
        scale = passage.scale
        seen = (passage.seen - scale.mean).div_(torch.where(scale.sd > 0, scale.sd, 1))
        past = None if passage.first else self._past
        joint = seen if past is None else torch.cat([past, seen], 1)
        before = joint.shape[1] - seen.shape[1]
        for b, series in enumerate(joint):  # one block at a time stays in the processor's cache
            parts, pairs = lagged(series, before, self.lags)
            self.sums[passage.bins[b]] += parts
            self.pairs[passage.bins[b]] += pairs
        self._past = seen

    def estimate(self, weights: NDArray[np.float32], progress: Progress) -> list[Estimates | None]:
        """See `OfUnits`. Extras: what the fit says beside tau."""
        sums, pairs = self.sums.numpy(), self.pairs.numpy()
        result: list[Estimates | None] = []
        for m in range(sums.shape[3]):
            progress(m, sums.shape[3])
            result.append(by_fit(sums[:, :, :, m], pairs, self.lags, weights, self.cap))
        return result


def lagged(series: Tensor, before: int, lags: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
    """Sums over the pairs (t, t + k) whose later member is new.

    Args:
        series: (T, M, H), of which the first `before` were there already.

    Returns:
        sums of products, of the earlier and of the later values (3, lags, M, H), and the number
        of pairs (lags,).
    """
    T = len(series)
    sums = series.new_zeros(3, len(lags), *series.shape[1:])
    pairs = series.new_zeros(len(lags))
    running = torch.cat([torch.zeros_like(series[:1]), series.cumsum(0)])
    buffer = torch.empty_like(series)
    for n, k in enumerate(lags.tolist()):
        late = max(before, k)
        if late < T:
            early_values, late_values = series[late - k : T - k], series[late:]
            torch.mul(early_values, late_values, out=buffer[late:])
            torch.sum(buffer[late:], 0, out=sums[0, n])
            sums[1, n] = running[T - k] - running[late - k]
            sums[2, n] = running[T] - running[late]
            pairs[n] = T - late
    return sums, pairs


def correlation(sums: Floats, pairs: Floats) -> Floats:
    """rho (..., lags, U) from sums (..., 3, lags, U) and pairs (..., lags); lag 0 comes first."""
    products, early, late = np.moveaxis(sums, -3, 0)
    n = pairs[..., None]
    mean = (early[..., :1, :] / n[..., :1, :]).astype(sums.dtype)
    covariance = (products - mean * (early + late)) / n + mean * mean
    variance = covariance[..., :1, :]
    rho: Floats = np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > 0)
    return rho


@dataclass(frozen=True)
class Fit:
    """A [exp(-k / tau) + B], one for each curve."""

    tau: Floats
    amplitude: Floats
    explained: Floats  # R squared over lags >= 1
    residual: Floats  # sum of squares


class Murray:
    """The fit for one set of lags, solved for A and A B at every tau of a grid."""

    def __init__(self, lags: NDArray[np.int64], longest: float) -> None:
        self.lags = lags[lags > 0].astype(float)
        self.taus = np.geomspace(SHORTEST, 4 * longest, 200)
        shape = np.exp(-self.lags / self.taus[:, None])
        self.centred = shape - shape.mean(1, keepdims=True)
        self.length = (self.centred**2).sum(1)

    def __call__(self, rho: Floats) -> Fit:
        """rho (lags from 1 on, N curves) -> N fits.

        Where the slow part is below LEAST_AMPLITUDE, tau is that of the fall from 1 to rho(1):
        -1 / ln rho(1). It is infinite where rho is above 1/e even at the longest lag, as that of
        a cell latched for longer than a passage: nothing falls within reach.
        """
        deviation = rho - rho.mean(0)
        total = (deviation**2).sum(0)
        overlap = self.centred.astype(rho.dtype) @ deviation  # (grid, N)
        slope = overlap / self.length[:, None].astype(rho.dtype)
        gain = np.where(slope > 0, overlap * slope, -np.inf)  # how much a tau takes off the squares
        best = gain.argmax(0)
        inside = np.clip(best, 1, len(self.taus) - 2)
        a, b, c = (gain[inside + d, np.arange(len(best))] for d in (-1, 0, 1))
        finite = np.isfinite(a) & np.isfinite(c) & (best == inside)
        with np.errstate(invalid="ignore"):
            bend = np.where(finite, a - 2 * b + c, -1)
            move = np.where(finite & (bend < 0), 0.5 * (a - c) / np.where(bend < 0, bend, -1), 0)
        ratio = np.log(self.taus[1] / self.taus[0])
        tau = self.taus[best] * np.exp(np.clip(move, -1, 1) * ratio)
        shape = np.exp(-self.lags[:, None] / tau)
        shape -= shape.mean(0)
        length = np.maximum((shape**2).sum(0), 1e-30)
        amplitude = (shape * deviation).sum(0) / length
        residual = np.maximum(total - amplitude**2 * length, 0)
        explained = 1 - residual / np.maximum(total, 1e-30)
        slow = amplitude * np.exp(-1 / tau) > LEAST_AMPLITUDE
        falls = (rho[-1] <= LEFT_AT_TAU) & (rho[0] < 1)
        left = np.where(falls, np.maximum(rho[0], np.exp(-1 / SHORTEST)), LEFT_AT_TAU)
        tau = np.where(slow, tau, np.where(falls, -1 / np.log(left), np.inf))
        return Fit(tau, np.where(slow, amplitude, 0), explained, residual)


def two_timescales(lags: NDArray[np.int64], rho: Floats, single: Fit, longest: float) -> Floats:
    """(N,), true where a sum of two exponentials describes rho better than one, by AIC.

    AIC = 2 p + n ln(RSS / n), as LevinaLab's code has it; neighbouring lags are not independent,
    so it leans towards two.
    """
    k = lags[lags > 0].astype(float)
    taus = np.geomspace(0.5, 2 * longest, 24)
    deviation = rho - rho.mean(0)
    total = (deviation**2).sum(0)
    best = np.full(rho.shape[1], np.inf)
    for m, slow in enumerate(taus):
        for fast in taus[:m]:
            shapes = np.exp(-k[:, None] / np.array([fast, slow]))
            basis, _ = np.linalg.qr(shapes - shapes.mean(0))
            sizes, *_ = np.linalg.lstsq(shapes - shapes.mean(0), deviation, rcond=None)
            rest = total - ((basis.T @ deviation) ** 2).sum(0)
            best = np.where((sizes > LEAST_AMPLITUDE).all(0), np.minimum(best, rest), best)
    n = len(k)
    floor = 1e-12
    one = 2 * 3 + n * np.log(np.maximum(single.residual, floor) / n)
    two = 2 * 5 + n * np.log(np.maximum(best, floor) / n)
    return np.asarray(two < one)


def by_fit(
    sums: Floats,
    pairs: Floats,
    lags: NDArray[np.int64],
    weights: NDArray[np.float32],
    cap: float,
) -> Estimates:
    """Timescales of autocorrelations: sums (bins, 3, lags, U), pairs (bins, lags)."""
    murray = Murray(lags, cap)
    counts = weights.astype(pairs.dtype, copy=False) @ pairs

    def tau(combined: Floats) -> Floats:
        n = pairs.sum(0)[None] if len(combined) == 1 else counts
        rho = correlation(combined, n)[:, 1:]  # (R, lags, U)
        return murray(np.moveaxis(rho, 1, 0).reshape(rho.shape[1], -1)).tau.reshape(
            rho.shape[0], -1
        )

    curves = correlation(sums.sum(0), pairs.sum(0))
    fit = murray(curves[1:])
    extras = {
        "amplitude": fit.amplitude,
        "explained": fit.explained,
        "two_timescales": two_timescales(lags, curves[1:], fit, cap),
    }
    return estimated(sums, weights, tau, curves, cap, extras)
