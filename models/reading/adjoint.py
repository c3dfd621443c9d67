"""The gradient of a value at the end of a reading in everything read, back through time.

Of one text, and of its values alone: no weight gets a gradient. What a step passes on is the same
few products for every step, so all that does not wait for the step after it is computed for the
whole text at once, and the loop keeps two or three matmuls of one row and what lies between them.

Same equations as `models.cells.nested_lstm`, same result to rounding. Axes: T time, L layer,
D level, H cell, V input.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from models.cells.change import Change
from models.cells.nested_lstm import NestedLSTM
from models.reading.plan import LayerScript, Under, script
from models.rnn import RNN
from models.states import Internals, State

I, F, G, O = range(4)
"""The gates, in the order of the rows of every matrix."""


def has_adjoint(rnn: RNN) -> bool:
    """Return whether `adjoint` supports the network's cells."""
    return all(isinstance(cell, NestedLSTM) for cell in rnn.cells)


@torch.inference_mode()
def adjoint(
    rnn: RNN,
    before: State,
    read: Internals,
    slope: State,
    under: Under | None = None,
) -> Tensor:
    """The derivative of a value of the last state by the input of every step.

    Args:
        rnn: a network for which `has_adjoint` holds.
        before: the state it was read from, of batch 1.
        read: all that it went through, with the gates, of batch 1 and at least one step.
        slope: the value's derivative by the last h (1, L, H) and c (1, L, D, H).
        under: the interventions that it was read under.

    Returns:
        (T, V).
    """
    T = read.h.shape[1]
    plot = script([under], T)
    above = read.h.new_zeros(T, rnn.hidden)  # of every h, by what the layer above reads of it
    for l in reversed(range(rnn.layers)):
        cell = rnn.cells[l]
        assert isinstance(cell, NestedLSTM)
        c = torch.cat([before.c[0, l].unsqueeze(0), read.c[0, :, l]])
        own = plot.layer(l) if plot else None
        above[-1] += slope.h[0, l]
        at_gates = _layer(cell, c, read.gates[0, :, l], above, slope.c[0, l], own)
        above = at_gates @ cell.levels[0].weight_ih
    return above


def _layer(
    cell: NestedLSTM,
    c: Tensor,
    gates: Tensor,
    above: Tensor,
    last: Tensor,
    changes: LayerScript | None,
) -> Tensor:
    """Back through one layer.

    Args:
        c: (T+1, D, H); the first is what it was read from.
        gates: (T, D, 4, H), after their activations.
        above: (T, H), the value's derivative by every h, other than through the layer's own future.
        last: (D, H), by the last c.
        changes: those of every step.

    Returns:
        (T, 4H), by the gates of the outermost level before their activations.
    """
    D = cell.depth
    at_gate, at_c, forget = _slopes(c, gates, changes)
    outer, *inner = cell.levels
    matrices = [outer.weight_hh, *(torch.cat([k.weight_ih, k.weight_hh], 1) for k in inner)]
    found = torch.empty_like(at_gate)
    # A view a step, level and block, made once: in the loop they would cost as much as the sums.
    z = [[found[:, k, block].unbind() for block in range(4)] for k in range(D)]
    rows = [found[:, k].flatten(1).unsqueeze(1).unbind() for k in range(D)]
    a = [[at_gate[:, k, block].unbind() for block in range(4)] for k in range(D)]
    out, f = [[part[:, k].unbind() for k in range(D)] for part in (at_c, forget)]
    own = [part.clone() for part in last]
    from_h = torch.zeros_like(above[0])
    for t in reversed(range(len(above))):
        value = from_h + above[t]
        for k in range(D):  # from the outside in: h = o tanh(c^0), c^{k-1} = o^k tanh(c^k)
            torch.mul(value, a[k][O][t], out=z[k][O][t])
            value = own[k].addcmul_(value, out[k][t])
        read = kept = value
        for k in reversed(range(D)):  # and back out: what a level reads is i g and f c' (eq. 7, 8)
            torch.mul(read, a[k][I][t], out=z[k][I][t])
            torch.mul(kept, a[k][F][t], out=z[k][F][t])
            torch.mul(read, a[k][G][t], out=z[k][G][t])
            torch.mul(kept, f[k][t], out=own[k])
            both = torch.mm(rows[k][t], matrices[k])[0]
            if k:
                read, kept = both.chunk(2)
            else:
                from_h = both
    return found[:, 0].flatten(1)


def _slopes(c: Tensor, gates: Tensor, changes: LayerScript | None) -> tuple[Tensor, Tensor, Tensor]:
    """The factors of a step on its way back; `_layer` says what they multiply.

    Returns:
        (T, D, 4, H), by a gate before its activation; (T, D, H), by c of what its level gives out;
        (T, D, H), by c of the step before.
    """
    i, f, g, o = gates.unbind(2)
    tanh_c = c[1:].tanh()
    by_i = g * i * (1 - i)
    by_f = c[:-1] * f * (1 - f)
    by_g = i.clone()
    by_g[:, -1] *= 1 - g[:, -1] ** 2  # elsewhere the candidate is the identity
    by_o = tanh_c * o * (1 - o)
    by_c = o * (1 - tanh_c**2)
    if changes:
        # A change comes after a value is computed: it scales all that lies before it.
        passed_h, passed_c = _passed(changes, c[1:])
        given_out = torch.cat([passed_h.unsqueeze(1), passed_c[:, :-1]], 1)
        by_o, by_c = by_o * given_out, by_c * given_out
        innermost = passed_c[:, -1]
        f = f.clone()
        for part in (by_i, by_f, by_g, f):
            part[:, -1] *= innermost
    return torch.stack([by_i, by_f, by_g, by_o], 2), by_c, f


def _passed(changes: LayerScript, like: Tensor) -> tuple[Tensor, Tensor]:
    """The share of a small difference that the changes keep: in h (T, H), in every c (T, D, H)."""
    one = torch.ones_like(like[0, :1])
    h, c = torch.ones_like(like[:, 0]), torch.ones_like(like)
    steps = list(changes)
    # The same changes hold along a stretch.
    borders = [t for t, one_step in enumerate(steps) if t == 0 or one_step is not steps[t - 1]]
    for start, stop in pairwise([*borders, len(steps)]):
        if held := steps[start]:
            targets: Sequence[tuple[Change | None, Tensor]] = [
                (held.h, h[start:stop]),
                *((change, c[start:stop, k]) for k, change in enumerate(held.c)),
            ]
            for change, part in targets:
                if change:
                    part[:] = change.passed(one)
    return h, c
