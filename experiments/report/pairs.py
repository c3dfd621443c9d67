"""A Nested LSTM beside a Stacked one of equal size, trained alike: which predicts better.

The losses of different data are compared as bits per prediction, and a difference in per cent of
the Stacked LSTM's bits.
"""

import json
import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from experiments.paper import TABLES, Row, Table
from experiments.report.result import Line, Pair, Result, Sheet
from experiments.report.search import varied
from experiments.report.seeds import by_seed, name_of
from experiments.report.wording import recipe, told
from experiments.train.settings import Settings

TITLES = {table.data: table.title.split(",")[0] for table in TABLES} | {
    "warpeace_input": "War and Peace",
    "sqlite_src": "SQLite’s source",
}
"""The names of the data."""

ALIKE = 0.1
"""Shares of saturated cells that differ by more do not allow a comparison of architectures."""

SHOWN = 8
"""Per cent: a larger difference is drawn at the edge of the picture."""

SEVERAL = 3
"""Seeds that say something about an architecture, at least."""

TIE = 0.5
"""Per cent: a smaller difference is none, nor is one on whose sign the seeds do not agree."""

BITS: Mapping[str, Callable[[float], float]] = {
    "bpc": lambda bits: bits,
    "perplexity": math.log2,
    "nll": lambda nats: nats / math.log(2),
}
"""Bits per prediction, of a score by a part of its name."""

TITLE = "Which predicts better, a Nested or a Stacked LSTM?"
NOTE = (
    "Every pair of one size that was trained here with the same settings. Bits per prediction on "
    "test; of texts, from zero every 100 characters, as the paper seems to score. Fewer are "
    "better. The difference is in per cent of the Stacked LSTM’s bits, with the range over seeds. "
    "If the shares of saturated cells differ by more than ten points, saturation and not the "
    "architecture may decide: the difference is in parentheses and not counted. A difference of "
    "less than 0.5 %, or one on whose sign the seeds do not agree, counts as level."
)


def pairs(results: Iterable[Result]) -> list[Pair]:
    """The paper's pairs, then ours: by data, the largest networks and the most seeds first.

    Those of the search for a recipe come last.
    """
    nested, stacked = (
        {_alike(runs): runs for runs in sorted(by_seed(results), key=len) if _is(runs, *kind)}
        for kind in ((1, 2), (2, 1))
    )
    found = [
        pair
        for key, runs in nested.items()
        if key in stacked and (pair := _of_runs(runs, stacked[key]))
    ]
    data = [*TITLES.values()]
    found.sort(
        key=lambda pair: (
            pair["searched"],
            data.index(pair["title"]) if pair["title"] in data else len(data),
            -pair["parameters"],
            -pair["seeds"],
            pair["words"],
        )
    )
    return [*map(_of_paper, TABLES), *found]


def _is(runs: list[Result], layers: int, depth: int) -> bool:
    settings = Settings.recorded(runs[0]["settings"])
    return (settings.cell, settings.layers, settings.depth) == ("lstm", layers, depth)


def _alike(runs: list[Result]) -> str:
    """The data, the size and the settings of runs: equal in the two networks of a pair."""
    settings = runs[0]["settings"]
    return json.dumps([runs[0]["data"], settings["hidden"], recipe(settings)], sort_keys=True)


def sheet(results: Iterable[Result]) -> Sheet:
    """The pairs as a table."""
    lines: list[Line] = [
        {
            "kind": "pair",
            "label": f"{'the paper: ' if pair['paper'] else ''}{pair['title']}, {pair['words']}",
            "words": "",
            "cells": [f"{pair['nested']:.3f}", f"{pair['stacked']:.3f}", difference(pair)],
        }
        for pair in pairs(results)
    ]
    head = ["Nested", "Stacked", "difference"]
    return {"title": TITLE, "note": NOTE, "head": head, "lines": lines}


def difference(pair: Pair) -> str:
    """The difference in words: in parentheses if it says nothing about the architectures."""
    words = f"{_signed(pair['percent'])} %"
    if pair["low"] != pair["high"]:
        words += f", {_signed(pair['low'])} to {_signed(pair['high'])}"
    return words if pair["alike"] else f"({words})"


