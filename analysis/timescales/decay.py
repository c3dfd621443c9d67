"""Curves that fall from 1: pooled from the sums of blocks, and where they cross 1/e."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.floating]

SHORTEST = 0.1
"""The least timescale, in characters: a shorter one counts as this, so that ratios stay finite."""
LEFT_AT_TAU = math.exp(-1)
"""1/e, the share of an exponential that is left after its timescale."""


class Sums:
    """Sums over the passages of each block: (bins, lags, M, H)."""

    def __init__(self, bins: int, lags: int, memories: int, hidden: int, like: Tensor) -> None:
        self.sums = like.new_zeros(bins, lags, memories, hidden)

    def add(self, bins: Tensor, curves: Tensor) -> None:
        """Add each block's curves (B, lags, M, H) to its bin."""
        self.sums.index_add_(0, bins, curves)


def pooled(sums: Floats) -> Floats:
    """Curves (..., lags, U) relative to lag 0; zero where there is nothing to forget."""
    start = sums[..., :1, :]
    return np.divide(sums, start, out=np.zeros_like(sums), where=start > 0)


def crossing(lags: NDArray[np.int64], curves: Floats) -> Floats:
    """Characters until each curve first falls below LEFT_AT_TAU, 1/e: (..., lags, U) -> (..., U).

    The logarithm is interpolated, so an exponential gives its time constant exactly. Infinite
    where the curve never falls; at least SHORTEST.
    """
    below = curves < LEFT_AT_TAU
    index = np.maximum(below.argmax(-2), 1)[..., None, :]
    end = np.log(np.maximum(np.take_along_axis(curves, index, -2), 1e-30))[..., 0, :]
    start = np.log(np.maximum(np.take_along_axis(curves, index - 1, -2), 1e-30))[..., 0, :]
    index = index[..., 0, :]
    a, b = lags[index - 1], lags[index]
    fall = np.where(start > end, start - end, 1.0)
    tau = np.maximum(a + (b - a) * (start + 1) / fall, SHORTEST)
    return np.where(below.any(-2), tau, np.inf)


def at_lags(series: Tensor, lags: NDArray[np.int64]) -> Tensor:
    """(B, K, ...) from lag 1 on -> (B, lags without 0, ...)."""
    return series[:, torch.from_numpy(lags[1:] - 1)]
