"""Finds the runs of characters in which several cells are on together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.cells import Cell
from analysis.corpus.queries.query import Query, batch_of, is_on
from models.memories import BYTE_OF_ONE

Order = Literal["longest", "best", "text"]


class Signed(NamedTuple):
    """A cell, and which of its two signs counts as on."""

    cell: Cell
    sign: int  # 1 or -1


@dataclass(frozen=True)
class Span:
    """A run of characters in which all cells are on, as long as it can be."""

    start: int
    stop: int
    strength: float  # mean of sign * value over its characters and cells
    matched: str  # the run
    text: str  # the run with its context


@dataclass(frozen=True)
class Matches:
    """The places found."""

    total: int  # runs of a length that was asked for
    spans: list[Span]


def match(
    query: Query,
    cells: Sequence[Signed],
    threshold: float = 0.3,
    length: tuple[int, int] | None = None,
    count: int = 20,
    context: int = 60,
    order: Order = "longest",
    check: Callable[[list[tuple[int, int]]], object] = lambda places: None,
) -> Matches:
    """The maximal runs in which every cell has sign * value >= threshold.

    Args:
        length: characters of a run, least and most.
        count: at most so many.
        context: characters before and after a run.
        order: the longest first, the strongest first, or as in the text; ties by position.
        check: called with the runs (start, stop) before their text is read; what it raises ends
            the search.
    """
    starts, stops, sums = _runs(query, cells, threshold)
    lengths = stops - starts
    if length:
        kept = (lengths >= length[0]) & (lengths <= length[1])
        starts, stops, sums, lengths = starts[kept], stops[kept], sums[kept], lengths[kept]
    strength = sums / np.maximum(lengths, 1) / (len(cells) * BYTE_OF_ONE)
    by = {"longest": -lengths, "best": -strength, "text": starts}[order]
    chosen = np.argsort(by, kind="stable")[:count].tolist()
    check([(int(starts[k]), int(stops[k])) for k in chosen])
    text = query.corpus.text
    spans = [
        Span(
            start=(a := int(starts[k])),
            stop=(b := int(stops[k])),
            strength=round(float(strength[k]), 4),
            matched=text(a, b),
            text=text(a - context, b + context),
        )
        for k in chosen
    ]
    return Matches(len(starts), spans)


def _runs(
    query: Query, cells: Sequence[Signed], threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """All runs in the order of the text: where they start and stop, and their summed values."""
    conditions = " AND ".join(is_on(cell, sign, threshold) for cell, sign in cells)
    # Sums are not left to DuckDB: to plan one of very many columns takes longer than to read them.
    columns = ", ".join(cell.column for cell, _ in cells)
    batch = batch_of(len(cells))
    starts, stops, sums = [], [], []
    for rows in query.batches(f"position, {columns}", f"WHERE {conditions}", batch=batch):
        positions: NDArray[Any] = rows["position"]
        total = np.zeros(len(positions), np.int64)
        for cell, sign in cells:
            total += sign * rows[cell.column].astype(np.int64)
        breaks = np.flatnonzero(np.diff(positions) != 1) + 1
        edges = np.concatenate([[0], breaks])
        starts.append(positions[edges])
        stops.append(positions[np.concatenate([breaks, [len(positions)]]) - 1] + 1)
        sums.append(np.add.reduceat(total, edges))
    if not starts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    start, stop, summed = np.concatenate(starts), np.concatenate(stops), np.concatenate(sums)
    # Runs that go on from one batch to the next are one.
    first = np.concatenate([[True], start[1:] != stop[:-1]])
    groups = np.flatnonzero(first)
    last = np.concatenate([groups[1:], [len(start)]]) - 1
    return start[groups], stop[last], np.add.reduceat(summed, groups).astype(np.float64)
