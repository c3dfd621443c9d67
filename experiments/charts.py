"""What the page of results shows: Tables 1-3 and the curves of Figures 5-7, as plain JSON.

The page is served without this package, so `python -m experiments.results` writes it beside the
page's own files.
"""

import statistics
from collections.abc import Iterable
from typing import Any

from experiments.paper import TABLES, Table
from experiments.seeds import Result, by_seed, name_of

FIGURES = {
    1: (5, "Bits per character by epoch", ("bpc_reset", "bpc")),
    2: (6, "Perplexity by epoch", ("perplexity",)),
    3: (7, "Negative log-likelihood by epoch", ("nll",)),
}
"""Of each table: the paper's figure, what it shows, and the names of the score in a run's log."""


def charts(results: Iterable[Result]) -> list[dict[str, Any]]:
    """A chart for each table, with a pair of curves for each of its runs."""
    results = list(results)
    return [
        _chart(table, [r for r in results if r["experiment"] == table.experiment])
        for table in TABLES
    ]


def _chart(table: Table, results: list[Result]) -> dict[str, Any]:
    number, title, names = FIGURES[table.number]
    return {
        "table": table.number,
        "figure": number,
        "title": title,
        "paper": [
            {"label": row.label, "valid": row.paper[next(iter(table.scores))]} for row in table.rows
        ],
        "runs": [_curves(runs, names) for runs in by_seed(results)],
    }


def _curves(runs: list[Result], names: tuple[str, ...]) -> dict[str, Any]:
    """A run's; of several seeds the mean, as far as all of them went."""
    lines = list(zip(*(run["epochs"] for run in runs), strict=False))
    seeds = f", mean of {len(runs)} seeds" if len(runs) > 1 else ""
    return {
        "name": name_of(runs) + seeds,
        "epochs": [line[0]["epoch"] for line in lines],
        "train": [_mean([_of("train", names, one) for one in line]) for line in lines],
        "valid": [_mean([_of("valid", names, one) for one in line]) for line in lines],
    }


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.mean(known), 4) if len(known) == len(values) else None


def _of(part: str, names: tuple[str, ...], line: dict[str, Any]) -> float | None:
    """The part's score in a line of a log, by the first of the names it has."""
    for name in names:
        value = line.get(f"{part}_{name}")
        if value is not None:
            return float(value)
    return None
