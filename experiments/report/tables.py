"""Tables 1-3 as plain values: the paper's rows, and under each our runs of that size."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from experiments.paper import TABLES, Row, Table
from experiments.report import search
from experiments.report.result import Line, Result, Setting, Sheet
from experiments.report.result import Settings as Recorded
from experiments.report.seeds import by_seed, name_of
from experiments.report.wording import SIZE, network, recipe, told, usual
from experiments.train.settings import Settings, typed

ALIKE = 1.05  # the parameters of two networks of a class, the one by the other, at most


def sheets(results: Iterable[Result]) -> list[Sheet]:
    """Tables 1-3, then the runs on other texts and the search for a recipe."""
    results = list(results)
    changed = search.sheet(results)
    results = [result for result in results if not search.varied(result)]
    parts = [
        _table(table, [r for r in results if r["experiment"] == table.experiment])
        for table in TABLES
    ]
    scores = TABLES[0].scores
    others: dict[str, list[Result]] = {}
    for result in results:
        if result["experiment"] == "text":
            others.setdefault(result["data"], []).append(result)
    lines = [
        line
        for data, runs in others.items()
        for alike in classes(by_seed(runs))
        for line in _class(scores, alike, _paper(TABLES[0]), f"{data}, ")
    ]
    note = (
        "As in Table 1. warpeace_input is War and Peace, sqlite_src the C source of SQLite, each "
        "split 80/10/10 by position."
    )
    return [*parts, _sheet("Other texts, bits per character", note, scores, lines), changed]


def classes(groups: Iterable[list[Result]]) -> list[list[list[Result]]]:
    """The runs grouped by parameter count, the largest first: comparable networks."""
    found: list[list[list[Result]]] = []
    for runs in sorted(groups, key=lambda runs: -int(runs[0]["parameters"])):
        if found and found[-1][0][0]["parameters"] <= ALIKE * runs[0]["parameters"]:
            found[-1].append(runs)
        else:
            found.append([runs])
    return [sorted(alike, key=_kind) for alike in found]


def of_row(row: Row, groups: Iterable[list[Result]]) -> list[list[Result]]:
    """The runs of the same size as a row of the paper."""
    sizes = [getattr(row, name) for name in SIZE]
    return [
        runs
        for runs in groups
        if [runs[0]["settings"][name] for name in SIZE] == sizes
        and runs[0]["settings"].get("cell", "lstm") == "lstm"  # the paper has no other
    ]


def parameters_of(alike: list[list[Result]]) -> str:
    """The size of the networks of a class, in words."""
    sizes = [runs[0]["parameters"] for runs in alike]
    least, most = min(sizes), max(sizes)
    return f"{least:,} parameters" if least == most else f"{least:,} to {most:,} parameters"


def _kind(runs: list[Result]) -> tuple[int, int, int, str]:
    layers, depth, hidden = (int(runs[0]["settings"][name]) for name in SIZE)
    return (-depth, layers, -hidden, runs[0]["name"])


def _sheet(title: str, note: str, scores: Iterable[str], lines: list[Line]) -> Sheet:
    head = [*scores, "saturated", "parameters"]
    return {"title": title, "note": note, "head": head, "lines": lines}


def _table(table: Table, results: list[Result]) -> Sheet:
    groups = by_seed(results)
    paper = _paper(table)
    lines: list[Line] = []
    for row in table.rows:
        numbers = [_number(row.paper[c]) if c in row.paper else "" for c in table.scores]
        cells = [*numbers, "", f"{row.parameters:,}"]
        lines.append({"kind": "paper", "label": row.label, "words": row.note, "cells": cells})
        lines += [_ours(table.scores, runs, paper) for runs in of_row(row, groups)]
    rest = [runs for runs in groups if not any(of_row(row, [runs]) for row in table.rows)]
    for alike in classes(rest):
        lines += _class(table.scores, alike, paper)
    title = f"Table {table.number}: {table.title}"
    return _sheet(title, table.note, table.scores, lines)


def _paper(table: Table) -> dict[str, Setting]:
    """The paper's recipe. It states neither early stopping nor the initialisation of the head."""
    said = {**table.settings, "epochs": table.epochs, "patience": 0, "head_bias": ""}
    return recipe({**vars(Settings()), **said})


def _class(
    scores: Mapping[str, str],
    alike: list[list[Result]],
    paper: Recorded,
    before: str = "",
) -> list[Line]:
    """A line with the settings that its networks share; then the networks."""
    common = usual(runs[0]["settings"] for runs in alike)
    shared = told({**common, "penalty_on": "all"}, paper)
    label = before + parameters_of(alike)
    head: Line = {"kind": "class", "label": label, "words": "; ".join(shared), "cells": []}
    return [head, *(_ours(scores, runs, common) for runs in alike)]


def _ours(scores: Mapping[str, str], runs: list[Result], others: Recorded) -> Line:
    first = runs[0]
    numbers = [int(run["settings"]["seed"]) for run in runs]
    seeds = ", ".join(str(seed) for seed in numbers)
    if len(runs) > 2 and numbers == list(range(numbers[0], numbers[0] + len(runs))):
        seeds = f"{numbers[0]} to {numbers[-1]}"
    best = [str(run["best_epoch"]) for run in runs]
    epochs = f"epochs {', '.join(best)}" if len(set(best)) > 1 else f"epoch {best[0]}"
    end = f"seed{'s' if len(runs) > 1 else ''} {seeds}, best {epochs}"
    known = [s for run in runs if (s := run["scores"].get("saturated")) is not None]
    return {
        "kind": "ours",
        "label": network(first["settings"]),
        "name": name_of(runs),
        "words": "; ".join([*told(first["settings"], others), end]),
        "command": _command(runs, numbers),
        "cells": [
            *(_mean([_score(run, name) for run in runs]) for name in scores.values()),
            f"{100 * statistics.mean(known):.1f} %" if known else "–",
            f"{first['parameters']:,}",
        ],
    }


def _command(runs: list[Result], seeds: list[int]) -> str:
    """The command that trains it, and all its seeds."""
    first = runs[0]
    if len(runs) == 1:
        words = typed(first["data"], Settings.recorded(first["settings"]))
        return f"{words} --run runs/{first['name']}"
    words = typed(first["data"], Settings.recorded(first["settings"] | {"seed": 1}))
    each = f"{words} --seed $n --run runs/{name_of(runs)}-$n"
    return f"for n in {' '.join(map(str, seeds))}; do {each}; done"


def _score(run: Result, name: str) -> float | None:
    """A score of the best epoch; for an accuracy, the epoch with the best validation accuracy."""
    if name.endswith("_accuracy"):
        return float(max(run["epochs"], key=lambda line: line["valid_accuracy"])[name])
    value = run["scores"].get(name)
    return None if value is None else float(value)


def _mean(values: Sequence[float | None]) -> str:
    """The mean over seeds, with the standard deviation where there are several."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return "–"
    if len(known) == 1:
        return _number(known[0])
    mean = statistics.mean(known)
    return f"{_number(mean)} ± {statistics.stdev(known):.{_digits(mean)}f}"


def _number(value: float) -> str:
    return f"{value:.{_digits(value)}f}"


def _digits(value: float) -> int:
    """The number of digits that the paper gives: perplexities, bits, and nats or shares."""
    return 2 if value >= 100 else 4 if value < 1 else 3
