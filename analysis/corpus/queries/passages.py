"""Finds the places of the corpus where a cell is highest or lowest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.corpus.cells import Cell
from analysis.corpus.queries.around import around
from analysis.corpus.queries.query import Query, shown

End = Literal["top", "bottom"]


@dataclass(frozen=True)
class Passage:
    """A place of the text and what is around it."""

    position: int
    value: float  # of the cell, there
    start: int  # of `text`
    text: str
    values: list[float]  # of the cell, one a character of `text`
    others: list[list[float]]  # of the other cells asked for


def passages(
    query: Query,
    cell: Cell,
    end: End = "top",
    count: int = 10,
    context: int = 60,
    others: Sequence[Cell] = (),
    check: Callable[[list[tuple[int, int]]], object] = lambda spans: None,
) -> list[Passage]:
    """The `count` places where the cell is highest (lowest), best first, ties by position.

    Args:
        context: characters around a place; places are at least so far apart.
        others: cells whose values are given beside the cell's.
        check: called with the places and their context (start, stop) before they are read; what
            it raises ends the search.
    """
    order = "DESC" if end == "top" else "ASC"
    # A place rules out those less than `context` away: so many rows hold all that can be chosen.
    enough = count * max(1, 2 * context - 1)
    rows = query.rows(
        f"position, {cell.column} AS value", f"ORDER BY value {order}, position LIMIT {enough}"
    )
    chosen: list[tuple[int, int]] = []
    for position, value in zip(rows["position"].tolist(), rows["value"].tolist(), strict=True):
        query.stop.check()
        if all(abs(position - other) >= context for other, _ in chosen):
            chosen.append((position, value))
            if len(chosen) == count:
                break
    T = query.corpus.characters
    spans = [(max(0, at - context), min(T, at + context + 1)) for at, _ in chosen]
    check(spans)
    return _passages(query, [cell, *others], chosen, spans)


def _passages(
    query: Query,
    cells: Sequence[Cell],
    places: list[tuple[int, int]],
    spans: list[tuple[int, int]],
) -> list[Passage]:
    """The places (position and value) with their surroundings (start, stop), read at once."""
    found = []
    for (at, value), (start, stop), (own, *beside) in zip(
        places, spans, around(query, cells, spans), strict=True
    ):
        text = query.corpus.text(start, stop)
        found.append(Passage(at, shown(np.array([value]))[0], start, text, own, beside))
    return found
