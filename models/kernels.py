"""x W^T + b by packed kernels: the weights are laid out once, in the order they are read.

- At batch 1 a step takes as long as its weights take to be fetched, so their width is what counts.
  A matrix of float16 values stays 16 bits wide; torch's own kernel (fbgemm, x86 with AVX2) widens
  it in registers and sums in float32: the same result, to rounding order.
- For some rows at once, the fastest matmul of float32 weights depends on the make of the processor.
  MKL's uses the widest registers on Intel's alone; there it is the fastest, given the transposed
  weights. Elsewhere it is oneDNN's of packed weights, and so it is everywhere in bfloat16.
- If matmuls may round and the processor has tiles for bfloat16 (AMX), a loop over time keeps its
  weights 16 bits wide too. Given wide ones, oneDNN narrows them again at every step.

Where torch or the processor lacks a kernel, the plain matmul stands behind the same name.
"""

import functools
import platform
import warnings
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

FEW = 3
"""Rows below which torch's float16 kernel sums along several lines at once."""

ALIKE = 3
"""Batches up to this size use the plain matmul, whose result per row does not depend on the batch.

Otherwise rounding would show two visitors different traces where the network is chaotic.
"""

PARTS = 4
"""Above that, a sum over many columns is split into so many parts: a long sum loses digits."""

COLUMNS = 256
"""The fewest columns of a part."""

ROWS = 32
"""The number of rows that oneDNN packs for; any other number works too."""


class Packed:
    """Multiplies two rows or more by the transpose of one float32 matrix."""

    def __init__(self, weight: Tensor, often: bool = False) -> None:
        """A matrix laid out.

        Args:
            weight: (rows, columns).
            often: whether it multiplies many times. Where rounding pays, it is then rounded once,
                and every product x W^T is rounded as well, after it was summed in float32.
        """
        self._onednn = _is_float_on_cpu(weight) and packing_pays()
        self._rounded = often and self._onednn and rounding_pays()
        if self._rounded:
            weight = weight.bfloat16()
        self._weight = _reorder(weight) if self._onednn else weight.t().contiguous()

    def __call__(self, x: Tensor, plus: Tensor | None = None) -> Tensor:
        """x (B, columns) W^T, and `plus` (rows) or (B, rows) added: (B, rows)."""
        if self._rounded:
            product = _linear(x.bfloat16(), self._weight)
            return product.float() if plus is None else product + plus
        if self._onednn:
            return _linear(x, self._weight, plus)
        return x @ self._weight if plus is None else torch.addmm(plus, x, self._weight)


def over_rows(x: Tensor, y: Tensor) -> Tensor:
    """x (N, A), y (N, B) -> x^T y (A, B), for many rows N; faster if B is the smaller."""
    if _is_float_on_cpu(x) and packing_pays():
        return _linear(y.t(), x.t()).t()
    return x.t() @ y


Kind = Literal["half", "packed", "mkl", "plain"]


