"""Evidence from a report for the verdicts: timescales, saturated shares, transplants."""

from typing import NamedTuple, cast

import numpy as np
from numpy import nan

from analysis.timescales import measures
from analysis.timescales.decay import Floats
from analysis.timescales.measures.context_swap import ContextSwap
from analysis.timescales.measures.impulse import Impulse
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.schema import Curve, Evidence, Report, UnitRow

SIMILAR_SATURATED = 0.10
"""The largest difference between two shares of saturated cells that may be compared."""
DECISIVE = (ContextSwap.key, Impulse.key)
"""The measures of units that a verdict rests on."""


class Place(NamedTuple):
    """A memory of a network by the value read."""

    layer: int
    level: int | None


def taus(report: Report, place: Place, measure: str) -> Floats:
    """Every unit's timescale: censored at the longest, NaN where dead, saturated or n/a."""
    longest = report["settings"]["longest"][measure]
    rows = [
        row
        for row in report["units"]
        if (row["layer"], row["level"]) == place
        and row["value"] == "read"
        and row["measure"] == measure
        and row["unit"] is not None
    ]
    return np.array(
        [
            row["tau"] if row["status"] == "ok" else longest if row["status"] == "censored" else nan
            for row in rows
        ]
    )


def saturated_share(report: Report, place: Place) -> float:
    """The share of a memory's units that are saturated, and so left out of every comparison."""
    statuses = [
        row["status"]
        for row in report["units"]
        if (row["layer"], row["level"]) == place
        and row["value"] == "read"
        and row["measure"] == DECISIVE[0]
        and row["unit"] is not None
    ]
    return statuses.count("saturated") / max(1, len(statuses))


def ratios(report: Report, first: Place, second: Place, measure: str) -> Floats:
    """log2(first / second) of the units usable in both."""
    ratio = np.log2(taus(report, first, measure)) - np.log2(taus(report, second, measure))
    return np.asarray(ratio[~np.isnan(ratio)])


def network(report: Report) -> tuple[int, int]:
    """Layers and depth."""
    network = report["settings"]["network"]
    return network["layers"], network["depth"]


def of_lstm(report: Report) -> bool:
    """Return whether a report is of an LSTM: the claims set no GRU beside one, which has no c."""
    return report["settings"]["network"].get("cell", "lstm") == "lstm"


def cell_rows(report: Report) -> list[UnitRow]:
    """The rows of every cell by the primary measure, as it is read: of c, or of a GRU's h."""
    rows = [
        row
        for row in report["units"]
        if row["measure"] == measures.PRIMARY and row["value"] == "read"
    ]
    return [row for row in rows if row["state"] == "c"] or rows


def transplant(report: Report, *places: Place) -> Curve:
    """The transplant of these states and no others, as the report's curves have it."""
    for curve in report["curves"]:
        if curve["measure"] == Transplant.key:
            members = {(member["layer"], member["level"]) for member in curve["members"]}
            if members == set(places):
                return curve
    raise KeyError(places)


def brief(evidence: Evidence) -> Evidence:
    """The number with four digits."""
    short = {
        k: float(f"{v:.4g}") if isinstance(v, float) else bool(v) if k == "holds" else v
        for k, v in evidence.items()
    }
    return cast(Evidence, short)
