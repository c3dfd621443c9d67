"""The gated recurrent unit (Cho et al. 2014), in the form of `torch.nn.GRU`.

    r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
    z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
    n = tanh(W_in x + b_in + r (W_hn h + b_hn))
    h' = (1 - z) n + z h

It keeps only h, within (-1, 1). z is the share of h that it keeps, as f is for an LSTM's cell.
Gates are r z n, in PyTorch's row order. Axes: B batch, H cell.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.cells.cell import Cell, glorot_blocks, orthogonal_blocks
from models.cells.change import Changes, changed


class Weights(nn.Module):
    """The weights of one layer, rows in order r z n, named as `torch.nn.GRUCell` names them."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(3 * hidden, inputs))
        self.weight_hh = nn.Parameter(torch.empty(3 * hidden, hidden))
        self.bias_ih = nn.Parameter(torch.empty(3 * hidden))
        self.bias_hh = nn.Parameter(torch.empty(3 * hidden))


class GRU(Cell):
    """A layer of gated recurrent units."""

    gates = ("r", "z", "n")
    keep_gate = "z"
    has_c = False
    max_depth = 1

    @classmethod
    def of(cls, inputs: int, depth: int, hidden: int) -> "GRU":
        """See `Cell`; `depth` is 1."""
        return cls([Weights(inputs, hidden)], hidden)

    @property
    def weights(self) -> Weights:
        """The parameters of its only level."""
        return cast(Weights, self[0])

    def initialise(self, first: bool, input_gain: float = 1.0) -> None:
        """See `Cell`. The bias of z is 1, like an LSTM's forget bias; every other bias is 0."""
        weights, H = self.weights, self.hidden
        orthogonal_blocks(weights.weight_hh)
        if first:
            glorot_blocks(weights.weight_ih, H, input_gain)
        else:
            orthogonal_blocks(weights.weight_ih)
        with torch.no_grad():
            weights.bias_ih.zero_()
            weights.bias_hh.zero_()
            weights.bias_ih[H : 2 * H] = 1.0

    def reading(self) -> tuple[Tensor, Tensor]:
        """See `Cell`."""
        return self.weights.weight_ih, self.weights.bias_ih

    def step(
        self, projected: Tensor, h: Tensor, c: Tensor, changes: Changes | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """See `Cell`."""
        i_r, i_z, i_n = projected.chunk(3, dim=1)
        h_r, h_z, h_n = F.linear(h, self.weights.weight_hh, self.weights.bias_hh).chunk(3, dim=1)
        r, z = torch.sigmoid(i_r + h_r), torch.sigmoid(i_z + h_z)
        n = torch.tanh(i_n + r * h_n)
        gates = torch.stack([r, z, n], dim=1).unsqueeze(1)
        h = (1 - z) * n + z * h
        return changed(h, changes.h if changes else None), c, gates
