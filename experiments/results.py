"""The results of finished runs: one JSON file each, the tables of the README, and the page's data.

python -m experiments.results runs/nested-ptb runs/nlstm-32    # add finished runs
python -m experiments.results                                  # rewrite tables and page data
"""

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path

from experiments.paper import TABLES
from experiments.report import pairs
from experiments.report.charts import charts
from experiments.report.result import Result, Sheet
from experiments.report.seeds import by_seed
from experiments.report.tables import sheets
from experiments.train.settings import Settings
from models import load_checkpoint
from models.files import write_aside

HERE = Path(__file__).parent
FOLDER, README = HERE / "results" / "runs", HERE / "README.md"
PAGE = HERE / "results" / "page.json"
MARKS = "<!-- tables: python -m experiments.results -->\n", "<!-- end of tables -->\n"
FIRST = {"change": "what is changed", "pair": "trained alike"}
"""The heading of the first column, of tables that are not of models."""
EXPERIMENTS = {table.data: table.experiment for table in TABLES}


def result_of(run: Path) -> Result:
    """The result of a finished run's folder: the record in its checkpoint, and its curves."""
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


def tables(results: Iterable[Result]) -> str:
    """The pairs; Tables 1-3 with the paper's numbers and ours; other texts, and the search."""
    results = list(results)
    return "\n".join(
        f"### {sheet['title']}\n\n{sheet['note']}\n\n{_markdown(sheet)}"
        for sheet in (pairs.sheet(results), *sheets(results))
    )


def page(results: Iterable[Result]) -> str:
    """The data of the results page, as JSON."""
    results = list(results)
    found = pairs.pairs(results)
    content = {
        "pairs": {
            "title": pairs.TITLE,
            "note": pairs.NOTE,
            "summary": pairs.summary(found),
            "limit": pairs.SHOWN,
            "rows": [{**pair, "difference": pairs.difference(pair)} for pair in found],
        },
        "tables": sheets(results),
        "charts": charts(results),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _markdown(sheet: Sheet) -> str:
    """The paper's models bold, our runs with their names; changes of a recipe as they are."""
    heading = next((FIRST[line["kind"]] for line in sheet["lines"] if line["kind"] in FIRST), None)
    first, *last = [heading] if heading else ["model", "what differs"]
    rows = [[first, *sheet["head"], *last]]
    rows.append(["---", *("--:" for _ in sheet["head"]), *("---" for _ in last)])
    for line in sheet["lines"]:
        label, cells = line["label"], line["cells"] or [""] * len(sheet["head"])
        if line["kind"] == "ours":
            label = f"{label} `{line['name']}`"
        elif not heading:
            label = f"**{label}** (paper)" if line["kind"] == "paper" else f"*{label}*"
        rows.append([label, *cells, *([] if heading else [line["words"]])])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def rewritten(readme: str, results: Iterable[Result]) -> str:
    """The README with its tables brought up to date."""
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
        try:
            content = json.dumps(result_of(run), indent=1, ensure_ascii=False) + "\n"
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(f"{run} is not a finished run: {error}") from None
        write_aside(FOLDER / f"{run.name}.json", content.encode())
    results = load_results()
    try:
        by_seed(results)
    except ValueError as error:
        raise SystemExit(f"{FOLDER}: {error}; delete one of them") from None
    write_aside(README, rewritten(README.read_text(), results).encode())
    write_aside(PAGE, page(results).encode())
