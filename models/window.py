"""One layer over a whole window of time: the forward loop, and its gradient written out.

Same equations as `models.cell`, same result; the difference is where the time goes. The loops do
matrix products and as few other operations as they can:

- A step of a level keeps its values in one row, `i f o a | c' | tanh(c)`, with a the candidate and
  c' the cell before. The three sigmoids lie together, and (i f) * (a c') are at once the input and
  the hidden input of the level inside, or the two terms of the innermost cell.
- In the backward pass every slope is known before the loop: (i f o)' * (a c' tanh(c)) and the rest
  are products over the whole window; the loop scales them by what comes back.
- Every weight gradient is one matrix product over the T*B rows after the loop.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from models.cell import Level
from models.product import Packed, over_rows


class Window(NamedTuple):
    """What a layer went through in T steps; time is the first axis here."""

    h: Tensor  # (T, B, H)
    c: Tensor  # (T, D, B, H)
    gates: Tensor  # (T, D, B, 4H), after their activations, in order i f g o


class _Tape(NamedTuple):
    """What the backward pass needs of the forward pass."""

    h: Tensor  # (T, B, H)
    rows: Tensor  # (D, T+1, B, 6H): i f o a c' tanh(c); the last step holds only c'
    inputs: Tensor  # (D-1, T, B, 2H): the input and the hidden input of every inner level


def layer_weights(levels: list[Level]) -> list[Tensor]:
    """The weights as the loops want them: the two products of an inner level become one.

    W_hh of level 0 (4H, H), then for each inner level [W_ih W_hh] (4H, 2H) and its bias (4H), all
    with their rows in order i f o a.
    """
    weights = [_swap(levels[0].weight_hh)]
    for level in levels[1:]:
        both = torch.cat([level.weight_ih, level.weight_hh], dim=1)
        weights += [_swap(both), _swap(level.bias)]
    return weights


def _swap(weight: Tensor) -> Tensor:
    """Rows in order i f g o to rows in order i f o g."""
    i, f, g, o = weight.chunk(4)
    return torch.cat([i, f, o, g])


def _cells(rows: Tensor, H: int) -> Tensor:
    """(T, D, B, H): c, which is c' of the next step."""
    return rows[:, 1:, :, 4 * H : 5 * H].transpose(0, 1)


def _columns(steps: Tensor, H: int, first: int, last: int) -> tuple[Tensor, ...]:
    """Blocks `first` up to `last` of every step (T, B, nH), as one view a step."""
    return steps[..., first * H : last * H].unbind()


def _forward(projected: Tensor, h0: Tensor, c0: Tensor, weights: Sequence[Tensor]) -> _Tape:
    T, B, _ = projected.shape
    D, _, H = c0.shape
    h = projected.new_empty(T, B, H)
    rows = projected.new_empty(D, T + 1, B, 6 * H)
    inputs = projected.new_empty(D - 1, T, B, 2 * H)
    rows[0, :-1, :, : 2 * H] = projected[..., : 2 * H]
    rows[0, :-1, :, 2 * H : 3 * H] = projected[..., 3 * H :]
    rows[0, :-1, :, 3 * H : 4 * H] = projected[..., 2 * H : 3 * H]
    rows[1:, :-1, :, : 4 * H] = torch.stack(list(weights[2::2]))[:, None, None] if D > 1 else 0
    rows[:, 0, :, 4 * H : 5 * H] = c0

    def level(k: int) -> tuple[tuple[Tensor, ...], ...]:
        blocks = ((0, 4), (0, 3), (0, 2), (2, 3), (3, 4), (3, 5), (4, 5), (5, 6))
        return tuple(_columns(rows[k], H, *block) for block in blocks)

    z, i_f_o, i_f, o, a, a_c, c, tanh_c = zip(*(level(k) for k in range(D)), strict=True)
    x = [each.unbind() for each in inputs]
    products = [Packed(weight) for weight in (weights[0], *weights[1::2])]
    both = projected.new_empty(B, 2 * H)
    i_g, f_c = both.split(H, dim=1)
    h_t = h.unbind()
    for t in range(T):
        read = h_t[t - 1] if t else h0
        for k in range(D):
            products[k].add_to(z[k][t], read)
            i_f_o[k][t].sigmoid_()
            if k < D - 1:
                read = torch.mul(i_f[k][t], a_c[k][t], out=x[k][t])  # eq. 7, 8
        a[-1][t].tanh_()
        torch.mul(i_f[-1][t], a_c[-1][t], out=both)
        torch.add(i_g, f_c, out=c[-1][t + 1])
        for k in reversed(range(D)):
            outside = c[k - 1][t + 1] if k else h_t[t]
            torch.mul(o[k][t], torch.tanh(c[k][t + 1], out=tanh_c[k][t]), out=outside)
    return _Tape(h, rows, inputs)


