"""The memories of a network: their names, and the display rule.

A *memory* is one row of H cells: one level of one layer, or h where h is shown. The display rule:
the innermost cell of a layer is unbounded, so tanh(c) is shown; every outer level is o * tanh(inner
cell), within (-1, 1), and shown as it is; so is h. Layers and levels count from 0 as indices and
layers from 1 in words. Whoever shows or measures values takes the rule from here; where one has to
be differentiated it is written again (`analysis.attribution`, `analysis.timescales.memories`), and
tests hold the two together.

Axes: T time, L layer, D level (0 the outermost), H cell, M memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cells import CELLS

SATURATED_VALUE = 0.99
"""|tanh(c)| above which a step counts towards saturation."""
SATURATED_SHARE = 0.95
"""The share of steps with |tanh(c)| above SATURATED_VALUE beyond which a cell is saturated."""

BYTE_OF_ONE = 127
"""The byte that stands for 1.0 where a display value is sent as one byte."""


@dataclass(frozen=True)
class Memory:
    """One memory of a network, as `memories` lists them and GET /api/models sends them."""

    layer: int
    level: int | None  # h has none
    state: Literal["c", "h"]
    name: str  # "layer 2 inner"
    symbol: str  # "tanh(c̃)"

    @property
    def label(self) -> str:
        """Name and symbol: "layer 2 inner, tanh(c̃)"."""
        return f"{self.name} {self.symbol}".strip()


def memories(layers: int, depth: int, cell: str = "lstm") -> list[Memory]:
    """The memories that are shown, in the order of the page's columns.

    The top layer comes first, and within a layer the innermost level. A single LSTM has only one
    memory, so its h is shown beside it. A GRU has only h.
    """
    if not CELLS[cell].has_c:
        return [_hidden(l, layers, alone="hidden state") for l in reversed(range(layers))]
    if layers == depth == 1:
        return [_cell(0, 0, 1, 1), _hidden(0, 1, alone="output")]
    return [
        _cell(l, d, layers, depth) for l in reversed(range(layers)) for d in reversed(range(depth))
    ]


def states(layers: int, depth: int, cell: str = "lstm") -> Iterator[Memory]:
    """Every c and h of a network, shown or not: in each layer the innermost first, h last.

    A GRU has only h.
    """
    for l in range(layers):
        if not CELLS[cell].has_c:
            yield _hidden(l, layers, alone="hidden state")
            continue
        yield from (_cell(l, d, layers, depth) for d in reversed(range(depth)))
        yield _hidden(l, layers, alone="output")


def count(layers: int, depth: int, cell: str = "lstm") -> int:
    """M: the number of memories shown."""
    return max(2, layers * depth) if CELLS[cell].has_c else layers


def _cell(layer: int, level: int, layers: int, depth: int) -> Memory:
    symbol = "c" + "\u0303" * level
    words = [f"layer {layer + 1}"] if layers > 1 else []
    if depth > 1:
        middle = "middle" if depth == 3 else f"level {level}"  # noqa: PLR2004
        words.append({0: "outer", depth - 1: "inner"}.get(level, middle))
    name = " ".join(words) or "cell"
    return Memory(layer, level, "c", name, f"tanh({symbol})" if level == depth - 1 else symbol)


def _hidden(layer: int, layers: int, alone: str) -> Memory:
    name = f"layer {layer + 1}" if layers > 1 else ""
    if alone == "output":
        name = f"{name} output".strip()
    return Memory(layer, None, "h", name or alone, "h")


def display(c: NDArray[np.float32]) -> NDArray[np.float32]:
    """The display values of raw cells (..., D, H), in numpy."""
    shown = c.copy()
    np.tanh(c[..., -1, :], out=shown[..., -1, :])
    return shown


def displayed(c: Tensor) -> Tensor:
    """The display values of raw cells (..., D, H), in torch; of a GRU, which has none, none."""
    shown = c.clone()
    if c.shape[-2]:
        torch.tanh(c[..., -1, :], out=shown[..., -1, :])
    return shown


def columns(h: Tensor, c: Tensor) -> Tensor:
    """The display values of a state, one row per memory in the order of `memories`.

    Args:
        h: (..., L, H).
        c: (..., L, D, H), raw; D is 0 for a GRU.

    Returns:
        (..., M, H), within [-1, 1].
    """
    layers, depth = c.shape[-3:-1]
    if depth == 0:
        return h.flip(-2)
    shown = displayed(c)
    if layers == depth == 1:
        return torch.cat([shown[..., 0, :, :], h], dim=-2)
    return shown.flip(-3, -2).flatten(-3, -2)


def as_bytes(values: Tensor) -> Tensor:
    """round(127 * value) as int8; a value that is not finite (weights that overflow) is 0."""
    scaled = (values * BYTE_OF_ONE).nan_to_num_(0.0).round_()
    return scaled.clamp_(-BYTE_OF_ONE, BYTE_OF_ONE).to(torch.int8)
