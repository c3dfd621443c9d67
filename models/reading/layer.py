"""One layer laid out for reading: its weights packed once, its steps without gradients.

Same equations as `models.cells.nested_lstm`, same result to rounding.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from models.cells.nested_lstm import Level
from models.kernels import Kind, Product
from models.training.gradient import Window


class Layer:
    """The steps of one layer, for B texts at once.

    `kind`: how its recurrent weights are held (see `Product`).
    """

    def __init__(self, levels: list[Level], first: bool) -> None:
        """first: whether it reads the network's input, symbols or values, and not another layer."""
        self.hidden = levels[0].weight_hh.shape[1]
        self.depth = len(levels)
        self._level = levels[0]
        if first:
            bias = levels[0].bias.unsqueeze(0)
            self._table = torch.cat([bias, levels[0].weight_ih.t() + bias])  # row 0: zero vector
        else:
            self._input = Product(levels[0].weight_ih)
        self._recurrent = Product(levels[0].weight_hh)
        # The two products of an inner level are one: [x h] times [W_ih W_hh].
        self._inner = [
            (Product(torch.cat([level.weight_ih, level.weight_hh], dim=1)), level.bias)
            for level in levels[1:]
        ]
        kinds = {self._recurrent.kind, *(product.kind for product, _ in self._inner)}
        self.kind: Kind = self._recurrent.kind if len(kinds) == 1 else "packed"

    def project(self, x: Tensor) -> Tensor:
        """x (N) symbols, below 0 the zero vector, or (N, in), times `weight_ih` plus bias: (N, 4H).

        x is that of the network in the first layer, h of the layer below in the others.
        """
        if not x.is_floating_point():
            return self._table.index_select(0, x.clamp(min=-1) + 1)
        if hasattr(self, "_table"):
            return F.linear(x, self._level.weight_ih, self._level.bias)
        return self._input(x, self._level.bias)

    def step(
        self, projected: Tensor, h: Tensor, cells: list[Tensor]
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """One step.

        Args:
            projected: (B, 4H), as `project` gives it.
            h: (B, H), the hidden state.
            cells: D of (B, H), outermost first.

        Returns:
            the new hidden state, the new cells, and D gates (B, 4H), i f g o after activation.
        """
        H = self.hidden
        z = self._recurrent(h, projected)
        gates, outputs = [z], []
        for d, c in enumerate(cells):
            i_f, g, o = z.split([2 * H, H, H], dim=1)
            i, f = i_f.sigmoid_().split(H, dim=1)
            outputs.append(o.sigmoid_())
            if d < len(self._inner):
                product, bias = self._inner[d]
                z = product(torch.cat([i * g, f * c], dim=1), bias)
                gates.append(z)
        # The loop has ended at the innermost level: it adds up; then back out, through the gates.
        value = torch.mul(f, c).addcmul_(i, g.tanh_())
        new = []
        for o in reversed(outputs):
            new.append(value)
            value = o * value.tanh()
        return value, new[::-1], gates

    def run(self, x: Tensor, h: Tensor, c: Tensor, gates: bool = True) -> Window:
        """One step after another.

        Args:
            x: (T, B) symbols or (T, B, in), what the layer reads; T at least 1.
            h: (B, H), the hidden state before.
            c: (B, D, H), the cells before.
            gates: whether to keep them; if not, theirs is a tensor of the last dimension 0.
        """
        T, B = x.shape[:2]
        hs, cs, gs = [], [], []
        cells = list(c.unbind(1))
        for projected in self.project(x.flatten(0, 1)).view(T, B, 4 * self.hidden).unbind():
            h, cells, now = self.step(projected, h, cells)
            hs.append(h)
            cs += cells
            gs += now if gates else [h.new_empty(B, 0)] * self.depth
        return Window(
            torch.cat(hs).view(T, B, -1),
            torch.cat(cs).view(T, self.depth, B, -1),
            torch.cat(gs).view(T, self.depth, B, 4 * self.hidden if gates else 0),
        )
