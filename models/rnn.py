"""Layers of cells over time, one network for all of them.

LSTM (1,1), Stacked LSTM (n,1), Nested LSTM (1,n), stacks of nested ones (n,m), and the other
`models.cells`. Axes: B batch, T time, L layer, D level, G gate, H cell.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from models.cells import CELLS, Cell
from models.cells.nested_lstm import Level, NestedLSTM
from models.reading.intervention import Interventions
from models.reading.plan import Plan, Under, script
from models.states import Internals, State
from models.training.window import window

MAX_LAYERS = MAX_DEPTH = 8


class RNN(nn.ModuleList):
    """`layers` layers of cells nested `depth` deep, `hidden` cells each.

    Its modules are the layers, a `Cell` each, and its parameters are named
    `{layer}.{level}.{parameter}`, for an LSTM `{l}.{d}.weight_ih` (4H, in), `{l}.{d}.weight_hh`
    (4H, H) and `{l}.{d}.bias` (4H); `in` is `inputs` at l = d = 0, else H.
    """

    def __init__(
        self, inputs: int, layers: int, depth: int, hidden: int, cell: str = "lstm"
    ) -> None:
        """cell: a key of `CELLS`."""
        kind = CELLS[cell]
        sizes = (("layers", layers, MAX_LAYERS), ("depth", depth, kind.max_depth))
        for name, value, most in sizes:
            if not 1 <= value <= most:
                raise ValueError(f"{name} must be from 1 to {most}, not {value}")
        self.inputs, self.layers, self.depth, self.hidden = inputs, layers, depth, hidden
        self.cell = cell
        super().__init__(
            kind.of(inputs if l == 0 else hidden, depth, hidden) for l in range(layers)
        )

    @property
    def cells(self) -> list[Cell]:
        """The layers, the lowest first."""
        return [cast(Cell, cell) for cell in self]

    @property
    def memories(self) -> int:
        """D: the number of levels of c in a layer."""
        return self.cells[0].memories

    def layer(self, l: int) -> list[Level]:
        """The levels of layer l of a network of LSTMs, outermost first."""
        cell = self.cells[l]
        if not isinstance(cell, NestedLSTM):
            raise TypeError(f"a {self.cell} has no levels of an LSTM: see `RNN.cells`")
        return cell.levels

    def initialise(self, input_gain: float = 1.0) -> None:
        """The paper's initialisation (see `Cell.initialise`)."""
        for l, cell in enumerate(self.cells):
            cell.initialise(first=l == 0, input_gain=input_gain)

    def start(self, batch: int = 1) -> State:
        """The zero state."""
        like = next(self.parameters())
        return State(
            like.new_zeros(batch, self.layers, self.hidden),
            like.new_zeros(batch, self.layers, self.memories, self.hidden),
        )

    def forward(self, x: Tensor, state: State | None = None) -> tuple[Tensor, Tensor, State]:
        """Read a batch of sequences, with gradients.

        Args:
            x: (B, T) symbols, -1 for the zero vector; or (B, T, in).
            state: the initial state; the zero state if None.

        Returns:
            the top layer's h (B, T, H), all cells c (B, T, L, D, H), and the last state.
        """
        state = state or self.start(len(x))
        x = x.transpose(0, 1).contiguous()  # time first, as the loops go
        cs, last_h, last_c = [], [], []
        for l, cell in enumerate(self.cells):
            h, c = window(cell, x, state.h[:, l], state.c[:, l].transpose(0, 1))
            last_h.append(h[-1])
            last_c.append(c[-1].transpose(0, 1))
            cs.append(c.permute(2, 0, 1, 3))
            x = h
        end = State(torch.stack(last_h, 1), torch.stack(last_c, 1))
        c = torch.stack(cs, 2) if self.layers > 1 else cs[0].unsqueeze(2)
        return x.transpose(0, 1), c, end

    def plan(self, interventions: Interventions) -> Plan:
        """Interventions laid out for this network."""
        like = next(self.parameters()).detach().new_empty(self.hidden)
        return Plan(interventions, like, self.memories, self.layers)

    def steps(
        self, x: Tensor, state: State | None = None, under: Sequence[Under | None] | None = None
    ) -> Iterator[tuple[Internals, State]]:
        """The readable path: `Cell.step` after `Cell.step`, with gradients.

        Args:
            x: as in `forward`.
            state: where to start; the zero state if None.
            under: the interventions that each row is read under.

        Yields after each step its internals (T = 1) and the state.
        """
        h, c = state or self.start(len(x))
        plot = script(under, x.shape[1])
        layers = [plot.layer(l) if plot else None for l in range(self.layers)]
        for t in range(x.shape[1]):
            read = x[:, t]
            hs, cs, gates = [], [], []
            for l, cell in enumerate(self.cells):
                own = layers[l]
                changes = own.rows(own.ids[t]) if own else None
                read, c_l, gates_l = cell.step(cell.project(read), h[:, l], c[:, l], changes)
                hs.append(read)
                cs.append(c_l)
                gates.append(gates_l)
            h, c = torch.stack(hs, 1), torch.stack(cs, 1)
            step = Internals(h.unsqueeze(1), c.unsqueeze(1), torch.stack(gates, 1).unsqueeze(1))
            yield step, State(h, c)
