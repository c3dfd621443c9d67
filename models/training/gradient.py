"""One layer over a whole window of time: the forward loop, and its gradient written out.

It computes the equations of `models.cells.nested_lstm` with the same result, but faster. The loops
do matmuls and as few other operations as possible, each on data that the one before left in cache:

- A step of a level keeps its values in one row, `i f o | a c' | tanh(c)`, with a the candidate and
  c' the cell before. The three sigmoids lie together, and (i f) * (a c') are at once the input and
  the hidden input of the level inside, or the two terms of the innermost cell.
- Every weight gradient is one matmul over the T*B rows after the loop.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from models.cells.nested_lstm import Level
from models.kernels import Packed, over_rows
from models.linear import linear

_slope_of_sigmoid = torch.ops.aten.sigmoid_backward.grad_input
_slope_of_tanh = torch.ops.aten.tanh_backward.grad_input
_MINUS_ONE = torch.tensor(-1.0)


I, F, O, A, C, TANH = range(6)
"""The blocks of H columns in a row of `_Tape.rows`; those of a gradient are the first four."""


class _Tape(NamedTuple):
    """Values of the forward pass that the backward pass needs."""

    h: Tensor  # (T+1, B, H); the first is h0
    rows: Tensor  # (D, T+1, B, 6H): i f o a c' tanh(c); the last step holds only c'
    inputs: Tensor  # (D-1, T, B, 2H): the input and the hidden input of every inner level


def layer_weights(levels: list[Level]) -> list[Tensor]:
    """The weights of `WindowFunction`: W_hh of level 0; W_ih, W_hh and bias of inner levels."""
    first, *inner = levels
    weights: list[Tensor] = [first.weight_hh]
    for level in inner:
        weights += [level.weight_ih, level.weight_hh, level.bias]
    return weights


def _swap(weight: Tensor) -> Tensor:
    """Rows in order i f g o to rows in order i f o g; and back."""
    i, f, g, o = weight.chunk(4)
    return torch.cat([i, f, o, g])


def _matrices(weights: Sequence[Tensor]) -> list[Tensor]:
    """One matrix a level, rows in order i f o a: the two matmuls of an inner level become one."""
    first, *inner = weights
    pairs = zip(inner[::3], inner[1::3], strict=True)
    return [_swap(first), *(_swap(torch.cat(pair, dim=1)) for pair in pairs)]


def project(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (T, B) symbols, below 0 the zero vector, or (T, B, in), times weight plus bias.

    Its rows come in order i f g o; the result, (T, B, 4H), in order i f o a.
    """
    weight, bias = _swap(weight), _swap(bias)
    if x.is_floating_point():
        return linear(x, weight, bias)
    table = torch.cat([bias.unsqueeze(0), weight.t() + bias])
    return functional.embedding(x.clamp(min=-1) + 1, table)


def _cells(rows: Tensor, H: int) -> Tensor:
    """(T, D, B, H): c, which is c' of the next step."""
    return _blocks(rows[:, 1:], H, C).transpose(0, 1)


def _blocks(rows: Tensor, H: int, first: int, last: int | None = None) -> Tensor:
    """The blocks `first` to `last`, or the one, of rows (..., nH)."""
    last = first if last is None else last
    return rows[..., first * H : (last + 1) * H]


def _columns(rows: Tensor, H: int, first: int, last: int | None = None) -> tuple[Tensor, ...]:
    """The blocks `first` to `last`, or the one, of every step (T, B, nH), as one view a step."""
    return _blocks(rows, H, first, last).unbind()


def _pairs(steps: Tensor, H: int, first: int) -> tuple[Tensor, ...]:
    """Block `first` and the next of every step (T, B, nH), as one view (B, 2, H) a step."""
    return _blocks(steps, H, first, first + 1).reshape(*steps.shape[:2], 2, H).unbind()


def _tanh(x: Tensor, out: Tensor) -> Tensor:
    """tanh(x) = 2 sigmoid(2x) - 1, to rounding: several times as fast as torch's tanh."""
    torch.add(x, x, out=out).sigmoid_()
    return torch.add(_MINUS_ONE, out, alpha=2, out=out)


def _forward(
    projected: Tensor, h0: Tensor, c0: Tensor, matrices: list[Tensor], biases: list[Tensor]
) -> _Tape:
    T, B, _ = projected.shape
    D, _, H = c0.shape
    h = projected.new_empty(T + 1, B, H)
    rows = projected.new_empty(D, T + 1, B, 6 * H)
    inputs = projected.new_empty(D - 1, T, B, 2 * H)
    h[0] = h0
    _blocks(rows[:, 0], H, C).copy_(c0)

    def level(k: int) -> tuple[tuple[Tensor, ...], ...]:
        row = rows[k]
        return (
            _columns(row, H, I, O),
            _columns(row, H, I, F),
            _columns(row, H, O),
            _columns(row, H, A),
            _columns(row, H, A, C),
            _columns(row, H, C),
            _columns(row, H, TANH),
        )

    i_f_o, i_f, o, a, a_c, c, tanh_c = zip(*(level(k) for k in range(D)), strict=True)
    x = [each.unbind() for each in inputs]
    matmuls = [Packed(matrix, often=True) for matrix in matrices]
    plus = [projected.unbind(), *([bias] * T for bias in biases)]
    both = projected.new_empty(B, 2 * H)
    i_g, f_c = both.split(H, dim=1)
    h_t = h.unbind()
    for t in range(T):
        read = h_t[t]
        for k in range(D):
            z = matmuls[k](read, plus[k][t])
            torch.sigmoid(_blocks(z, H, I, O), out=i_f_o[k][t])
            if k < D - 1:
                a[k][t].copy_(_blocks(z, H, A))
                read = torch.mul(i_f[k][t], a_c[k][t], out=x[k][t])  # eq. 7, 8
        _tanh(_blocks(z, H, A), out=a[-1][t])
        torch.mul(i_f[-1][t], a_c[-1][t], out=both)
        torch.add(i_g, f_c, out=c[-1][t + 1])
        for k in reversed(range(D)):
            outside = c[k - 1][t + 1] if k else h_t[t + 1]
            torch.mul(o[k][t], _tanh(c[k][t + 1], out=tanh_c[k][t]), out=outside)
    return _Tape(h, rows, inputs)