class WindowFunction(torch.autograd.Function):
    """A layer over a window: (projected, h0, c0, *weights) -> (h (T,B,H), c (T,D,B,H)).

    `projected` (T, B, 4H) is the layer's input times `weight_ih` of level 0, plus its bias; h0
    (B, H) and c0 (D, B, H) are the state before the window; `weights` are as `layer_weights` gives
    them.
    """

    @staticmethod
    def forward(
        ctx: Any, projected: Tensor, h0: Tensor, c0: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        tape = _forward(projected, h0, c0, weights)
        ctx.save_for_backward(h0, *tape, *weights)
        return tape.h, _cells(tape.rows, h0.shape[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, from_h: Tensor, from_c: Tensor) -> tuple[Tensor, ...]:
        h0, h, rows, inputs, *weights = ctx.saved_tensors
        T, B, H = h.shape
        D = len(rows)
        rows = rows[:, :-1]
        gates, o, tanh_c = rows[..., : 3 * H], rows[..., 2 * H : 3 * H], rows[..., 5 * H :]
        # What the loop multiplies by: of (i f o), its slope times what it stood before; of (a c'),
        # i and f; of c, o tanh'(c).
        by_gates = torch.addcmul(gates, gates, gates, value=-1).mul_(rows[..., 3 * H :])
        by_values = rows[..., : 2 * H]
        by_c = torch.addcmul(o, o * tanh_c, tanh_c, value=-1)
        g, i = rows[-1, :, :, 3 * H : 4 * H], rows[-1, :, :, :H]
        innermost = by_values[-1].clone()
        innermost[..., :H] -= i * g * g
        d = torch.empty(D, T, B, 5 * H, dtype=h.dtype, device=h.device)  # at i f o a c'
        d_h = from_h.clone()  # (T, B, H)
        d_c = from_c.transpose(0, 1).contiguous()  # (D, T, B, H)

        def level(k: int) -> tuple[tuple[Tensor, ...], ...]:
            values = by_values[k] if k < D - 1 else innermost
            return (
                *(_columns(by_gates[k], H, *block) for block in ((0, 2), (2, 3))),
                values.unbind(),
                by_c[k].unbind(),
                *(_columns(d[k], H, *block) for block in ((0, 4), (0, 2), (2, 3), (3, 5), (4, 5))),
                d_c[k].unbind(),
            )

        by_i_f, by_o, by_a_c, by_c_, d_z, d_i_f, d_o, d_a_c, d_before, d_c_ = zip(
            *(level(k) for k in range(D)), strict=True
        )
        d_h_ = d_h.unbind()
        products = [Packed(weight.t()) for weight in (weights[0], *weights[1::2])]
        for t in reversed(range(T)):
            d_out = d_h_[t]
            for k in range(D):  # from the outside in: h = o tanh(c^0), c^{k-1} = o^k tanh(c^k)
                torch.mul(d_out, by_o[k][t], out=d_o[k][t])
                d_out = d_c_[k][t].addcmul_(d_out, by_c_[k][t])
                if t < T - 1:
                    d_out += d_before[k][t + 1]
            d_both = torch.cat([d_out, d_out], dim=1)
            for k in reversed(range(D)):  # and back out, through the memories
                torch.mul(d_both, by_i_f[k][t], out=d_i_f[k][t])
                torch.mul(d_both, by_a_c[k][t], out=d_a_c[k][t])
                if k:
                    d_both = products[k](d_z[k][t])
                elif t:
                    products[0].add_to(d_h_[t - 1], d_z[0][t])
        d_h0 = d_z[0][0] @ weights[0]
        d_c0 = d[:, 0, :, 4 * H :]
        d_rows = d[..., : 4 * H].flatten(1, 2)  # (D, T*B, 4H)
        earlier = torch.cat([h0.unsqueeze(0), h[:-1]]).flatten(0, 1)
        d_weights = [over_rows(d_rows[0], earlier)]
        for k in range(1, D):
            d_weights += [over_rows(d_rows[k], inputs[k - 1].flatten(0, 1)), d_rows[k].sum(0)]
        i_f, o_, a = d[0, ..., : 4 * H].split([2 * H, H, H], dim=2)
        return torch.cat([i_f, a, o_], dim=2), d_h0, d_c0, *d_weights
