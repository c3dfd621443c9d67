"""The results of finished runs: one JSON file each, the tables of the README, and the page's data.

python -m experiments.results runs/nested-ptb runs/nlstm-32    # take them in
python -m experiments.results                                  # write tables and page anew
"""

import argparse
import json
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments import glimpses, poetry, ptb
from experiments.charts import charts
from experiments.paper import TABLES, Row, Table
from experiments.seeds import Result, by_seed, name_of
from experiments.settings import Settings
from models import load_checkpoint
from models.checkpoint import write_aside

HERE = Path(__file__).parent
FOLDER, README = HERE / "results", HERE / "README.md"
PAGE = HERE.parent / "static" / "results.json"
MARKS = "<!-- tables: python -m experiments.results -->\n", "<!-- end of tables -->\n"
PAPER: Mapping[str, Mapping[str, Any]] = {
    "ptb": ptb.PAPER,
    "poetry": poetry.PAPER,
    "glimpses": glimpses.PAPER,
}
EXPERIMENTS = {"ptb": "ptb", "quatrains": "poetry", "mnist": "glimpses"}
SIZE = ("layers", "depth", "hidden")


def result_of(run: Path) -> Result:
    """What a finished run's folder holds: the record in its checkpoint, and its curves."""
    model = load_checkpoint(run / "final.safetensors")
    training = dict(model.card.training)
    curves = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return {
        "name": run.name,
        "experiment": EXPERIMENTS.get(training["data"], "text"),
        "data": training["data"],
        "parameters": model.parameters_count,
        "settings": vars(Settings.recorded(training)),
        "best_epoch": training["epoch"],
        "seconds": training.get("seconds"),
        "commit": training.get("commit", ""),
        "torch": training.get("torch", ""),
        "device": training.get("device", ""),
        "scores": model.card.scores,
        "epochs": curves,
    }


def load_results(folder: Path = FOLDER) -> list[Result]:
    """All results, by name."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


Sheet = dict[str, Any]
"""A table: `title`, `head`, `rows` of cells; rows of the paper are marked in `paper`."""


def tables(results: Iterable[Result]) -> str:
    """Tables 1-3 with the paper's numbers, ours under them; then the runs on other texts."""
    return "\n".join(
        f"### {sheet['title']}\n\n" + _markdown(sheet["head"], _marked(sheet))
        for sheet in sheets(results)
    )


def sheets(results: Iterable[Result]) -> list[Sheet]:
    """The same as plain values."""
    results = list(results)
    parts = [
        _table(table, [r for r in results if r["experiment"] == table.experiment])
        for table in TABLES
    ]
    others = [r for r in results if r["experiment"] == "text"]
    rows = [
        [
            r["name"],
            r["data"],
            _number(r["scores"].get("valid_bpc")),
            _number(r["scores"].get("test_bpc")),
            _percent(r["scores"].get("saturated")),
            _size(r) + "; " + _differences([r], {}),
        ]
        for r in others
    ]
    head = ["run", "data", "valid", "test", "saturated", "what it is"]
    return [*parts, _sheet("Other texts, bits per character", head, rows)]


