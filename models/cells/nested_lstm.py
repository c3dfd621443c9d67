"""The LSTM whose memory may be another LSTM, nested to any depth.

Axes: B batch, D level, H cell. Level 0 is the outermost cell (the paper's c), level D-1 the
innermost (c~ when D = 2). Gates are i f g o, in PyTorch's row order.

This is the readable form: the equations (1)-(15) of "Nested LSTMs" (Moniz & Krueger 2017) as a
recursion. `models.training.gradient` computes the same over a whole window and
`models.reading.nested_lstm` the same for reading, both faster; the tests hold them to this.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.cells.cell import Cell, glorot_blocks, orthogonal_blocks
from models.cells.change import Change, Changes, changed


class Level(nn.Module):
    """The weights of one level of one layer, rows in order i f g o.

    `weight_ih` (4H, in) multiplies the level's input, `weight_hh` (4H, H) its hidden input: the
    layer's h_{t-1} at level 0, f * c_{t-1} of the level outside at every inner one (eq. 7).
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(4 * hidden, inputs))
        self.weight_hh = nn.Parameter(torch.empty(4 * hidden, hidden))
        self.bias = nn.Parameter(torch.empty(4 * hidden))

    def initialise(self, first: bool, input_gain: float) -> None:
        """The paper's initialisation: Glorot on the first input matrix, orthogonal H x H blocks.

        The forget gate's bias is 1, every other bias 0.

        Args:
            first: whether `weight_ih` reads the network's input (Glorot, times `input_gain`).
            input_gain: 1 is the paper's; 5 made short trainings faster.
        """
        hidden = self.weight_hh.shape[1]
        orthogonal_blocks(self.weight_hh)
        if first:
            glorot_blocks(self.weight_ih, hidden, input_gain)
        else:
            orthogonal_blocks(self.weight_ih)
        with torch.no_grad():
            self.bias.zero_()
            self.bias[hidden : 2 * hidden] = 1.0


class NestedLSTM(Cell):
    """A layer of Nested LSTM cells: LSTM cells at depth 1."""

    gates = ("i", "f", "g", "o")
    keep_gate = "f"
    has_c = True
    max_depth = 8

    @classmethod
    def of(cls, inputs: int, depth: int, hidden: int) -> "NestedLSTM":
        """See `Cell`."""
        return cls([Level(inputs if d == 0 else hidden, hidden) for d in range(depth)], hidden)

    @property
    def levels(self) -> list[Level]:
        """The levels, outermost first."""
        return [cast(Level, level) for level in self]

    def initialise(self, first: bool, input_gain: float = 1.0) -> None:
        """See `Cell`, and `Level.initialise`."""
        for d, level in enumerate(self.levels):
            level.initialise(first=first and d == 0, input_gain=input_gain)

    def reading(self) -> tuple[Tensor, Tensor]:
        """See `Cell`."""
        return self.levels[0].weight_ih, self.levels[0].bias

    def step(
        self, projected: Tensor, h: Tensor, c: Tensor, changes: Changes | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """See `Cell`."""
        at_c, at_h = changes or Changes((None,) * self.depth, None)
        h, c, gates = step(self.levels, projected, h, c, at_c)
        return changed(h, at_h), c, gates


def step(
    levels: list[Level],
    projected: Tensor,
    hidden: Tensor,
    memories: Tensor,
    changes: Sequence[Change | None],
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of one layer, from the first of `levels` inwards.

    Args:
        levels: the level and all levels inside it, outermost first.
        projected: (B, 4H), the level's input times `weight_ih`, plus its bias.
        hidden: (B, H), its hidden input.
        memories: (B, D, H), the cells c_{t-1} of `levels`.
        changes: D, made to the cells c_t of `levels` before anything reads them.

    Returns:
        o * tanh(c) (B, H), the new cells (B, D, H), and the gates (B, D, 4, H), each after its
        own activation.
    """
    level, inner = levels[0], levels[1:]
    i, f, a, o = (projected + F.linear(hidden, level.weight_hh)).chunk(4, dim=1)
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    if inner:
        # The candidate is the identity where there is an inner memory (paper, section 4): the
        # inner cell's own tanh follows.
        g = a
        inner_input = F.linear(i * g, inner[0].weight_ih, inner[0].bias)  # eq. 8
        c, inner_cells, inner_gates = step(
            inner, inner_input, f * memories[:, 0], memories[:, 1:], changes[1:]
        )
        c = changed(c, changes[0])
        cells = torch.cat([c.unsqueeze(1), inner_cells], dim=1)
        gates = torch.cat([torch.stack([i, f, g, o], dim=1).unsqueeze(1), inner_gates], dim=1)
    else:
        g = torch.tanh(a)
        c = changed(f * memories[:, 0] + i * g, changes[0])
        cells = c.unsqueeze(1)
        gates = torch.stack([i, f, g, o], dim=1).unsqueeze(1)
    return o * torch.tanh(c), cells, gates
