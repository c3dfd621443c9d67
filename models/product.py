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

FEW = 3
"""Rows below which torch's kernel sums along several lines at once."""

PARTS = 4
"""Into so many parts a sum over many columns is split beyond that: a long one loses digits."""

COLUMNS = 128
"""The fewest columns of a part."""


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
        if not self.half:
            # Transposed in memory: at batch 1 faster than a view, in large batches the same.
            self._whole = weight.t().contiguous()
            return
        self._whole = _pack(weight)
        self._columns = max(COLUMNS, -(-weight.shape[1] // PARTS))
        self._parts = [_pack(part.contiguous()) for part in weight.split(self._columns, dim=1)]

    def __call__(self, x: Tensor, bias: Tensor) -> Tensor:
        """x (B, columns), bias (rows) or (B, rows) -> (B, rows)."""
        if not self.half:
            return torch.addmm(bias, x, self._whole)
        if len(x) == 1:
            return _multiply(x, self._whole, bias.flatten())
        if len(x) < FEW:
            return _multiply(x, self._whole, None).add_(bias)
        first, *rest = zip(x.split(self._columns, dim=1), self._parts, strict=True)
        z = _multiply(*first, None)
        for part, weight in rest:
            z.add_(_multiply(part, weight, None))
        return z.add_(bias)


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