def page(results: Iterable[Result]) -> str:
    """What the page of results shows, as JSON."""
    results = list(results)
    content = {"tables": sheets(results), "charts": charts(results)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _sheet(title: str, head: list[str], rows: list[list[str]], paper: Sequence[int] = ()) -> Sheet:
    return {"title": title, "head": head, "rows": rows, "paper": list(paper)}


def _marked(sheet: Sheet) -> list[list[str]]:
    """The rows as Markdown: the paper's models bold, our runs as code."""
    if not sheet["title"].startswith("Table"):
        return list(sheet["rows"])
    return [
        [f"**{name}** (paper)" if k in sheet["paper"] else f"`{name}`", *rest]
        for k, (name, *rest) in enumerate(sheet["rows"])
    ]


def _table(table: Table, results: list[Result]) -> Sheet:
    head = ["model", "parameters", *table.scores, "saturated", "how it differs from the paper"]
    rows: list[list[str]] = []
    paper = []
    for row in table.rows:
        numbers = [_number(row.paper[column]) for column in table.scores]
        paper.append(len(rows))
        rows.append([row.label, f"{row.parameters:,}", *numbers, "", row.note])
        rows += [_ours(table, runs) for runs in by_seed(results) if _is(row, runs[0])]
    rows += [
        _ours(table, runs)
        for runs in by_seed(results)
        if not any(_is(row, runs[0]) for row in table.rows)
    ]
    return _sheet(f"Table {table.number}: {table.title}", head, rows, paper)


def _ours(table: Table, runs: list[Result]) -> list[str]:
    first = runs[0]
    note = _differences(runs, PAPER[table.experiment])
    numbers = []
    for name in table.scores.values():
        # Earlier runs were scored with the state carried only.
        if name not in first["scores"] and name.removesuffix("_reset") in first["scores"]:
            name = name.removesuffix("_reset")
            if "scored with the state carried" not in note:
                note = f"scored with the state carried; {note}"
        numbers.append(_mean([run["scores"].get(name) for run in runs]))
    if not any(_is(row, first) for row in table.rows):
        note = f"{_size(first)}; {note}"
    saturated = _percent(statistics.mean(run["scores"].get("saturated", 0) for run in runs))
    return [name_of(runs), f"{first['parameters']:,}", *numbers, saturated, note]


def _mean(values: Sequence[float | None]) -> str:
    """The mean over seeds, with the standard deviation where there are several."""
    known = [value for value in values if value is not None]
    if len(known) < max(2, len(values)):
        return _number(known[0] if len(values) == 1 and known else None)
    mean, deviation = statistics.mean(known), statistics.stdev(known)
    return f"{_number(mean)} ± {_number(deviation) if mean >= 100 else f'{deviation:.4f}'}"


def _is(row: Row, result: Result) -> bool:
    return all(result["settings"][name] == getattr(row, name) for name in SIZE)


def _size(result: Result) -> str:
    layers, depth, hidden = (result["settings"][name] for name in SIZE)
    return f"{layers} x depth {depth}, {hidden} cells"


def _differences(runs: list[Result], paper: Mapping[str, Any]) -> str:
    """The settings that are not the paper's (nor, without paper, the defaults), and the seeds."""
    result = runs[0]
    usual = vars(Settings()) | dict(paper)
    settings = {**vars(Settings()), **result["settings"]}
    told = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in settings.items()
        if name not in (*SIZE, "seed") and value != usual[name]
    ]
    if settings["penalty"] and settings["depth"] == 1:
        told = [word for word in told if not word.startswith("penalty")]
    seeds = ", ".join(str(run["settings"]["seed"]) for run in runs)
    epochs = ", ".join(str(run["best_epoch"]) for run in runs)
    if len(runs) == 1:
        return ", ".join([*told, f"seed {seeds}, best epoch {epochs}"])
    words = f"mean ± standard deviation over seeds {seeds}, best epochs {epochs}"
    return "; ".join([*told, words])


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value >= 100 else f"{value:.4f}" if value < 1 else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *("--:" for _ in head[1:-1]), "---"]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))


def rewritten(readme: str, results: Iterable[Result]) -> str:
    """The README with its tables as they are now."""
    begin, end = (re.escape(mark) for mark in MARKS)
    text = tables(results)
    return re.sub(f"({begin}).*?({end})", lambda m: m[1] + text + m[2], readme, flags=re.S)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m experiments.results",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("runs", nargs="*", type=Path, help="folders of finished runs")
    FOLDER.mkdir(exist_ok=True)
    for run in parser.parse_args().runs:
        content = json.dumps(result_of(run), indent=1, ensure_ascii=False) + "\n"
        write_aside(FOLDER / f"{run.name}.json", content.encode())
    results = load_results()
    write_aside(README, rewritten(README.read_text(), results).encode())
    write_aside(PAGE, page(results).encode())
