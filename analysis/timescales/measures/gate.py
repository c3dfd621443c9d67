"""Gate survival: what share of a content the forget gate alone leaves after k characters.

S(k) = mean over t of f_{t+1} f_{t+2} ... f_{t+k}; tau is where it falls below 1/e. A constant f
gives -1 / ln f. It is defined only where memory is added up, c_t = f c_{t-1} + ..., that is in the
innermost cell of a layer. An outer cell is rebuilt from the cell inside it at every step: its f
feeds that cell's gates, -1 / ln f means nothing there, and no number is given ("n/a").

It says what the gate would keep if nothing else were written. It does not see that a content is
overwritten, nor one handed on from cell to cell (a delay line of short gates remembers long), nor
whether it is read: a cell that ran away has an open gate and remembers nothing.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.decay import Sums
from analysis.timescales.passages import Passage

STRIDE = 8
"""Starts are taken every so many characters."""


def survival(forget: Tensor, lags: NDArray[np.int64]) -> Tensor:
    """Forget gates (B, K, ...) -> mean survival at each lag <= K (B, lags, ...)."""
    tiny = torch.finfo(forget.dtype).tiny
    kept = forget.clamp(min=tiny).double().log_().cumsum(1)
    kept = torch.cat([torch.zeros_like(kept[:, :1]), kept], 1)
    curves = [
        (kept[:, k::STRIDE] - kept[:, : kept.shape[1] - k : STRIDE]).exp_().mean(1) for k in lags
    ]
    return torch.stack(curves, 1).to(forget.dtype)


class Survival:
    """Survival summed over passages, per block, lag, layer and cell."""

    def __init__(self, bins: int, lags: NDArray[np.int64], layers: int, like: Tensor) -> None:
        self.lags = lags
        self.curves = Sums(bins, len(lags), layers, like.shape[-1], like)

    def add(self, passage: Passage) -> None:
        """Add a passage's innermost forget gates."""
        forget = passage.own.gates[:, :, :, -1, 1]
        self.curves.add(passage.bins, survival(forget, self.lags))
