"""Gate survival: what share of a content the forget gate alone leaves after k characters.

S(k) = mean over t of f_{t+1} f_{t+2} ... f_{t+k}; tau is where it falls below 1/e. A constant f
gives -1 / ln f. It is defined only where memory is added up, c_t = f c_{t-1} + ..., that is in the
innermost cell of a layer, and in the h of a GRU, h_t = z h_{t-1} + ..., whose z is that gate. An
outer cell is rebuilt from the cell inside it at every step: its f feeds that cell's gates,
-1 / ln f means nothing there, and no number is given ("n/a").

It says what the gate would keep if nothing else were written. It does not see that a content is
overwritten, nor one handed on from cell to cell (a delay line of short gates remembers long), nor
whether it is read: a saturated cell has an open gate and remembers nothing.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.bootstrap import Estimates, by_crossing
from analysis.timescales.decay import Sums
from analysis.timescales.measures.measure import OfUnits, Progress, Setup
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


class Gate(OfUnits):
    """Survival summed over passages, per block, lag, layer and cell."""

    key = "gate"
    label = "gate"
    question = (
        "How long would the forget gates alone keep a content? Only innermost cells keep "
        "their content by addition; for the others there is no such number. Where context swap "
        "lasts longer, the recurrence keeps the memory, not the cell."
    )
    method = (
        "What the forget gates alone would keep: the mean of f(t+1)·…·f(t+k). Defined only for "
        "innermost cells; for a GRU, z takes the place of f."
    )
    axis = "share kept by the forget gates"
    value = "raw"
    of_gates = True

    def __init__(self, setup: Setup) -> None:
        self.lags, self.memories = setup.lags, setup.memories
        rnn, H = setup.model.rnn, setup.like.shape[-1]
        layers, cell = rnn.layers, rnn.cells[0]
        self.of_h = not cell.has_c
        self.gate = cell.gates.index(cell.keep_gate) if cell.keep_gate else None
        self.curves = Sums(setup.cut.bins, len(self.lags), layers, H, setup.like)

    def add(self, passage: Passage) -> None:
        """See `Measure`."""
        if self.gate is not None:
            kept = passage.own.gates[:, :, :, -1, self.gate]
            self.curves.add(passage.bins, survival(kept, self.lags))

    def estimate(self, weights: NDArray[np.float32], progress: Progress) -> list[Estimates | None]:
        """See `OfUnits`: of raw innermost cells alone, and of the h of a GRU.

        A cell without a gate that keeps its memory has no estimate.
        """
        sums = self.curves.sums.numpy()
        return [
            by_crossing(sums[:, :, memory.layer], self.lags, weights)
            if self.gate is not None and (memory.value == "raw" or self.of_h)
            else None
            for memory in self.memories
        ]
