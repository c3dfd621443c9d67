"""The values of some cells at stretches of the text, read at once."""

from collections.abc import Sequence

import numpy as np

from analysis.corpus.cells import Cell
from analysis.corpus.queries.query import Query, shown


def around(
    query: Query, cells: Sequence[Cell], spans: Sequence[tuple[int, int]]
) -> list[list[list[float]]]:
    """Display values: for each span (start, stop) a list a cell, with a value a character."""
    if not cells or not spans:
        return [[] for _ in spans]
    near = " OR ".join(f"position >= {a} AND position < {b}" for a, b in spans)
    columns = ", ".join(f"{cell.column} AS value{k}" for k, cell in enumerate(cells))
    rows = query.rows(f"position, {columns}", f"WHERE {near}")
    found = []
    for span in spans:
        first, last = np.searchsorted(rows["position"], span)
        values = []
        for k in range(len(cells)):
            query.stop.check()  # a long stretch takes Python long
            values.append(shown(rows[f"value{k}"][first:last]))
        found.append(values)
    return found
