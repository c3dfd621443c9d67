"""Impulse decay: how long a small push on a memory stays in it, by forward differentiation.

At the start of a passage one memory is pushed, every unit by its standard deviation times a random
sign; the push is carried along the trajectory exactly (a Jacobian-vector product) while the text is
read. G(k) is a unit's mean absolute response after k characters relative to its push, tau where it
first falls below 1/e. The group curves give the typical (median) unit's response, in its standard
deviations, of each memory to a push on each.

It is causal: the text cannot keep it alive, only the network can, by its own leak or round its
recurrence. It is local: a push is infinitesimal, and where gates or tanh saturate the response is
0 although a large change would get through (0 gradient is not 0 memory). An outer cell and h are
rebuilt at every step, so their own pushes live on only by what the gates read of them; that is why
their ratio to the cell inside is set beside the same ratio in a plain LSTM.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.blocks import PASSAGES
from analysis.timescales.bootstrap import Estimates, by_crossing
from analysis.timescales.decay import Floats, Sums
from analysis.timescales.measures.measure import OfUnits, Progress, Setup
from analysis.timescales.memories import places, tangents
from analysis.timescales.passages import Passage
from analysis.timescales.tangent import tangent_of
from models.rnn import RNN
from models.states import State


def pushes(rnn: RNN, size: Tensor, draw: torch.Generator, batch: int) -> State:
    """One push a state: h (S, B, L, H) and c (S, B, L, D, H), zero except the state pushed.

    Args:
        size: (S, H), how far each unit is pushed.
    """
    states = places(rnn.layers, rnn.depth, rnn.cell)
    S, H = size.shape
    signs = torch.randint(0, 2, (S, batch, H), generator=draw).to(size) * 2 - 1
    h = size.new_zeros(S, batch, rnn.layers, H)
    c = size.new_zeros(S, batch, rnn.layers, rnn.memories, H)
    for s, (l, d) in enumerate(states):
        target = h[s, :, l] if d is None else c[s, :, l, d]
        target.copy_(signs[s] * size[s])
    return State(h, c)


def innermost(c: Tensor) -> Tensor:
    """The innermost (B, L, H) of raw cells (B, L, D, H); unchanged where D is 0."""
    return c[:, :, -1] if c.shape[2] else c.flatten(2)


class Impulse(OfUnits):
    """Responses summed over passages, per block and lag: of units, and between memories."""

    key = "impulse"
    label = "impulse"
    question = (
        "All cells of a memory get a small push at once: how long does each still show it? "
        "Outer cells and outputs are recomputed at every step, so a push on them survives only "
        "through the gates. That is why impulse and context swap disagree there."
    )
    method = (
        "All cells of a memory are pushed a little, each up or down at random; how much of its "
        "push does a cell still show after k characters? What the other cells’ pushes bring is "
        "part of it."
    )
    axis = "share of the push left"

    def __init__(self, setup: Setup) -> None:
        rnn, self.lags = setup.model.rnn, setup.lags
        states = places(rnn.layers, rnn.depth, rnn.cell)
        self.rnn, self.cut = rnn, setup.cut
        self.source = [states.index(m.place) for m in setup.memories]
        self.raw = [max(k for k, s in enumerate(self.source) if s == n) for n in range(len(states))]
        M, H, bins = len(setup.memories), setup.like.shape[-1], setup.cut.bins
        self.responses = Sums(bins, len(self.lags), M, H, setup.like)
        self.responses_between = Sums(bins, len(self.lags), len(states), M, setup.like)
        self.tangent = tangent_of(rnn)
        self.draw = torch.Generator().manual_seed(setup.seed)

    @torch.inference_mode()
    def add(self, passage: Passage) -> None:
        """Push every memory at the passage's start and follow it to the longest lag."""
        own, before, scale = passage.own, passage.start, passage.scale
        push = pushes(self.rnn, scale.sd[self.raw], self.draw, len(passage.symbols))
        spread = torch.where(scale.sd > 0, scale.sd, torch.inf)
        rows = torch.arange(len(self.source))
        curves, between = [], []
        for k in range(self.lags[-1] + 1):
            if k > 0:
                push = self.tangent(passage.symbols, own, before, k - 1, push)
                before = State(own.h[:, k - 1], own.c[:, k - 1])
            if k in self.lags:
                change = tangents(push.h, push.c, innermost(before.c))
                curves.append(change[self.source, :, rows].abs().transpose(0, 1))
                typical = (change / spread).abs_().median(-1).values
                between.append(typical.transpose(0, 1))
        self.responses.add(passage.bins, torch.stack(curves, 1))
        self.responses_between.add(passage.bins, torch.stack(between, 1))

    def estimate(self, weights: NDArray[np.float32], progress: Progress) -> list[Estimates | None]:
        """See `OfUnits`."""
        sums = self.responses.sums.numpy()
        result: list[Estimates | None] = []
        for m in range(sums.shape[2]):
            progress(m, sums.shape[2])
            result.append(by_crossing(sums[:, :, m], self.lags, weights))
        return result

    def between(self) -> Floats:
        """See `OfUnits`: the typical unit's response, in its standard deviations."""
        summed: Floats = self.responses_between.sums.sum(0).numpy()
        return summed / (self.cut.blocks * PASSAGES)
