"""Finds the cells that are on at a span, and only there."""

from dataclasses import dataclass

import numpy as np

from analysis.corpus.cells import Cell
from analysis.corpus.queries.query import Query, batch_of, is_on, level
from models.memories import BYTE_OF_ONE

AT_ONCE = 64
"""Columns that are counted in one statement."""


@dataclass(frozen=True)
class Exact:
    """A cell that is on in the whole span and off right before and after it."""

    cell: Cell
    sign: int  # which of its signs is on
    inside: float  # mean of sign * value in the span
    elsewhere: float  # share of all other characters at which it is on, too


def exact(query: Query, start: int, stop: int, threshold: float = 0.3) -> list[Exact]:
    """The cells on at exactly the characters `start` to `stop` (exclusive), most exclusive first.

    On means sign * value >= threshold. At an end of the text there is no character beyond, and
    nothing is asked of it. Ties are in the order of the cells.
    """
    q = level(threshold)
    cells = query.corpus.network.cells()
    low, high, total = np.full((3, len(cells)), [[127], [-127], [0]])
    beyond = []
    span = (max(0, start - 1), min(query.corpus.characters, stop + 1))
    within = f"WHERE position >= {span[0]} AND position < {span[1]}"
    for rows in query.batches("*", within, span=span, batch=batch_of(len(cells))):
        position = rows.pop("position")
        values = np.stack(list(rows.values()))  # (M, t)
        inside = (position >= start) & (position < stop)
        beyond.append(values[:, ~inside])
        low = np.minimum(low, values[:, inside].min(1, initial=127))
        high = np.maximum(high, values[:, inside].max(1, initial=-127))
        total += values[:, inside].sum(1, dtype=np.int64)
    edges = np.concatenate(beyond, 1)
    found = [(k, 1) for k in np.flatnonzero((low >= q) & (edges < q).all(1)).tolist()]
    found += [(k, -1) for k in np.flatnonzero((high <= -q) & (edges > -q).all(1)).tolist()]
    found.sort()
    others = query.corpus.characters - (stop - start)
    counts = _counts(query, [(cells[k], sign) for k, sign in found], threshold)
    answer = [
        Exact(
            cell=cells[k],
            sign=sign,
            inside=round(sign * int(total[k]) / (stop - start) / BYTE_OF_ONE, 4),
            elsewhere=(count - (stop - start)) / others if others else 0.0,
        )
        for (k, sign), count in zip(found, counts, strict=True)
    ]
    return sorted(answer, key=lambda exact: exact.elsewhere)


def _counts(query: Query, cells: list[tuple[Cell, int]], threshold: float) -> list[int]:
    """The number of characters of the corpus at which each is on."""
    counts: list[int] = []
    for a in range(0, len(cells), AT_ONCE):
        conditions = [is_on(*each, threshold) for each in cells[a : a + AT_ONCE]]
        select = ", ".join(
            f"count(*) FILTER ({condition}) AS n{k}" for k, condition in enumerate(conditions)
        )
        rows = query.rows(select)
        counts += [int(rows[f"n{k}"][0]) for k in range(len(conditions))]
    return counts
