"""Counts the values of a cell over the corpus."""

import numpy as np

from analysis.corpus.cells import Cell
from analysis.corpus.queries.query import Query
from models.memories import BYTE_OF_ONE


def histogram(query: Query, cell: Cell) -> list[int]:
    """The number of characters with each of the 255 stored values, -127 to 127."""
    rows = query.rows(f"{cell.column} AS value, count(*) AS characters", "GROUP BY value")
    counts = np.zeros(2 * BYTE_OF_ONE + 1, np.int64)
    counts[rows["value"].astype(np.int64) + BYTE_OF_ONE] = rows["characters"]
    return [int(count) for count in counts]
