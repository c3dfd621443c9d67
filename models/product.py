"""x W^T + b at the speed of the memory: half as wide where that loses nothing.

At batch 1 a step takes as long as its weights take to be fetched, so their width is what counts. A
matrix of float16 values, as most checkpoints hold, stays 16 bits wide; torch's own kernel (fbgemm,
x86 with AVX2) widens it in registers and sums in float32: the same result, to rounding order. Any
other matrix, and a torch or a processor without that kernel, takes the plain product.
"""

import functools
import warnings

import torch
from torch import Tensor


class Product:
    """Multiplies rows by the transpose of one matrix.

    `half`: whether the weights are held as half floats.
    """

    def __init__(self, weight: Tensor) -> None:
        """weight: (rows, columns)."""
        self.half = (
            weight.device.type == "cpu"
            and weight.dtype == torch.float32
            and torch.equal(weight.half().float(), weight)
            and has_kernel()
        )
        # Transposed in memory: at batch 1 that is faster than a view, in large batches the same.
        self._weight = _pack(weight) if self.half else weight.t().contiguous()

    def __call__(self, x: Tensor, bias: Tensor) -> Tensor:
        """x (B, columns), bias (rows) or (B, rows) -> (B, rows)."""
        if not self.half:
            return torch.addmm(bias, x, self._weight)
        if len(x) == 1:
            return _multiply(x, self._weight, bias.flatten())
        if bias.dim() == 1:
            return _multiply(x, self._weight, bias)
        return _multiply(x, self._weight, None).add_(bias)


def _pack(weight: Tensor) -> Tensor:
    """The weights as the kernel wants them."""
    return torch.fbgemm_pack_gemm_matrix_fp16(weight)


def _multiply(x: Tensor, packed: Tensor, bias: Tensor | None) -> Tensor:
    """The kernel: x times the packed weights, plus one bias for all rows."""
    return torch.fbgemm_linear_fp16_weight_fp32_activation(x, packed, bias)


@functools.cache
def has_kernel() -> bool:
    """Whether this torch, on this processor, multiplies by packed half floats."""
    with warnings.catch_warnings():
        # torch warns, once, that a later version may come without: then the plain product serves.
        warnings.simplefilter("ignore")
        try:
            product = _multiply(torch.tensor([[1.0, 2.0, 3.0]]), _pack(torch.eye(16, 3)), None)
        except (AttributeError, RuntimeError):
            return False
    return product[0, :4].tolist() == [1.0, 2.0, 3.0, 0.0]
