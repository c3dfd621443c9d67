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
from torch.nn import functional as F

from analysis.timescales.decay import Sums
from analysis.timescales.memories import memories, places, tangents
from analysis.timescales.passages import Passage, Scale
from models.rnn import RNN, Internals, State

Weights = list[list[Tensor]]


def tangent_weights(rnn: RNN) -> Weights:
    """Of each layer and level [W_ih W_hh] (4H, in + H), rows in order i f g o.

    The first layer's reads no change of its input: W_hh (4H, H) alone.
    """
    layers = [
        [torch.cat([level.weight_ih, level.weight_hh], 1) for level in rnn.layer(l)]
        for l in range(rnn.layers)
    ]
    layers[0][0] = rnn.layer(0)[0].weight_hh
    return layers


def step(layers: Weights, own: Internals, before: State, t: int, push: State) -> State:
    """The tangent of one step along a known trajectory.

    Args:
        layers: the network's `tangent_weights`.
        own: the trajectory, (B, K, ...).
        before: its state before step t.
        push: the change of that state, h (S, B, L, H) and c (S, B, L, D, H).

    Returns:
        the change of the state after step t.
    """
    hs, cs = [], []
    x: Tensor | None = None
    depth = push.c.shape[3]
    for l, weights in enumerate(layers):
        h = push.h[:, :, l]
        z = F.linear(h if x is None else torch.cat([x, h], -1), weights[0])
        opened: list[Tensor] = []  # the changes of the output gates, outermost first
        for d in range(depth):
            i, f, g, o = own.gates[:, t, l, d].unbind(1)
            dz_i, dz_f, dz_g, dz_o = z.chunk(4, -1)
            d_i, d_f, d_o = dz_i * (i - i * i), dz_f * (f - f * f), dz_o * (o - o * o)
            opened.append(d_o)
            last = before.c[:, l, d]
            from_last = d_f * last + f * push.c[:, :, l, d]
            if d == depth - 1:
                out = from_last + d_i * g + i * (1 - g * g) * dz_g
            else:
                written = d_i * g + i * dz_g
                z = F.linear(torch.cat([written, from_last], -1), weights[d + 1])
        cells = [out]
        for d in reversed(range(depth)):
            squashed = own.c[:, t, l, d].tanh()
            o = own.gates[:, t, l, d, 3]
            out = opened[d] * squashed + o * (1 - squashed * squashed) * out
            cells.append(out)
        x = cells.pop()
        hs.append(x)
        cs.append(torch.stack(cells[::-1], 2))
    return State(torch.stack(hs, 2), torch.stack(cs, 2))


def pushes(rnn: RNN, size: Tensor, draw: torch.Generator, batch: int) -> State:
    """One push a state: h (S, B, L, H) and c (S, B, L, D, H), zero but for the state pushed.

    Args:
        size: (S, H), how far each unit is pushed.
    """
    states = places(rnn.layers, rnn.depth)
    S, H = size.shape
    signs = torch.randint(0, 2, (S, batch, H), generator=draw).to(size) * 2 - 1
    h = size.new_zeros(S, batch, rnn.layers, H)
    c = size.new_zeros(S, batch, rnn.layers, rnn.depth, H)
    for s, (l, d) in enumerate(states):
        target = h[s, :, l] if d is None else c[s, :, l, d]
        target.copy_(signs[s] * size[s])
    return State(h, c)


class Impulse:
    """Responses summed over passages, per block and lag: of units, and between memories."""

    def __init__(self, bins: int, lags: NDArray[np.int64], rnn: RNN, like: Tensor, seed: int):
        self.rnn, self.lags = rnn, lags
        states = places(rnn.layers, rnn.depth)
        self.memories = memories(rnn.layers, rnn.depth)
        self.source = [states.index(m.place) for m in self.memories]
        self.raw = [max(k for k, s in enumerate(self.source) if s == n) for n in range(len(states))]
        M, H = len(self.memories), like.shape[-1]
        self.responses = Sums(bins, len(lags), M, H, like)
        self.between = Sums(bins, len(lags), len(states), M, like)
        self.weights = tangent_weights(rnn)
        self.draw = torch.Generator().manual_seed(seed)

    @torch.inference_mode()
    def add(self, passage: Passage, scale: Scale) -> None:
        """Push every memory at the passage's start and follow it to the longest lag."""
        own, before = passage.own, passage.start
        push = pushes(self.rnn, scale.sd[self.raw], self.draw, len(passage.symbols))
        spread = torch.where(scale.sd > 0, scale.sd, torch.inf)
        rows = torch.arange(len(self.source))
        curves, between = [], []
        for k in range(self.lags[-1] + 1):
            if k > 0:
                push = step(self.weights, own, before, k - 1, push)
                before = State(own.h[:, k - 1], own.c[:, k - 1])
            if k in self.lags:
                change = tangents(push.h, push.c, before.c[:, :, -1])
                curves.append(change[self.source, :, rows].abs().transpose(0, 1))
                typical = (change / spread).abs_().median(-1).values
                between.append(typical.transpose(0, 1))
        self.responses.add(passage.bins, torch.stack(curves, 1))
        self.between.add(passage.bins, torch.stack(between, 1))
