"""Traces any `torch.nn.LSTM` or `nn.GRU`: the cells and gates that PyTorch does not return.

PyTorch returns h of every step and c of the last one only. Here every value is written straight to
the arrays returned. The input of a layer is multiplied by its matrix for several steps at once, few
enough that the results are still in the processor's cache when their step comes.

Axes: B batch, T time, L layer, G gate, H cell.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models import notebook

Array = NDArray[Any]  # of the module's type

LSTM_GATES, GRU_GATES = 4, 3
BATCHED = 3
"""The number of dimensions of batched inputs."""
CACHED = 1 << 20
"""Bytes of projected inputs that are computed at once."""


class ModuleTrace(NamedTuple):
    """The trace of a module; axes as in `Trace`, with a leading B where inputs have one."""

    h: Array  # (T, L, H)
    c: Array  # (T, L, 1, H), raw; (T, L, 0, H) of a GRU
    gates: Array  # (T, L, 1, G, H), after their activations: i f g o, or r z n

    def __repr__(self) -> str:
        """Kind and sizes."""
        *batch, steps, layers, hidden = self.h.shape
        kind = "LSTM" if self.c.shape[-2] else "GRU"
        of = f"{batch[0]} x {steps}" if batch else f"{steps}"
        return f"ModuleTrace of {of} steps: {kind}, {layers} layers, {hidden} cells"

    def _repr_html_(self) -> str:
        return notebook.cell_map(self)


State = Tensor | tuple[Tensor, Tensor]


@torch.no_grad()
def trace_module(
    module: nn.LSTM | nn.GRU, inputs: Tensor, state: State | None = None
) -> ModuleTrace:
    """Run a module without dropout and keep every step of every layer.

    Args:
        module: one direction, any number of layers, no `proj_size`.
        inputs: (T, in) or (B, T, in), whatever its `batch_first` says.
        state: as the module takes it, (h, c) of an LSTM and h of a GRU, each (L, B, H), or (L, H)
            without a batch; zero if None.

    Returns:
        h, c and gates of every step, equal to the module's own.

    Raises:
        TypeError: it is neither an LSTM nor a GRU, inputs is not a tensor, or of bfloat16, or the
            state is of another type than they are.
        ValueError: it has two directions or a projection, or a shape does not fit.
    """
    _refuse(module, inputs)
    is_lstm = isinstance(module, nn.LSTM)
    batched = inputs.dim() == BATCHED
    x = inputs if batched else inputs.unsqueeze(0)
    B, T, H, L = len(x), x.shape[1], module.hidden_size, module.num_layers
    G = LSTM_GATES if is_lstm else GRU_GATES
    h0, c0 = _state(module, state, B, batched)
    h = _empty(x, L, T, B, H)
    c = _empty(x, L, T, B, 1 if is_lstm else 0, H)
    gates = _empty(x, L, T, B, G * H)
    read = x.transpose(0, 1).contiguous()
    for l in range(L):
        if T == 0:
            break
        weights = [_parameter(module, name, l) for name in ("weight_ih", "weight_hh")]
        biases = [_parameter(module, name, l) for name in ("bias_ih", "bias_hh")]
        if is_lstm:
            _lstm(read, weights, biases, h0[l], c0[l], h[l], c[l, :, :, 0], gates[l])
        else:
            _gru(read, weights, biases, h0[l], h[l], gates[l])
        read = h[l]
    gates = gates.view(L, T, B, 1, G, H)
    found = [h.permute(2, 1, 0, 3), c.permute(2, 1, 0, 3, 4), gates.permute(2, 1, 0, 3, 4, 5)]
    if not batched:
        found = [values[0] for values in found]
    return ModuleTrace(*(values.cpu().numpy() for values in found))


def _empty(like: Tensor, *shape: int) -> Tensor:
    """Room for values, on the CPU from numpy: it asks for huge pages, which are filled faster."""
    if like.device.type != "cpu":
        return like.new_empty(shape)
    return torch.from_numpy(np.empty(shape, like[:0].numpy().dtype))


def _refuse(module: nn.LSTM | nn.GRU, inputs: Tensor) -> None:
    if not isinstance(module, (nn.LSTM, nn.GRU)):
        raise TypeError(f"expected a torch.nn.LSTM or torch.nn.GRU, not {type(module).__name__}")
    if not isinstance(inputs, Tensor) or not inputs.is_floating_point():
        raise TypeError("inputs must be a floating-point tensor (T, in) or (B, T, in)")
    if inputs.dtype == torch.bfloat16:
        raise TypeError("the module is torch.bfloat16, which numpy lacks: take module.float()")
    if inputs.dtype != module.weight_hh_l0.dtype:
        raise TypeError(f"inputs are {inputs.dtype}, and the module {module.weight_hh_l0.dtype}")
    if module.bidirectional:
        raise ValueError("the module is bidirectional: its backward half reads the future")
    if module.proj_size:
        raise ValueError("the module has proj_size: its h is a projection, and no cell's output")
    if inputs.dim() not in (2, 3) or inputs.shape[-1] != module.input_size:
        raise ValueError(
            f"inputs have the shape {list(inputs.shape)}, expected (T, {module.input_size}) or "
            f"(B, T, {module.input_size})"
        )


def _state(
    module: nn.LSTM | nn.GRU, state: State | None, batch: int, batched: bool
) -> tuple[Tensor, Tensor]:
    """The initial h and c, (L, B, H) each; a GRU's c is its h, and is not used."""
    L, H = module.num_layers, module.hidden_size
    if state is None:
        zero = _parameter(module, "weight_hh", 0).new_zeros(L, batch, H)
        return zero, zero
    parts: list[Tensor] = [state, state] if isinstance(state, Tensor) else list(state)
    wanted = [L, batch, H] if batched else [L, H]
    shapes = [list(getattr(part, "shape", ())) for part in parts]
    if isinstance(state, Tensor) is isinstance(module, nn.LSTM) or shapes != [wanted, wanted]:
        raise ValueError(f"the state must be what the module takes, of the shape {wanted}")
    for part in parts:
        if part.dtype != module.weight_hh_l0.dtype:
            raise TypeError(f"the state is {part.dtype}, the module {module.weight_hh_l0.dtype}")
    h, c = (part if batched else part.unsqueeze(1) for part in parts)
    return h, c