class WindowFunction(torch.autograd.Function):
    """A layer over a window: (projected, h0, c0, *weights) -> (h (T,B,H), c (T,D,B,H)).

    `projected` (T, B, 4H) is what `project` gives; h0 (B, H) and c0 (D, B, H) are the state before
    the window; `weights` are as `layer_weights` gives them.
    """

    @staticmethod
    def forward(
        ctx: Any, projected: Tensor, h0: Tensor, c0: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Run the layer over the window; keep what `backward` needs."""
        matrices, biases = _matrices(weights), [_swap(bias) for bias in weights[3::3]]
        tape = _forward(projected, h0, c0, matrices, biases)
        ctx.save_for_backward(*tape, *matrices)
        return tape.h[1:], _cells(tape.rows, h0.shape[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, from_h: Tensor, from_c: Tensor) -> tuple[Tensor, ...]:
        """The gradients of `forward`'s arguments, from those of h (T,B,H) and c (T,D,B,H)."""
        h, rows, inputs, *matrices = ctx.saved_tensors
        T, B, H = from_h.shape
        D = len(rows)
        d_c = rows.new_empty(D, T + 1, B, H)  # at c; the first step is c0
        d_c[:, 0] = 0
        d_c[:, 1:] = from_c.transpose(0, 1)
        d_z = rows.new_empty(D, T, B, 4 * H)  # at i f o a, before their activations

        def level(k: int) -> tuple[tuple[Tensor, ...], ...]:
            values, gradients = rows[k, :-1], d_z[k]
            return (
                _columns(values, H, I),
                _columns(values, H, F),
                _columns(values, H, I, O),
                _columns(values, H, O),
                _columns(values, H, A),
                _columns(values, H, TANH),
                _pairs(values, H, A),
                gradients.unbind(),
                _columns(gradients, H, I, O),
                _columns(gradients, H, A),
                d_c[k].unbind(),
            )

        i, f, i_f_o, o, a, tanh_c, a_c, d_z_, d_i_f_o, d_a, d_c_ = zip(
            *(level(k) for k in range(D)), strict=True
        )
        matmuls = [Packed(matrix.t(), often=True) for matrix in matrices]
        d_h = from_h.contiguous().unbind()
        d_gates = rows.new_empty(D, B, 3 * H)  # at i f o, after their activations
        d_i_f, d_o = _blocks(d_gates, H, I, F).unflatten(2, (2, H)), _blocks(d_gates, H, O)
        d_tanh = rows.new_empty(B, H)
        d_out = d_h[-1]
        for t in reversed(range(T)):
            for k in range(D):  # from the outside in: h = o tanh(c^0), c^{k-1} = o^k tanh(c^k)
                torch.mul(d_out, tanh_c[k][t], out=d_o[k])
                torch.mul(d_out, o[k][t], out=d_tanh)
                _slope_of_tanh(d_tanh, tanh_c[k][t], grad_input=d_tanh)
                d_out = d_c_[k][t + 1].add_(d_tanh)
            d_both = d_out.unsqueeze(1)
            for k in reversed(range(D)):  # and back out, through the memories
                torch.mul(d_both, a_c[k][t], out=d_i_f[k])
                _slope_of_sigmoid(d_gates[k], i_f_o[k][t], grad_input=d_i_f_o[k][t])
                torch.mul(d_both[:, 0], i[k][t], out=d_a[k][t])
                if k == D - 1:
                    _slope_of_tanh(d_a[k][t], a[k][t], grad_input=d_a[k][t])
                d_c_[k][t].addcmul_(d_both[:, -1], f[k][t])
                if k:
                    d_both = matmuls[k](d_z_[k][t]).unflatten(1, (2, H))
                else:
                    d_out = matmuls[0](d_z_[0][t], d_h[t - 1] if t else None)
        d_rows = d_z.flatten(1, 2)  # (D, T*B, 4H)
        d_weights = [_swap(over_rows(d_rows[0], h[:-1].flatten(0, 1)))]
        for k in range(1, D):
            d_both = over_rows(d_rows[k], inputs[k - 1].flatten(0, 1))
            d_weights += [_swap(d_both[:, :H]), _swap(d_both[:, H:]), _swap(d_rows[k].sum(0))]
        return d_z[0], d_out, d_c[:, 0], *d_weights
