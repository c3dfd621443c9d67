"""The timescale of each single cell: the primary measure, taken out of a result file.

It needs no scipy: the server starts with it.
"""

from typing import Any, TypedDict

from analysis.timescales.measures.context_swap import ContextSwap
from analysis.timescales.schema import Curve, Each, Member, Report

Place = tuple[int, int | None, str]
"""The layer, the level and the state of a memory."""


class Curves(TypedDict):
    """The share left after so many characters, over all cells of one memory."""

    lags: list[int]
    low: list[float | None]  # the quantile 0.1
    median: list[float | None]
    high: list[float | None]  # the quantile 0.9


class Shares(TypedDict):
    """The share left after so many characters in each cell, by its number."""

    lags: list[int]
    shares: list[list[float] | None]  # None: not kept


class CellTimescales(Member):
    """The timescale of each cell of one memory, by number of the cell, in characters."""

    tau: list[float | None]
    low: list[float | None]
    high: list[float | None]
    status: list[str | None]
    curves: Curves | None
    each: Shares | None


def timescales_of_cells(result: Report, hidden: int) -> list[CellTimescales]:
    """The context swap of the values that the network reads, memory by memory.

    Args:
        result: of a result file; of an older one the curves of single cells are missing.
        hidden: how many cells a memory has.

    Raises:
        KeyError, TypeError, IndexError, AttributeError, ValueError: it is not of this form.
    """
    listed = result.get("curves", [])
    each = {
        _place(curve): _shares(curve["each"], hidden, result["settings"]["every_nth_unit"])
        for curve in listed
        if "each" in curve
    }
    curves = {_place(curve): _quantiles(curve) for curve in listed if _is_primary(curve)}
    memories: dict[Place, CellTimescales] = {}
    for row in result["units"]:
        unit = row["unit"]
        if unit is None or not _is_primary(row):
            continue
        place = _place(row)
        if place not in memories:
            memories[place] = {
                "layer": row["layer"],
                "level": row["level"],
                "state": row["state"],
                "tau": [None] * hidden,
                "low": [None] * hidden,
                "high": [None] * hidden,
                "status": [None] * hidden,
                "curves": curves.get(place),
                "each": each.get(place),
            }
        memory = memories[place]
        memory["tau"][unit], memory["low"][unit] = row["tau"], row["low"]
        memory["high"][unit], memory["status"][unit] = row["high"], row["status"]
    return list(memories.values())


def _is_primary(entry: Any) -> bool:
    """Return whether a row or a curve is of the primary measure, of a value that is read."""
    return (entry["measure"], entry.get("value")) == (ContextSwap.key, "read")


def _place(entry: Any) -> Place:
    """The place of a row or of a curve."""
    return entry["layer"], entry["level"], entry["state"]


def _quantiles(curve: Curve) -> Curves | None:
    """The curves over the cells of a memory; None where all are dead or saturated."""
    quantiles = curve["quantiles"]
    if quantiles is None:
        return None
    return {
        "lags": curve["lags"],
        "low": quantiles["0.1"],
        "median": quantiles["0.5"],
        "high": quantiles["0.9"],
    }


def _shares(kept: Each, hidden: int, stride: int) -> Shares:
    """The curves of single cells in a result file, by the number of the cell."""
    shares: list[list[float] | None] = [None] * hidden
    for unit, row in zip(range(0, hidden, stride), kept["thousandths"], strict=True):
        shares[unit] = [share / 1000 for share in row]
    return {"lags": kept["lags"], "shares": shares}
