"""One step of one layer: a cell whose memory may be another cell, nested to any depth.

Axes: B batch, T time, L layer, D level, H cell, V vocabulary. Level 0 is the outermost cell (the
paper's c), level D-1 the innermost (c~ when D = 2). Gates are i f g o, in PyTorch's row order.

This is the readable form: the equations (1)-(15) of "Nested LSTMs" (Moniz & Krueger 2017) as a
recursion. `models.training.gradient` computes the same over a whole window, faster; the tests hold
it to this.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


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
        """Set the paper's start: Glorot on the first input matrix, orthogonal on each H x H block.

        The forget gate's bias is 1, every other bias 0. Draws from torch's global generator.

        Args:
            first: whether `weight_ih` reads the network's input (Glorot, times `input_gain`).
            input_gain: 1 is the paper's start; 5 made short trainings faster.
        """
        hidden = self.weight_hh.shape[1]
        with torch.no_grad():
            for block in torch.split(self.weight_hh, hidden):
                nn.init.orthogonal_(block)
            for block in torch.split(self.weight_ih, hidden):
                if first:
                    nn.init.xavier_uniform_(block, gain=input_gain)
                else:
                    nn.init.orthogonal_(block)
            self.bias.zero_()
            self.bias[hidden : 2 * hidden] = 1.0


def cell(
    levels: list[Level], projected: Tensor, hidden: Tensor, memories: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of one layer, seen from the first of `levels` inwards.

    Args:
        levels: the level and all levels inside it, outermost first.
        projected: (B, 4H), the level's input times `weight_ih`, plus its bias.
        hidden: (B, H), its hidden input.
        memories: (B, D, H), the cells c_{t-1} of `levels`.

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
        c, inner_cells, inner_gates = cell(inner, inner_input, f * memories[:, 0], memories[:, 1:])
        cells = torch.cat([c.unsqueeze(1), inner_cells], dim=1)
        gates = torch.cat([torch.stack([i, f, g, o], dim=1).unsqueeze(1), inner_gates], dim=1)
    else:
        g = torch.tanh(a)
        c = f * memories[:, 0] + i * g
        cells = c.unsqueeze(1)
        gates = torch.stack([i, f, g, o], dim=1).unsqueeze(1)
    return o * torch.tanh(c), cells, gates