class Matmul:
    """Multiplies rows by the transpose of one matrix.

    `kind`: "half" if the weights are held in float16; "packed" if oneDNN multiplies several rows,
    "mkl" if MKL does so with the widest registers; otherwise "plain".
    """

    def __init__(self, weight: Tensor) -> None:
        """weight: (rows, columns)."""
        self.kind: Kind = "plain"
        if _is_float_on_cpu(weight) and (packing_pays() or has_wide_mkl()):
            self.kind = "packed" if packing_pays() else "mkl"
        if _is_float_on_cpu(weight) and torch.equal(weight.half().float(), weight) and has_kernel():
            self.kind = "half"
        self._columns = max(COLUMNS, -(-weight.shape[1] // PARTS))
        parts = [part.contiguous() for part in weight.split(self._columns, dim=1)]
        if self.kind == "half":
            self._whole = _pack(weight)
            self._halves = [_pack(part) for part in parts]
        else:
            # Transposed in memory: at batch 1 faster than a view, and than oneDNN.
            self._whole = weight.t().contiguous()
            self._packed = [Packed(part) for part in parts] if self.kind == "packed" else []
            self._parts = self._whole.split(self._columns)
        # A batch is multiplied as a single row is where that is fastest and the sum is short.
        self._alike = len(parts) == 1 if self.kind == "mkl" else self.kind == "plain"

    def __call__(self, x: Tensor, bias: Tensor) -> Tensor:
        """x (B, columns), bias (rows) or (B, rows) -> (B, rows)."""
        if self.kind != "half":
            if len(x) <= ALIKE or self._alike:
                return torch.addmm(bias, x, self._whole)
            return self._sum(x, bias)
        if len(x) == 1:
            return _multiply(x, self._whole, bias.flatten())
        if len(x) < FEW:
            return _multiply(x, self._whole, None).add_(bias)
        first, *rest = zip(x.split(self._columns, dim=1), self._halves, strict=True)
        z = _multiply(*first, None)
        for part, weight in rest:
            z.add_(_multiply(part, weight, None))
        return z.add_(bias)

    def _sum(self, x: Tensor, bias: Tensor) -> Tensor:
        columns = x.split(self._columns, dim=1)
        if self.kind == "mkl":
            z = bias
            for part, weight in zip(columns, self._parts, strict=True):
                z = torch.addmm(z, part, weight)
            return z
        (first, packed), *rest = zip(columns, self._packed, strict=True)
        z = packed(first)
        for part, packed in rest:
            z = packed(part, z)
        return z.add_(bias)


def _is_float_on_cpu(weight: Tensor) -> bool:
    return weight.device.type == "cpu" and weight.dtype == torch.float32


def _pack(weight: Tensor) -> Tensor:
    """The weights packed for the float16 kernel."""
    return torch.fbgemm_pack_gemm_matrix_fp16(weight)


def _multiply(x: Tensor, packed: Tensor, bias: Tensor | None) -> Tensor:
    """The float16 kernel: x times the packed weights, plus one bias for all rows."""
    return torch.fbgemm_linear_fp16_weight_fp32_activation(x, packed, bias)


def packing_pays() -> bool:
    """Return whether oneDNN multiplies several rows faster than the plain matmul."""
    in_float32 = torch.get_float32_matmul_precision() == "highest"
    return has_onednn() and not (in_float32 and has_wide_mkl())


def rounding_pays() -> bool:
    """Return whether matmuls may round to bfloat16 and the processor has tiles for it."""
    return torch.get_float32_matmul_precision() == "medium" and has_tiles()


@functools.cache
def has_tiles() -> bool:
    """Return whether the processor multiplies tiles of bfloat16 (AMX)."""
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


@functools.cache
def has_wide_mkl() -> bool:
    """Return whether MKL uses the widest registers of this processor: AVX-512, of Intel."""
    if not torch.backends.mkl.is_available():
        return False
    return "AVX512" in torch.backends.cpu.get_cpu_capability() and "GenuineIntel" in _maker()


def _maker() -> str:
    """The words of the system about the processor."""
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()


@functools.cache
def has_kernel() -> bool:
    """Return whether this torch has the float16 kernel on this processor."""
    with warnings.catch_warnings():
        # torch warns once that a later version may drop it; the plain matmul then takes its place.
        warnings.simplefilter("ignore")
        try:
            result = _multiply(torch.tensor([[1.0, 2.0, 3.0]]), _pack(torch.eye(16, 3)), None)
        except (AttributeError, RuntimeError):
            return False
    return result[0, :4].tolist() == [1.0, 2.0, 3.0, 0.0]


def _reorder(weight: Tensor) -> Tensor:
    """The weights packed for oneDNN."""
    packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), ROWS)
    return packed


def _linear(x: Tensor, weight: Tensor, plus: Tensor | None = None) -> Tensor:
    """oneDNN's x times the transpose of the weights, packed or not, plus a row or rows."""
    linear = torch.ops.mkldnn._linear_pointwise
    result: Tensor
    if plus is None or plus.dim() == 1:
        result = linear(x, weight, plus, "none", [], "")
    else:
        result = linear.binary(x, plus, weight, None, "add")
    return result


@functools.cache
def has_onednn() -> bool:
    """Return whether this torch has oneDNN's matmul of packed weights."""
    x, weight = torch.tensor([[1.0, 2.0, 3.0]] * 2), torch.eye(16, 3)
    try:
        result = _linear(x, _reorder(weight), torch.ones(2, 16))
    except (AttributeError, RuntimeError):
        return False
    return result[1, :4].tolist() == [2.0, 3.0, 4.0, 1.0]