def _signed(percent: float) -> str:
    rounded = round(percent, 1)
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def summary(found: Iterable[Pair]) -> str:
    """The number of our pairs that each architecture wins, in a sentence."""
    ours = [pair for pair in found if pair["alike"] and not pair["paper"]]
    several = [pair for pair in ours if pair["seeds"] >= SEVERAL]
    return (
        f"Of {len(ours)} pairs trained alike here, {_counted(ours)}. "
        f"Of the {len(several)} with three seeds or more, {_counted(several)}. "
        "In the paper the Nested LSTM predicts better in all three."
    )


def _counted(some: list[Pair]) -> str:
    nested = sum(pair["high"] < 0 and pair["percent"] <= -TIE for pair in some)
    stacked = sum(pair["low"] > 0 and pair["percent"] >= TIE for pair in some)
    level = len(some) - nested - stacked
    return (
        f"the Stacked LSTM predicts better in {stacked or 'none'} and the Nested LSTM in "
        f"{nested or 'none'}, and {level or 'none'} {'is' if level == 1 else 'are'} level"
    )


def _of_paper(table: Table) -> Pair:
    nested = next(row for row in table.rows if row.depth > 1)
    stacked = next(row for row in table.rows if row.layers == nested.depth)
    score = "test NLL" if "test NLL" in table.scores else "test"

    def bits(row: Row) -> float:
        return _bits(table.scores[score], row.paper[score])

    percent = 100 * (bits(nested) / bits(stacked) - 1)
    return {
        "title": TITLES[table.data],
        "words": f"{nested.parameters:,} parameters",
        "names": [],
        "paper": True,
        "alike": True,
        "searched": False,
        "parameters": nested.parameters,
        "seeds": 1,
        "nested": bits(nested),
        "stacked": bits(stacked),
        "percent": percent,
        "low": percent,
        "high": percent,
    }


def _of_runs(nested: list[Result], stacked: list[Result]) -> Pair | None:
    """The pair of two groups of runs, of the seeds that both have; None if there is none."""
    by_number = {run["settings"]["seed"]: run for run in stacked if _test(run)}
    both = [
        (run, by_number[seed])
        for run in nested
        if (seed := run["settings"]["seed"]) in by_number and _test(run)
    ]
    if not both:
        return None
    bits = [(_test(one) or 0.0, _test(other) or 0.0) for one, other in both]
    percents = [100 * (one / other - 1) for one, other in bits]
    shares = [
        statistics.mean(run["scores"].get("saturated", 0.0) for run in runs)
        for runs in zip(*both, strict=True)
    ]
    first = nested[0]
    seeds = f"{len(both)} seed{'s' if len(both) > 1 else ''}"
    return {
        "title": TITLES.get(first["data"], first["data"]),
        "words": "; ".join([f"{first['parameters']:,} parameters", *_words(first), seeds]),
        "names": [name_of(nested), name_of(stacked)],
        "paper": False,
        "alike": abs(shares[0] - shares[1]) <= ALIKE,
        "searched": varied(first) and len(both) < SEVERAL,
        "parameters": first["parameters"],
        "seeds": len(both),
        "nested": statistics.mean(one for one, _ in bits),
        "stacked": statistics.mean(other for _, other in bits),
        "percent": statistics.mean(percents),
        "low": min(percents),
        "high": max(percents),
    }


def _words(run: Result) -> list[str]:
    """The epochs, and the settings that differ from the default recipe or from the paper's."""
    settings = Settings.recorded(run["settings"])
    epochs = f"{settings.epochs} epoch{'s' if settings.epochs > 1 else ''}"
    table = next((table for table in TABLES if table.data == run["data"]), None)
    references: list[tuple[list[str], Mapping[str, Any]]] = [([], vars(Settings()))]
    if table:
        references.append((["the paper’s settings"], {**vars(Settings()), **table.settings}))
    words = []
    for base, reference in references:
        same = {name: reference[name] for name in ("epochs", "patience", "matmul_precision")}
        words.append([*base, *told({**vars(settings), **same}, recipe(reference))])
    return [f"at most {epochs}" if settings.patience else epochs, *min(words, key=len)]


def _test(run: Result) -> float | None:
    """Bits per prediction on test, of a stream from zero every 100 characters; None if unscored."""
    scores = run["scores"]
    name = next((name for name in ("test_bpc_reset", "test_bpc", "test_nll") if name in scores), "")
    return _bits(name, scores[name]) if name else None


def _bits(name: str, score: float) -> float:
    """Bits per prediction, of a score by its name in a checkpoint."""
    return next(to_bits(score) for unit, to_bits in BITS.items() if unit in name)
