"""The memories of a network, one after another, and the values they show.

The innermost cell of a layer is unbounded and the net reads tanh of it: that value read is what is
measured, with the raw cell beside it. Every outer cell is o * tanh(inner cell) and is read as it
stands, and so is h. A GRU has h alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.timescales.schema import MemoryKeys
from models.memories import displayed, states


@dataclass(frozen=True)
class Memory:
    """One row of cells: level 0 is the outermost; h has no level."""

    layer: int
    level: int | None
    state: str  # "c" or "h"
    value: str  # "read" or "raw"

    @property
    def place(self) -> tuple[int, int | None]:
        """The state, whichever of its values is measured."""
        return self.layer, self.level

    def keys(self) -> MemoryKeys:
        """The memory's keys in the result file."""
        return {
            "layer": self.layer,
            "level": self.level,
            "state": self.state,
            "value": self.value,
        }


def memories(layers: int, depth: int, cell: str = "lstm") -> list[Memory]:
    """M memories: for each layer the innermost cell read and raw, the outer cells, h."""
    return [
        Memory(state.layer, state.level, state.state, value)
        for state in states(layers, depth, cell)
        for value in (("read", "raw") if state.level == depth - 1 else ("read",))
    ]


def places(layers: int, depth: int, cell: str = "lstm") -> list[tuple[int, int | None]]:
    """Every state once, in the order of `memories`."""
    return list(dict.fromkeys(m.place for m in memories(layers, depth, cell)))


def values(h: Tensor, c: Tensor) -> Tensor:
    """h (..., L, H) and c (..., L, D, H) as the memories' values (..., M, H)."""
    if c.shape[-2] == 0:
        return h
    read = displayed(c).flip(-2)
    every = [read[..., :1, :], c[..., -1:, :], read[..., 1:, :], h.unsqueeze(-2)]
    return torch.cat(every, -2).flatten(-3, -2)


def tangents(h: Tensor, c: Tensor, at: Tensor) -> Tensor:
    """The same of small changes: h, c as in `values`, `at` (..., L, H) the innermost raw cells.

    Without cells `at` is not looked at.
    """
    if c.shape[-2] == 0:
        return h
    inner = c[..., -1:, :]
    slope = 1 - at.tanh().square().unsqueeze(-2)
    outer = c[..., :-1, :].flip(-2)
    return torch.cat([slope * inner, inner, outer, h.unsqueeze(-2)], -2).flatten(-3, -2)
