"""State transplant: the bits that a prediction loses when a memory is another passage's.

At the start of a passage a group of states is replaced by those of an unrelated passage (not by
zero, which no text produces), the rest stays; the loss in bits at the k-th character after it,
averaged, is the curve, its sum the total, and tau is where its running sum reaches 1 - 1/e.

The only measure that says the model *uses* a memory, and for how long. It is given per group of
states, not per unit. A memory that others hold too costs little although it is there; a group that
costs nothing measurable has no tau ("dead"). An outer cell transplanted alone acts for one step,
through f * c, and is then rebuilt from the cell inside it.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.timescales.decay import SHORTEST, Floats
from analysis.timescales.memories import places
from analysis.timescales.passages import Passage
from models.reading.engine import Engine
from models.rnn import Internals, State


@dataclass(frozen=True)
class Group:
    """States transplanted together."""

    members: tuple[tuple[int, int | None], ...]  # (layer, level; None for h)


def groups(layers: int, depth: int) -> list[Group]:
    """Every state alone; the outermost cell with its h; every layer whole; everything, last."""
    states = places(layers, depth)
    result = [Group((state,)) for state in states]
    result += [Group(((l, 0), (l, None))) for l in range(layers)]
    if layers > 1 and depth > 1:
        result += [Group(tuple(s for s in states if s[0] == l)) for l in range(layers)]
    everything = Group(tuple(states))
    return [g for g in result if set(g.members) != set(everything.members)] + [everything]


def transplanted(own: State, donor: State, group: Group) -> State:
    """`own`, but the group's states are `donor`'s."""
    h, c = own.h.clone(), own.c.clone()
    for l, d in group.members:
        if d is None:
            h[:, l] = donor.h[:, l]
        else:
            c[:, l, d] = donor.c[:, l, d]
    return State(h, c)


def bits(head: nn.Linear, symbols: Tensor, start: State, read: Internals) -> Tensor:
    """The loss at every character of a passage (B, K); 0 where the character is unknown."""
    h = torch.cat([start.h[:, None, -1], read.h[:, :-1, -1]], 1)
    chances = torch.log_softmax(head(h), -1)
    own = chances.gather(-1, symbols.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    lost: Tensor = own * (symbols >= 0) / -math.log(2)
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
    index = np.maximum((share >= 1 - np.exp(-1)).argmax(-1), 1)[..., None]
    left = 1 - np.minimum(np.take_along_axis(share, index, -1)[..., 0], 1 - 1e-12)
    before = np.maximum(1 - np.take_along_axis(share, index - 1, -1)[..., 0], 1e-12)
    fall = np.log(before) - np.log(left)
    tau = index[..., 0] - 1 + (np.log(before) + 1) / np.where(fall > 0, fall, 1)
    tau = np.where((total > 0) & (tau <= lost.shape[-1] / 4), np.maximum(tau, SHORTEST), np.inf)
    return total, tau


class Transplant:
    """Bits lost, summed over passages: (bins, groups, K)."""

    def __init__(self, bins: int, window: int, kinds: list[Group], like: Tensor) -> None:
        self.groups = kinds
        self.lost = like.new_zeros(bins, len(kinds), window)
        self.count = like.new_zeros(bins)

    @torch.inference_mode()
    def add(self, passage: Passage, other: Internals, engine: Engine, head: nn.Linear) -> None:
        """`other`: the passage read from the donor's state, which is the last group."""
        natural = bits(head, passage.symbols, passage.start, passage.own)
        curves = []
        for group in self.groups[:-1]:
            start = transplanted(passage.start, passage.donor, group)
            read, _ = engine.read(passage.symbols, start)
            curves.append(bits(head, passage.symbols, start, read) - natural)
        curves.append(bits(head, passage.symbols, passage.donor, other) - natural)
        self.lost.index_add_(0, passage.bins, torch.stack(curves, 1))
        self.count.index_add_(0, passage.bins, torch.ones_like(natural[:, 0]))


def mean_loss(lost: Floats, count: NDArray[np.floating]) -> Floats:
    """Sums (..., groups, K) and passages (...) -> bits a passage."""
    return lost / count[..., None, None]
