"""One network for all: LSTM (1,1), Stacked LSTM (n,1), Nested LSTM (1,n), stacks of nested (n,m).

Axes: B batch, T time, L layer, D level, H cell, V vocabulary.
"""

from collections.abc import Iterator
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.cells.nested_lstm import Level, cell
from models.training.gradient import WindowFunction, layer_weights, project

MAX_LAYERS = MAX_DEPTH = 8


class State(NamedTuple):
    """What is carried from one character to the next."""

    h: Tensor  # (B, L, H)
    c: Tensor  # (B, L, D, H)

    def detach(self) -> "State":
        """The same state, cut from the graph that made it."""
        return State(self.h.detach(), self.c.detach())


class Internals(NamedTuple):
    """Everything a network went through while it read."""

    h: Tensor  # (B, T, L, H)
    c: Tensor  # (B, T, L, D, H)
    gates: Tensor  # (B, T, L, D, 4, H), i f g o after their activations


class RNN(nn.ModuleList):
    """`layers` layers of cells nested `depth` deep, `hidden` cells each.

    Its parameters are named `{l}.{d}.weight_ih` (4H, in), `{l}.{d}.weight_hh` (4H, H) and
    `{l}.{d}.bias` (4H); `in` is `inputs` at l = d = 0, else H.
    """

    def __init__(self, inputs: int, layers: int, depth: int, hidden: int) -> None:
        for name, value, most in (("layers", layers, MAX_LAYERS), ("depth", depth, MAX_DEPTH)):
            if not 1 <= value <= most:
                raise ValueError(f"{name} must be from 1 to {most}, not {value}")
        self.inputs, self.layers, self.depth, self.hidden = inputs, layers, depth, hidden
        super().__init__(
            nn.ModuleList(Level(inputs if l == d == 0 else hidden, hidden) for d in range(depth))
            for l in range(layers)
        )

    def layer(self, l: int) -> list[Level]:
        """The levels of layer l, outermost first."""
        return [cast(Level, level) for level in cast(nn.ModuleList, self[l])]

    def initialise(self, input_gain: float = 1.0) -> None:
        """The paper's start (see `Level.initialise`)."""
        for l in range(self.layers):
            for d, level in enumerate(self.layer(l)):
                level.initialise(first=l == d == 0, input_gain=input_gain)

    def start(self, batch: int = 1) -> State:
        """The zero state."""
        like = self.layer(0)[0].bias
        return State(
            like.new_zeros(batch, self.layers, self.hidden),
            like.new_zeros(batch, self.layers, self.depth, self.hidden),
        )

    def project(self, x: Tensor, l: int) -> Tensor:
        """x (B, T) symbols, or (B, T, in), times layer l's `weight_ih` plus bias: (B, T, 4H)."""
        level = self.layer(l)[0]
        if x.is_floating_point():
            return F.linear(x, level.weight_ih, level.bias)
        # A one-hot input picks a column of the matrix; a symbol below 0 is the zero vector.
        known = x >= 0
        columns = F.embedding(x.clamp(min=0), level.weight_ih.t())
        if not bool(known.all()):
            columns = columns * known.unsqueeze(-1)
        return columns + level.bias

    def forward(self, x: Tensor, state: State | None = None) -> tuple[Tensor, Tensor, State]:
        """Read a batch of sequences, with gradients.

        Args:
            x: (B, T) symbols, -1 for the zero vector; or (B, T, in).
            state: where to start; the zero state if None.

        Returns:
            the top layer's h (B, T, H), all cells c (B, T, L, D, H), and the last state.
        """
        state = state or self.start(len(x))
        x = x.transpose(0, 1).contiguous()  # time first, as the loops go
        cs, last_h, last_c = [], [], []
        for l in range(self.layers):
            levels = self.layer(l)
            h, cells = WindowFunction.apply(  # type: ignore[no-untyped-call]
                project(x, levels[0].weight_ih, levels[0].bias),
                state.h[:, l],
                state.c[:, l].transpose(0, 1),
                *layer_weights(levels),
            )
            last_h.append(h[-1])
            last_c.append(cells[-1].transpose(0, 1))
            cs.append(cells.permute(2, 0, 1, 3))
            x = h
        end = State(torch.stack(last_h, 1), torch.stack(last_c, 1))
        c = torch.stack(cs, 2) if self.layers > 1 else cs[0].unsqueeze(2)
        return x.transpose(0, 1), c, end

    def steps(self, x: Tensor, state: State | None = None) -> Iterator[tuple[Internals, State]]:
        """The readable path: one `cell` after another, straight from the equations, with gradients.

        Yields after each step its internals (T = 1) and the state.
        """
        h, c = state or self.start(len(x))
        for t in range(x.shape[1]):
            read = x[:, t : t + 1]
            hs, cs, gates = [], [], []
            for l in range(self.layers):
                levels = self.layer(l)
                projected = self.project(read, l)[:, 0]
                h_l, c_l, gates_l = cell(levels, projected, h[:, l], c[:, l])
                hs.append(h_l)
                cs.append(c_l)
                gates.append(gates_l)
                read = h_l.unsqueeze(1)
            h, c = torch.stack(hs, 1), torch.stack(cs, 1)
            step = Internals(h.unsqueeze(1), c.unsqueeze(1), torch.stack(gates, 1).unsqueeze(1))
            yield step, State(h, c)
