"""The curves of Figures 5-7 as plain JSON: one chart for each group of comparable networks.

The page is served without this package, so `python -m experiments.results` writes it beside the
page's own files.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from experiments.paper import TABLES, Figure, Table
from experiments.report.result import Chart, Curves, Epoch, Mark, Result, Setting
from experiments.report.search import varied
from experiments.report.seeds import by_seed, name_of
from experiments.report.tables import classes, of_row, parameters_of
from experiments.report.wording import network, told, usual


class Score(NamedTuple):
    """A score that a figure shows by epoch."""

    of_epoch: Callable[[Epoch, str], float | None]  # of a part, "train" or "valid"
    of_paper: Callable[[Mapping[str, float]], float]  # the paper's validation number of a row


def charts(results: Iterable[Result]) -> list[Chart]:
    """The charts of all tables, each with a pair of curves for each of its runs."""
    results = [result for result in results if not varied(result)]
    found = []
    for table in TABLES:
        groups = by_seed([r for r in results if r["experiment"] == table.experiment])
        found += _charts(table, groups)
    return found


def _charts(table: Table, groups: list[list[Result]]) -> list[Chart]:
    full = [runs for row in table.rows for runs in of_row(row, groups)]
    smaller = [runs for runs in groups if runs not in full]
    found = []
    for figure in table.figures:
        if not figure.by_size:
            found.append(_chart(table, figure, figure.title, full))
            continue
        if full:
            title = f"{figure.title}, of the paper's size"
            found.append(_chart(table, figure, title, full))
        for alike in classes(smaller):
            title = f"{figure.title}, {parameters_of(alike)}"
            found.append(_chart(table, figure, title, alike) | {"paper": []})
    return found


def _chart(table: Table, figure: Figure, title: str, groups: list[list[Result]]) -> Chart:
    score = SCORES[figure.score]
    common = usual(runs[0]["settings"] for runs in groups) if groups else {}
    curves = [_curves(runs, common, score) for runs in groups]
    marks: list[Mark] = [
        {"label": row.label, "valid": score.of_paper(row.paper)} for row in table.rows
    ]
    return {
        "table": table.number,
        "title": title,
        "axis": figure.axis,
        "log": figure.log,
        "paper": marks,
        "trained": any(value is not None for curve in curves for value in curve["train"]),
        "runs": curves,
    }


def _curves(runs: list[Result], common: dict[str, Setting], score: Score) -> Curves:
    """The curves of a run, or their mean over seeds up to the end of the shortest run."""
    settings = runs[0]["settings"]
    lines = list(zip(*(run["epochs"] for run in runs), strict=False))
    words = [network(settings), *told(settings, common)]
    if "valid_bpc_reset" in lines[0][0] and "valid_bpc" not in lines[0][0]:
        words.append("from zero every 100 characters")
    if len(runs) > 1:
        words.append(f"mean of {len(runs)} seeds")
    return {
        "name": name_of(runs),
        "words": "; ".join(words),
        "epochs": [line[0]["epoch"] for line in lines],
        "train": [_mean([score.of_epoch(one, "train") for one in line]) for line in lines],
        "valid": [_mean([score.of_epoch(one, "valid") for one in line]) for line in lines],
    }


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.mean(known), 4) if len(known) == len(values) else None


def _named(name: str) -> Callable[[Epoch, str], float | None]:
    def score(line: Epoch, part: str) -> float | None:
        value = line.get(f"{part}_{name}")
        return None if value is None else float(value)

    return score


def _bits(line: Epoch, part: str) -> float | None:
    """Bits per character with the state carried; if there are none, with the state reset."""
    carried = _named("bpc")(line, part)
    return _named("bpc_reset")(line, part) if carried is None else carried


def _error(line: Epoch, part: str) -> float | None:
    accuracy = _named("accuracy")(line, part)
    return None if accuracy is None else 100 * (1 - accuracy)


SCORES = {
    "bpc": Score(_bits, lambda paper: paper["valid"]),
    "perplexity": Score(_named("perplexity"), lambda paper: paper["valid"]),
    "nll": Score(_named("nll"), lambda paper: paper["valid NLL"]),
    "error": Score(_error, lambda paper: round(100 * (1 - paper["valid accuracy"]), 4)),
}
"""The scores by the name that a `Figure` of the paper has for them."""