def _parameter(module: nn.LSTM | nn.GRU, name: str, l: int) -> Tensor:
    """A weight of layer l; zero where the module has no bias."""
    if name.startswith("bias") and not module.bias:
        recurrent = module.get_parameter("weight_hh_l0")
        return recurrent.new_zeros(len(recurrent))
    return module.get_parameter(f"{name}_l{l}")


def _products(read: Tensor, weight: Tensor, bias: Tensor) -> Iterator[Tensor]:
    """read (T, B, in) times a matrix plus a bias, a step (B, G*H) after the other.

    The caller may change each in place; its buffer is reused for a later step.
    """
    row = len(bias) * read.shape[1] * read.element_size()
    blocks = read.split(max(1, CACHED // max(1, row)))
    columns = weight.t().contiguous()
    room = read.new_empty(len(blocks[0]) * read.shape[1], len(bias))
    for block in blocks:
        x = block.flatten(0, 1)
        torch.addmm(bias, x, columns, out=room[: len(x)])
        yield from room[: len(x)].view(len(block), -1, len(bias)).unbind()


def _lstm(
    read: Tensor,
    weights: list[Tensor],
    biases: list[Tensor],
    h0: Tensor,
    c0: Tensor,
    h: Tensor,
    c: Tensor,
    gates: Tensor,
) -> None:
    """One LSTM layer: read (T, B, in), h0, c0 (B, H); fill h, c (T, B, H), gates (T, B, 4H)."""
    H = h.shape[-1]
    recurrent = weights[1].t().contiguous()
    i, f, g, o = (part.unbind() for part in gates.split(H, -1))
    before, cell = h0, c0
    products = _products(read, weights[0], biases[0] + biases[1])
    steps = zip(products, gates.unbind(), h.unbind(), c.unbind(), strict=True)
    for t, (z, i_f_g_o, h_t, c_t) in enumerate(steps):
        # One pass over all gates, then g overwritten: faster than a pass per gate.
        torch.sigmoid(z.addmm_(before, recurrent), out=i_f_g_o)
        torch.tanh(z[:, 2 * H : 3 * H], out=g[t])
        torch.mul(f[t], cell, out=c_t).addcmul_(i[t], g[t])
        torch.tanh(c_t, out=h_t).mul_(o[t])
        before, cell = h_t, c_t


def _gru(
    read: Tensor,
    weights: list[Tensor],
    biases: list[Tensor],
    h0: Tensor,
    h: Tensor,
    gates: Tensor,
) -> None:
    """One GRU layer: read (T, B, in), h0 (B, H); fill h (T, B, H) and gates (T, B, 3H)."""
    H = h.shape[-1]
    # r and z add both biases at once; the h part of n stays separate, because r multiplies it.
    bias = biases[0].clone()
    bias[: 2 * H] += biases[1][: 2 * H]
    to_r_z, to_n = (part.t().contiguous() for part in weights[1].split([2 * H, H]))
    r, z, n = (part.unbind() for part in gates.split(H, -1))
    r_z = gates[..., : 2 * H].unbind()
    before = h0
    products = _products(read, weights[0], bias)
    for t, (product, h_t) in enumerate(zip(products, h.unbind(), strict=True)):
        for_r_z, for_n = product.split([2 * H, H], -1)
        torch.sigmoid(for_r_z.addmm_(before, to_r_z), out=r_z[t])
        for_n.addcmul_(r[t], torch.addmm(biases[1][2 * H :], before, to_n))
        torch.tanh(for_n, out=n[t])
        torch.lerp(n[t], before, z[t], out=h_t)
        before = h_t
