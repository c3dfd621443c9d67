"""What the page of results shows: Tables 1-3 and the curves of Figures 5-7, as plain JSON.

The page is served without this package, so `python -m experiments.results` writes it beside the
page's own files.
"""

from collections.abc import Iterable
from typing import Any

from experiments.paper import TABLES, Table

FIGURES = {
    1: (5, "Bits per character by epoch", ("bpc_reset", "bpc")),
    2: (6, "Perplexity by epoch", ("perplexity",)),
    3: (7, "Negative log-likelihood by epoch", ("nll",)),
}
"""Of each table: the paper's figure, what it shows, and the names of the score in a run's log."""


def charts(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A chart for each table, with a pair of curves for each of its runs."""
    results = list(results)
    return [
        _chart(table, [r for r in results if r["experiment"] == table.experiment])
        for table in TABLES
    ]


def _chart(table: Table, results: list[dict[str, Any]]) -> dict[str, Any]:
    number, title, names = FIGURES[table.number]
    return {
        "table": table.number,
        "figure": number,
        "title": title,
        "paper": [
            {"label": row.label, "valid": row.paper[next(iter(table.scores))]} for row in table.rows
        ],
        "runs": [
            {
                "name": result["name"],
                "epochs": [line["epoch"] for line in result["epochs"]],
                "train": [_of("train", names, line) for line in result["epochs"]],
                "valid": [_of("valid", names, line) for line in result["epochs"]],
            }
            for result in results
        ],
    }


def _of(part: str, names: tuple[str, ...], line: dict[str, Any]) -> float | None:
    """The part's score in a line of a log, by the first of the names it has."""
    for name in names:
        value = line.get(f"{part}_{name}")
        if value is not None:
            return round(float(value), 4)
    return None
