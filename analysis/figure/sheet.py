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
    memories: list[str]  # what stands over the columns
    cells: list[int]
    values: Array  # (T, M, H): what is shown of `cells`, within [-1, 1]


def sheet(trace: Trace, name: str, cells: Sequence[int], own_scale: bool = False) -> Sheet:
    """The displayed values of some cells of a trace, each on its own scale if `own_scale`.

    Raises:
        ValueError: there is no such cell.
    """
    last = trace.c.shape[-1] - 1
    if wrong := [cell for cell in cells if not 0 <= cell <= last]:
        raise ValueError(f"there is no cell {wrong[0]}: they go from 0 to {last}")
    names, values = columns(trace.display, trace.h)
    chosen = values[..., list(cells)]
    return Sheet(name, names, list(cells), scaled(chosen) if own_scale else chosen)


def columns(c: Array, h: Array) -> tuple[list[str], Array]:
    """The memories as one sees them: top layer first, innermost level first.

    A single plain LSTM has its h beside its only cell.

    Args:
        c: (T, L, D, H), by the display rule.
        h: (T, L, H).

    Returns:
        Their names, and (T, M, H).
    """
    layers, depth = c.shape[1:3]
    if layers == depth == 1:
        return ["cell tanh(c)", "output h"], np.concatenate([c[:, 0], h], axis=1)
    names = []
    for layer in reversed(range(layers)):
        for level in reversed(range(depth)):
            words = [f"layer {layer + 1}"] if layers > 1 else []
            if depth > 1:
                middle = "middle" if depth == 3 else f"level {level}"  # noqa: PLR2004
                words.append({0: "outer", depth - 1: "inner"}.get(level, middle))
            symbol = "c" + "\u0303" * level
            names.append(" ".join([*words, f"tanh({symbol})" if level == depth - 1 else symbol]))
    return names, c[:, ::-1, ::-1].reshape(len(c), layers * depth, -1)


def scaled(values: Array) -> Array:
    """Each memory and cell of (T, M, H) divided by its largest magnitude over the text."""
    most = np.abs(values).max(axis=0, initial=0.0)
    return (values / np.where(most > 0, most, 1)).astype(np.float32)
