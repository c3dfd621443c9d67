"""One layer over a whole window of time: the forward loop, and its gradient written out.

Same equations as `models.cell`, same result; the difference is where the time goes. Buffers are
allocated once, both products of an inner level are one, and in the backward pass the loop computes
only what the next step needs: every weight gradient is a single matrix product over the T*B rows
after it.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from models.cell import Level


class Window(NamedTuple):
    """What a layer went through in T steps; time is the first axis here."""

    h: Tensor  # (T, B, H)
    c: Tensor  # (T, D, B, H)
    gates: Tensor  # (T, D, B, 4H), after their activations, in order i f g o


def run_window(projected: Tensor, h0: Tensor, c0: Tensor, weights: list[Tensor]) -> Window:
    """Run a layer over a window, without gradient.

    Args:
        projected: (T, B, 4H), the layer's input times `weight_ih` of level 0, plus its bias.
        h0: (B, H), the hidden state before the window.
        c0: (D, B, H), the cells before the window.
        weights: as `layer_weights` gives them.
    """
    return _forward(projected, h0, c0, weights)[0]


def layer_weights(levels: list[Level]) -> list[Tensor]:
    """The weights as the loops want them: the two products of an inner level become one.

    W_hh of level 0 (4H, H), then for each inner level [W_ih W_hh] (4H, 2H) and its bias (4H).
    """
    weights: list[Tensor] = [levels[0].weight_hh]
    for level in levels[1:]:
        weights += [torch.cat([level.weight_ih, level.weight_hh], dim=1), level.bias]
    return weights


def _forward(
    projected: Tensor, h0: Tensor, c0: Tensor, weights: list[Tensor]
) -> tuple[Window, Tensor, Tensor]:
    """The loop of `run_window`; also gives tanh(c) and the inputs of the inner levels."""
    T, B, rows = projected.shape
    D, H = len(c0), rows // 4
    h = projected.new_empty(T, B, H)
    c, tanh_c = projected.new_empty(2, T, D, B, H).unbind()
    gates = projected.new_empty(T, D, B, rows)
    inputs = projected.new_empty(T, D - 1, B, 2 * H)  # [x h] of every inner level
    hh = weights[0].t()
    inner = [(weights[k].t(), weights[k + 1]) for k in range(1, len(weights), 2)]
    last_h, last_c = h0, c0
    for t in range(T):
        z = torch.addmm(projected[t], last_h, hh, out=gates[t, 0])
        for k in range(D):
            i, f, g, o = torch.split(z, H, dim=1)
            z[:, : 2 * H].sigmoid_()
            o.sigmoid_()
            if k == D - 1:
                g.tanh_()
                torch.mul(f, last_c[k], out=c[t, k]).addcmul_(i, g)
            else:
                x = inputs[t, k]
                torch.mul(i, g, out=x[:, :H])
                torch.mul(f, last_c[k], out=x[:, H:])
                weight, bias = inner[k]
                z = torch.addmm(bias, x, weight, out=gates[t, k + 1])
        for k in reversed(range(D)):
            outside = h[t] if k == 0 else c[t, k - 1]
            torch.mul(gates[t, k, :, 3 * H :], torch.tanh(c[t, k], out=tanh_c[t, k]), out=outside)
        last_h, last_c = h[t], c[t]
    return Window(h, c, gates), tanh_c, inputs


class WindowFunction(torch.autograd.Function):
    """`run_window` with a gradient: (projected, h0, c0, *weights) -> (h (T,B,H), c (T,D,B,H))."""

    @staticmethod
    def forward(
        ctx: Any, projected: Tensor, h0: Tensor, c0: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        window, tanh_c, inputs = _forward(projected, h0, c0, list(weights))
        ctx.save_for_backward(h0, c0, *window, tanh_c, inputs, *weights)
        return window.h, window.c

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *outside: Tensor) -> tuple[Tensor, ...]:
        h0, c0, h, c, gates, tanh_c, inputs, *weights = ctx.saved_tensors
        from_h, from_c = outside
        T, D, B, H = c.shape
        inner = weights[1::2]
        # d is the gradient at the pre-activations. What can be known before the loop is: the
        # slope of every activation, as one product over the whole window.
        d = torch.empty_like(gates)
        slope_c = 1 - tanh_c * tanh_c
        d_inputs = h.new_empty(B, 2 * H)
        d_h = torch.zeros_like(h0)
        d_c = torch.zeros_like(c0)  # what comes back through the next step, per level
        for t in reversed(range(T)):
            last_c = c[t - 1] if t else c0
            d_out = d_h.add_(from_h[t])
            d_c += from_c[t]
            for k in range(D):  # from the outside in: h = o tanh(c^0), c^{k-1} = o^k tanh(c^k)
                o = gates[t, k, :, 3 * H :]
                torch.mul(d_out, tanh_c[t, k], out=d[t, k, :, 3 * H :])
                d_c[k].addcmul_(d_out * o, slope_c[t, k])
                d_out = d_c[k]
            for k in reversed(range(D)):  # and back out, through the memories
                i, f, g, o = torch.split(gates[t, k], H, dim=1)
                d_i, d_f, d_g, d_o = torch.split(d[t, k], H, dim=1)
                if k == D - 1:
                    d_x = d_hidden = d_c[k]
                else:
                    torch.mm(d[t, k + 1], inner[k], out=d_inputs)
                    d_x, d_hidden = d_inputs[:, :H], d_inputs[:, H:]
                torch.mul(d_x, g, out=d_i)
                torch.mul(d_x, i, out=d_g)
                torch.mul(d_hidden, last_c[k], out=d_f)
                torch.mul(d_hidden, f, out=d_c[k])
                d_i.mul_(i).addcmul_(d_i, i, value=-1)
                d_f.mul_(f).addcmul_(d_f, f, value=-1)
                d_o.mul_(o).addcmul_(d_o, o, value=-1)
                if k == D - 1:
                    d_g.addcmul_(d_g * g, g, value=-1)
            torch.mm(d[t, 0], weights[0], out=d_h)
        earlier_h = torch.cat([h0.unsqueeze(0), h[:-1]]).view(T * B, H)
        d_weights = [d[:, 0].reshape(T * B, -1).t() @ earlier_h]
        for k in range(D - 1):
            d_z = d[:, k + 1].reshape(T * B, -1)
            d_weights += [d_z.t() @ inputs[:, k].reshape(T * B, -1), d_z.sum(0)]
        return d[:, 0].contiguous(), d_h, d_c, *d_weights
