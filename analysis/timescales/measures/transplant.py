"""State transplant: the bits lost when a memory is replaced by another passage's.

At the start of a passage a group of states is replaced by those of an unrelated passage (not by
zero, which no text produces), the rest stays; the loss in bits at the k-th character after it,
averaged, is the curve, its sum the total, and tau is where its running sum reaches 1 - 1/e.

The only measure that says the model *uses* a memory, and for how long. It is given per group of
states, not per unit. A memory that others hold too costs little although it is there; a group that
costs nothing measurable has no tau ("dead"). An outer cell transplanted alone acts for one step,
through f * c, and is then rebuilt from the cell inside it.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.timescales.decay import LEFT_AT_TAU, SHORTEST, Floats
from analysis.timescales.measures.measure import Group, Loss, OfGroups, Setup
from analysis.timescales.memories import places
from analysis.timescales.passages import Passage
from analysis.timescales.statistics import percentile_interval
from models.overflow import require_finite
from models.states import Internals, State

LOGITS = 1 << 22
"""Numbers predicted at once, about: the memory they take does not grow with the vocabulary."""


def groups(layers: int, depth: int, cell: str = "lstm") -> list[Group]:
    """Every state alone; the outermost cell with its h; every layer whole; everything, last."""
    states = places(layers, depth, cell)
    result = [Group((state,)) for state in states]
    result += [Group(((l, 0), (l, None))) for l in range(layers) if (l, 0) in states]
    if layers > 1 and depth > 1:
        result += [Group(tuple(s for s in states if s[0] == l)) for l in range(layers)]
    everything = Group(tuple(states))
    return [g for g in result if set(g.members) != set(everything.members)] + [everything]


def transplanted(own: State, donor: State, group: Group) -> State:
    """`own`, but the group's states are `donor`'s."""
    h, c = own.h.clone(), own.c.clone()
    cells = slice(None) if group.cells is None else list(group.cells)
    for l, d in group.members:
        if d is None:
            h[:, l, cells] = donor.h[:, l, cells]
        else:
            c[:, l, d, cells] = donor.c[:, l, d, cells]
    return State(h, c)


def bits(head: nn.Linear, symbols: Tensor, start: State, read: Internals) -> Tensor:
    """The loss at every character of a passage (B, K); 0 where the character is unknown."""
    h = torch.cat([start.h[:, None, -1], read.h[:, :-1, -1]], 1).flatten(0, 1)
    asked = symbols.clamp(min=0).reshape(-1, 1)
    size = max(1, LOGITS // head.out_features)
    own = [
        torch.log_softmax(head(some), -1).gather(-1, its)
        for some, its in zip(h.split(size), asked.split(size), strict=True)
    ]
    lost: Tensor = torch.cat(own).view(symbols.shape) * (symbols >= 0) / -math.log(2)
    return lost


def duration(lost: Floats) -> tuple[Floats, Floats]:
    """Curves (..., K), k = 1 to K -> total bits (...), and tau (...): infinite if not seen.

    tau is where the running sum reaches 1 - 1/e of the total, ln(1 - share) interpolated: an
    exponential gives its time constant. Beyond K / 4 the sum over K is not the whole: infinite.
    """
    share = np.cumsum(lost, -1, dtype=np.float64)
    total = share[..., -1]
    share = share / np.where(total > 0, total, 1)[..., None]
    share = np.concatenate([np.zeros_like(share[..., :1]), share], -1)
    index = np.maximum((share >= 1 - LEFT_AT_TAU).argmax(-1), 1)[..., None]
    left = 1 - np.minimum(np.take_along_axis(share, index, -1)[..., 0], 1 - 1e-12)
    before = np.maximum(1 - np.take_along_axis(share, index - 1, -1)[..., 0], 1e-12)
    fall = np.log(before) - np.log(left)
    tau = index[..., 0] - 1 + (np.log(before) + 1) / np.where(fall > 0, fall, 1)
    tau = np.where((total > 0) & (tau <= lost.shape[-1] / 4), np.maximum(tau, SHORTEST), np.inf)
    return total, tau


class Transplant(OfGroups):
    """Bits lost, summed over passages: (bins, groups, K)."""

    key = "transplant"
    label = "transplant"
    question = (
        "What does it cost when a whole memory is replaced by another passage’s, at each "
        "character after? The only measure of what the network uses; it has one figure for a "
        "memory, none for a cell."
    )
    method = (
        "A memory is replaced by another passage’s: how many bits does the prediction lose, and "
        "for how long? One figure for a memory, none for a cell."
    )
    axis = "bits lost at that character"

    def __init__(self, setup: Setup, taken: list[Group] | None = None) -> None:
        """taken: in place of the groups of every report."""
        rnn = setup.model.rnn
        whole = groups(rnn.layers, rnn.depth, rnn.cell)
        self.groups, self.head = whole if taken is None else taken, setup.model.head
        self.everything = whole[-1]
        self.lost = setup.like.new_zeros(setup.cut.bins, len(self.groups), setup.cut.window)
        self.count = setup.like.new_zeros(setup.cut.bins)

    @torch.inference_mode()
    def add(self, passage: Passage) -> None:
        """See `Measure`. Everything transplanted is the passage after the foreign context."""
        natural = bits(self.head, passage.symbols, passage.start, passage.own)
        curves = []
        for group in self.groups:
            if group == self.everything:
                start, read = passage.donor, passage.other
            else:
                start = transplanted(passage.start, passage.donor, group)
                read = passage.after(start)
            curves.append(bits(self.head, passage.symbols, start, read) - natural)
        self.lost.index_add_(0, passage.bins, torch.stack(curves, 1))
        self.count.index_add_(0, passage.bins, torch.ones_like(natural[:, 0]))

    def estimate(self, weights: NDArray[np.float32]) -> list[Loss]:
        """See `OfGroups`.

        Raises:
            NotFinite: the predictions overflow.
        """
        lost, count = self.lost.numpy(), self.count.numpy()
        weights = weights.astype(lost.dtype)
        bins, kinds, window = lost.shape
        with np.errstate(over="ignore", invalid="ignore"):
            drawn = (weights @ lost.reshape(bins, -1)).reshape(-1, kinds, window)
        require_finite(lost, drawn)
        totals, taus = duration(mean_loss(drawn, weights @ count))
        curves = mean_loss(lost.sum(0), count.sum(0))
        total, tau = duration(curves)
        total_low, total_high = percentile_interval(totals, bins)
        low, high = percentile_interval(taus, bins)
        tau = np.where(np.isfinite(high), tau, np.inf)  # as every measure: or no number is given
        return [
            Loss(
                group=group,
                curve=curves[g],
                total=float(total[g]),
                total_low=float(total_low[g]),
                total_high=float(total_high[g]),
                tau=float(tau[g]),
                low=float(low[g]),
                high=float(high[g]),
                samples=taus[:, g].astype(np.float32),
            )
            for g, group in enumerate(self.groups)
        ]


def mean_loss(lost: Floats, count: NDArray[np.floating]) -> Floats:
    """Sums (..., groups, K) and passages (...) -> bits a passage."""
    return lost / count[..., None, None]
