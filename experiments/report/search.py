"""The search for a recipe: one setting changed at a time, the same for every architecture."""

import statistics
from collections.abc import Iterable

from experiments.report.result import Line, Result, Sheet
from experiments.report.seeds import by_seed
from experiments.report.wording import network, told
from experiments.train.settings import Settings, typed

RECIPE = Settings(hidden=64, epochs=1)
"""The settings that are varied. Of the size only the number of parameters counts."""
LARGEST = 70_000
"""Parameters of a network of the search, at most."""
CHANGES = 2
"""Settings that may differ from the recipe: one penalty in place of the other is two."""

TITLE = "The search for a recipe: Penn Treebank, 64 cells, one epoch"
NOTE = (
    "Bits per character of the validation part with the state carried, and the share of saturated "
    "innermost cells; one seed where no ± is given. The recipe: a learning rate that falls from "
    "0.005 along a cosine, the head's bias from the frequencies, a first input matrix of 5 times "
    "Glorot's size, 0.01 of the windows from zero, a penalty of 0.1 on the drift of the innermost "
    "cells (a GRU has none). A row changes what it says, the same for every architecture. "
    f"The command of its first cell: {typed('ptb', RECIPE)}"
)


def searched(result: Result) -> bool:
    """Return whether a run belongs to the search: the recipe, or a change of it."""
    settings = result["settings"]
    return (
        result["experiment"] == "ptb"
        and result["parameters"] < LARGEST
        and settings["epochs"] == RECIPE.epochs
        and settings.get("head_bias") == RECIPE.head_bias
        and len(told(settings, vars(RECIPE))) <= CHANGES
    )


def varied(result: Result) -> bool:
    """Return whether a run is a change of the recipe: the search shows it, the tables do not."""
    return searched(result) and bool(told(result["settings"], vars(RECIPE)))


def sheet(results: Iterable[Result]) -> Sheet:
    """The table: a row for each change, for each architecture its bits and saturated cells."""
    found: dict[str, dict[str, list[Result]]] = {}
    for runs in by_seed(result for result in results if searched(result)):
        words = "; ".join(told(runs[0]["settings"], vars(RECIPE)))
        found.setdefault(words, {})[network(runs[0]["settings"])] = runs
    networks = sorted({name for cells in found.values() for name in cells}, key=_order)
    lines: list[Line] = [
        {
            "kind": "change",
            "label": words or "the recipe",
            "words": "",
            "cells": [cell for name in networks for cell in _cells(found[words].get(name, []))],
        }
        for words in sorted(found)
    ]
    head = [words for name in networks for words in (name, "saturated")]
    return {"title": TITLE, "note": NOTE, "head": head, "lines": lines}


def _order(name: str) -> tuple[bool, bool, str]:
    return (not name.startswith("Nested"), not name.startswith("Stacked"), name)


def _cells(runs: list[Result]) -> tuple[str, str]:
    if not runs:
        return "–", "–"
    bits = [run["scores"]["valid_bpc"] for run in runs]
    spread = f" ± {statistics.stdev(bits):.3f}" if len(runs) > 1 else ""
    saturated = statistics.mean(run["scores"]["saturated"] for run in runs)
    return f"{statistics.mean(bits):.3f}{spread}", f"{100 * saturated:.1f} %"
