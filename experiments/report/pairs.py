"""A Nested LSTM beside a Stacked one of equal size, trained alike: which predicts better.

The losses of different data are compared as bits per prediction, and a difference in per cent of
the Stacked LSTM's bits.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from experiments.paper import TABLES, Row, Table
from experiments.report.result import Line, Pair, Result, Sheet
from experiments.report.seeds import by_seed, name_of
from experiments.train.settings import Settings


class Names(NamedTuple):
    """Two runs, or sets of runs with the same seeds, by their names without the seed."""

    title: str
    nested: str
    stacked: str


OURS = (
    Names("Penn Treebank", "best-nlstm-600", "best-lstm-2x600"),
    Names("Penn Treebank", "paper-nlstm-600", "paper-lstm-2x600"),
    Names("Penn Treebank", "nested-ptb", "stacked-ptb"),
    Names("Penn Treebank", "rate-0.02-nested", "rate-0.02-stacked"),
    Names("Penn Treebank", "drift-nested", "drift-stacked"),
    Names("Penn Treebank", "plain-nested", "plain-stacked"),
    Names("War and Peace", "nested-war-and-peace", "stacked-war-and-peace"),
    Names("SQLite’s source", "nested-sqlite", "stacked-sqlite"),
    Names("Chinese poetry", "poetry-nlstm-32-frequency", "poetry-lstm-2x32-frequency"),
    Names("Chinese poetry", "poetry-nlstm-32", "poetry-lstm-2x32"),
    Names("MNIST Glimpses", "glimpses-nlstm-75", "glimpses-lstm-2x75"),
)
"""Pairs with the same settings. The runs that exist are shown."""

ALIKE = 0.1
"""Shares of saturated cells that differ by more do not allow a comparison of architectures."""

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
    "Bits per prediction on test, of two networks of one size with the same settings; fewer are "
    "better. The difference is in per cent of the Stacked LSTM's, with the range over seeds. The "
    "paper's pairs come first. Networks whose shares of saturated cells differ by more than ten "
    "points are told apart by the runaway and not by their architecture: their difference is in "
    "parentheses and not counted. A difference of less than 0.5 %, or one on whose sign the seeds "
    "do not agree, counts as level."
)


def pairs(results: Iterable[Result]) -> list[Pair]:
    """The paper's pairs, then ours."""
    groups = {
        name_of(runs).removesuffix(f"-{runs[0]['settings']['seed']}"): runs
        for runs in by_seed(results)
    }
    found = [_of_paper(table) for table in TABLES]
    for names in OURS:
        if names.nested in groups and names.stacked in groups:
            found.append(_of_runs(names, groups[names.nested], groups[names.stacked]))
    return found


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
    nested = sum(pair["high"] < 0 and pair["percent"] <= -TIE for pair in ours)
    stacked = sum(pair["low"] > 0 and pair["percent"] >= TIE for pair in ours)
    level = len(ours) - nested - stacked
    verb = "is" if level == 1 else "are"
    return (
        f"In {len(ours)} pairs trained alike here, the Nested LSTM predicts better "
        f"{_times(nested)} and the Stacked LSTM {_times(stacked)}; {level} {verb} level. "
        "In the paper the Nested LSTM predicts better in all three."
    )


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _of_paper(table: Table) -> Pair:
    nested = next(row for row in table.rows if row.depth > 1)
    stacked = next(row for row in table.rows if row.layers == nested.depth)
    score = "test NLL" if "test NLL" in table.scores else "test"

    def bits(row: Row) -> float:
        return _bits(table.scores[score], row.paper[score])

    percent = 100 * (bits(nested) / bits(stacked) - 1)
    return {
        "title": table.title.split(",")[0],
        "words": f"{nested.parameters:,} parameters",
        "names": [],
        "paper": True,
        "alike": True,
        "nested": bits(nested),
        "stacked": bits(stacked),
        "percent": percent,
        "low": percent,
        "high": percent,
    }


def _of_runs(names: Names, nested: list[Result], stacked: list[Result]) -> Pair:
    by_number = {run["settings"]["seed"]: run for run in stacked}
    both = [
        (run, by_number[seed]) for run in nested if (seed := run["settings"]["seed"]) in by_number
    ]
    bits = [(_test(one), _test(other)) for one, other in both]
    percents = [100 * (one / other - 1) for one, other in bits]
    shares = [
        statistics.mean(run["scores"]["saturated"] for run in runs)
        for runs in zip(*both, strict=True)
    ]
    return {
        "title": names.title,
        "words": f"{nested[0]['parameters']:,} parameters, {_words([run for run, _ in both])}",
        "names": [names.nested, names.stacked],
        "paper": False,
        "alike": abs(shares[0] - shares[1]) <= ALIKE,
        "nested": statistics.mean(one for one, _ in bits),
        "stacked": statistics.mean(other for _, other in bits),
        "percent": statistics.mean(percents),
        "low": min(percents),
        "high": max(percents),
    }


def _words(runs: list[Result]) -> str:
    """The settings in which the pairs of one data set differ."""
    settings = Settings.recorded(runs[0]["settings"])
    words = [
        f"{settings.epochs} epoch{'s' if settings.epochs > 1 else ''}",
        f"learning rate {settings.learning_rate:g}",
        *(["drift penalty"] if settings.drift else []),
        *(["zero head bias"] if settings.head_bias == "zero" else []),
        f"{len(runs)} seed{'s' if len(runs) > 1 else ''}",
    ]
    return ", ".join(words)


def _test(run: Result) -> float:
    """Bits per prediction on test; of a stream as in training, carried or not."""
    scores, carried = run["scores"], run["settings"].get("carry")
    reset = "test_bpc_reset" in scores and not carried
    name = "test_bpc_reset" if reset else "test_bpc" if "test_bpc" in scores else "test_nll"
    return _bits(name, scores[name])


def _bits(name: str, score: float) -> float:
    """Bits per prediction, of a score by its name in a checkpoint."""
    return next(to_bits(score) for unit, to_bits in BITS.items() if unit in name)
