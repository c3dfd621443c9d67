"""One model's part of the figure: its memories as columns, the cells chosen as rows.

Axes: T character, M memory, H cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trace import Trace

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """One model's part of the figure."""

    name: str
    memories: list[str]  # the headings of the columns
    cells: list[int]
    values: Array  # (T, M, H): what is shown of `cells`, within [-1, 1]


def sheet(trace: Trace, name: str, cells: Sequence[int], own_scale: bool = False) -> Sheet:
    """The display values of some cells of a trace, scaled per cell if `own_scale`.

    Raises:
        ValueError: there is no such cell.
    """
    last = trace.c.shape[-1] - 1
    if wrong := [cell for cell in cells if not 0 <= cell <= last]:
        raise ValueError(f"there is no cell {wrong[0]}: cells are numbered 0 to {last}")
    columns = trace.memories
    shown = trace.display
    values = [
        trace.h[:, m.layer] if m.level is None else shown[:, m.layer, m.level] for m in columns
    ]
    chosen = np.stack(values, axis=1)[..., list(cells)]
    names = [memory.label for memory in columns]
    return Sheet(name, names, list(cells), scaled(chosen) if own_scale else chosen)


def scaled(values: Array) -> Array:
    """Each memory and cell of (T, M, H) divided by its largest magnitude over the text."""
    most = np.abs(values).max(axis=0, initial=0.0)
    return (values / np.where(most > 0, most, 1)).astype(np.float32)
