"""x W^T + b over many rows, with gradients, by the matmuls that the loops over time use."""

from typing import Any

from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from models.kernels import Packed, over_rows


class LinearFunction(Function):
    """(x (N, in), weight (out, in), bias (out)) -> x W^T + b (N, out)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Run the matmuls; keep what `backward` needs."""
        ctx.save_for_backward(x, weight)
        return Packed(weight)(x, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d: Tensor) -> tuple[Tensor | None, Tensor, Tensor]:
        """The gradients of x (None if not needed), weight and bias, from d (N, out)."""
        x, weight = ctx.saved_tensors
        d_x = Packed(weight.t())(d) if ctx.needs_input_grad[0] else None
        wide = weight.shape[0] > weight.shape[1]
        d_weight = over_rows(d, x) if wide else over_rows(x, d).t()
        return d_x, d_weight, d.sum(0)


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (..., in) -> x W^T + b (..., out), as `torch.nn.functional.linear`."""
    y: Tensor = LinearFunction.apply(x.flatten(0, -2), weight, bias)  # type: ignore[no-untyped-call]
    return y.view(*x.shape[:-1], len(weight))
