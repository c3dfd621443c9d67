"""Transplants the slow and the fast half of every memory separately: which half is used?

A median hides a few cells with a long memory. Here the cells of a memory are sorted by how long
they remember (context swap); the slower half and the faster half are then replaced by another
passage's, each alone, and the cost is measured as in `measures.transplant`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.timescales.bootstrap import Estimates
from analysis.timescales.measures.measure import Group, Loss, Setup
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.passages import Reader

LEAST_CELLS = 4
"""A memory with fewer usable cells has no halves."""


@dataclass(frozen=True)
class Half:
    """One half of a memory, and the cost of its transplant."""

    layer: int
    level: int
    slow: bool
    loss: Loss


def split(tau: NDArray[np.floating], used: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """The slower and the faster half of the usable cells, equally many; the middle one in neither.

    Args:
        tau: (H,), infinite where it is beyond what was measured.
        used: (H,), neither dead nor saturated.
    """
    order = [int(u) for u in np.argsort(tau, kind="stable") if used[u]]
    count = len(order) // 2
    return sorted(order[len(order) - count :]), sorted(order[:count])


def halves(
    setup: Setup,
    reader: Reader,
    contexts: list[Estimates | None],
    used: NDArray[np.bool_],
    weights: NDArray[np.float32],
    progress: Callable[[int], None],
) -> list[Half]:
    """Both halves of every memory of cells, slow before fast.

    Args:
        contexts: context swap, an estimate for each of `setup.memories`.
        used: (M, H), neither dead nor saturated.
        progress: called with the passages read.
    """
    found: list[tuple[int, int, bool]] = []
    groups: list[Group] = []
    for m, (memory, estimates) in enumerate(zip(setup.memories, contexts, strict=True)):
        if memory.level is None or memory.value != "read" or estimates is None:
            continue
        slow, fast = split(estimates.tau, used[m])
        if len(slow) * 2 < LEAST_CELLS:
            continue
        for cells, is_slow in ((slow, True), (fast, False)):
            found.append((memory.layer, memory.level, is_slow))
            groups.append(Group((memory.place,), tuple(cells)))
    if not groups:
        return []
    transplant = Transplant(setup, groups)
    for n, passage in enumerate(reader.passages()):
        progress(n)
        transplant.add(passage)
    losses = transplant.estimate(weights)
    return [Half(*place, loss) for place, loss in zip(found, losses, strict=True)]
