"""The tangent of a step: carries a small change of the state exactly along a trajectory.

Axes: S changes, B batch, K time, L layer, D level, H cell.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from models.cells.gru import GRU
from models.rnn import RNN
from models.states import Internals, State

Tangent = Callable[[Tensor, Internals, State, int, State], State]
"""Maps a change of the state before step t to the change after it.

It takes the symbols (B, K) read and the trajectory (B, K, ...), the state before step t, t, and the
change of that state: h (S, B, L, H) and c (S, B, L, D, H)."""


def tangent_of(rnn: RNN) -> Tangent:
    """The tangent of a network's step."""
    return TANGENTS.get(rnn.cell, differentiated)(rnn)


def differentiated(rnn: RNN) -> Tangent:
    """The tangent of any cell, by forward differentiation of its `step`: slower, same values."""

    # Tensors made in inference mode take no part in a derivative, so copies do.
    @torch.inference_mode(False)
    @torch.no_grad()
    def step(symbols: Tensor, own: Internals, before: State, t: int, push: State) -> State:
        S, B = push.h.shape[:2]
        hs: list[Tensor] = []
        cs: list[Tensor] = []
        for l, cell in enumerate(rnn.cells):
            read = symbols[:, t].clone() if l == 0 else own.h[:, t, l - 1].clone()
            projected = cell.project(read)
            if l == 0:  # the network's input does not change
                from_below = projected.new_zeros(S, *projected.shape)
            else:
                from_below = F.linear(hs[-1], cell.reading()[0])
            at = (projected, before.h[:, l].clone(), before.c[:, l].clone())
            change = (from_below, push.h[:, :, l].clone(), push.c[:, :, l].clone())
            moved = torch.func.jvp(
                cell.step,
                tuple(part.repeat(S, *[1] * (part.dim() - 1)) for part in at),
                tuple(part.flatten(0, 1) for part in change),
            )[1]
            h, c, _ = moved
            hs.append(h.unflatten(0, (S, B)))
            cs.append(c.unflatten(0, (S, B)))
        return State(torch.stack(hs, 2), torch.stack(cs, 2))

    return step


def _lstm_weights(rnn: RNN) -> list[list[Tensor]]:
    """The matrix [W_ih W_hh] (4H, in + H) of each layer and level, rows in order i f g o.

    The first layer's reads no change of its input: W_hh (4H, H) alone.
    """
    layers = [
        [torch.cat([level.weight_ih, level.weight_hh], 1) for level in rnn.layer(l)]
        for l in range(rnn.layers)
    ]
    layers[0][0] = rnn.layer(0)[0].weight_hh
    return layers


def _of_lstm(rnn: RNN) -> Tangent:
    """The tangent of LSTMs, nested or not."""
    layers = _lstm_weights(rnn)

    def step(symbols: Tensor, own: Internals, before: State, t: int, push: State) -> State:
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

    return step


def _of_gru(rnn: RNN) -> Tangent:
    """The tangent of GRUs: h = (1 - z) n + z h_before, n = tanh(W x + r * (U h_before + b))."""
    cells = [cell for cell in rnn.cells if isinstance(cell, GRU)]

    def step(symbols: Tensor, own: Internals, before: State, t: int, push: State) -> State:
        hs: list[Tensor] = []
        for l, cell in enumerate(cells):
            level = cell.weights
            h, last = push.h[:, :, l], before.h[:, l]
            r, z, n = own.gates[:, t, l, 0].unbind(1)
            dz_r, dz_z, recurrent = F.linear(h, level.weight_hh).chunk(3, -1)
            through = F.linear(last, level.weight_hh, level.bias_hh).chunk(3, -1)[2]
            from_x: Tensor | float = 0.0
            if l > 0:  # the first layer's input does not change
                x_r, x_z, from_x = F.linear(hs[-1], level.weight_ih).chunk(3, -1)
                dz_r, dz_z = dz_r + x_r, dz_z + x_z
            d_r, d_z = dz_r * (r - r * r), dz_z * (z - z * z)
            d_n = (1 - n * n) * (from_x + d_r * through + r * recurrent)
            hs.append((1 - z) * d_n + d_z * (last - n) + z * h)
        return State(torch.stack(hs, 2), push.c)

    return step


TANGENTS: dict[str, Callable[[RNN], Tangent]] = {"lstm": _of_lstm, "gru": _of_gru}
"""The tangents written out, by the name of the cell; any other cell's `step` is differentiated."""
