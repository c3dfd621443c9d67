"""Measures the runaway: what drives innermost cells to saturation in the first updates.

Trains a Nested and a Stacked LSTM with the paper's settings, once with `--head-bias zero` and once
with the bias set from the symbols' frequencies, and measures after every update what reaches the
innermost cells of the top layer. Writes a small JSON file and a figure of it, and prints a table.

    python -m experiments.runaway                            # Penn Treebank, as in the docs
    python -m experiments.runaway --file warpeace_input.txt --out war.json --figure war.svg
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from analysis.inputs import refuse_unwritable
from experiments.datasets import ptb, text
from experiments.paper import PTB
from experiments.report.runaway import COLOURS, ROWS, figure
from experiments.report.wording import network
from experiments.tasks.streams import Streams
from experiments.train.drive import Drive, driven
from experiments.train.settings import Settings
from models.files import write_aside

NETWORKS = ((1, 2), (2, 1))
HERE = Path(__file__).parent
OUT = HERE / "results" / "runaway.json"
FIGURE = HERE.parent / "docs" / "pictures" / "runaway.svg"
TOLD = (0, 5, 10, 20, 50)


def curve(settings: Settings, found: list[list[Drive]]) -> dict[str, Any]:
    """The measurements of the top layer's innermost cells after each update."""
    top = [layers[-1] for layers in found]
    figures = {key: [round(getattr(one, key), 4) for one in top] for key in Drive._fields}
    return {"name": settings.head_bias, "updates": list(range(len(top))), **figures}


def table(groups: dict[str, list[dict[str, Any]]]) -> str:
    """The curves at a few updates, in Markdown."""
    rows = [["network", "head bias", "update", *(words for _, words, _ in ROWS)]]
    rows.append(["---", "---", *("--:" for _ in rows[0][2:])])
    for title, curves in groups.items():
        for one in curves:
            for update in TOLD:
                if update < len(one["updates"]):
                    cells = (f"{one[key][update]:.3g}" for key, _, _ in ROWS)
                    rows.append([title, one["name"], str(update), *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m experiments.runaway",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with ptb/")
    parser.add_argument("--file", type=Path, help="another text instead of Penn Treebank")
    parser.add_argument("--hidden", type=int, default=64, help="cells (%(default)s)")
    parser.add_argument("--updates", type=int, default=50, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="the curves (%(default)s)")
    parser.add_argument("--figure", type=Path, default=FIGURE, help="an SVG (%(default)s)")
    options = parser.parse_args()
    try:
        refuse_unwritable(options.out)
        refuse_unwritable(options.figure, "--figure")
    except ValueError as error:
        raise SystemExit(f"error: {error}") from None
    torch.set_num_threads(options.threads)
    corpus = text.load(options.file) if options.file else ptb.load(options.data)
    groups: dict[str, list[dict[str, Any]]] = {}
    for layers, depth in NETWORKS:
        for bias in COLOURS:
            size = {"layers": layers, "depth": depth, "hidden": options.hidden}
            chosen = {"head_bias": bias, "seed": options.seed}
            settings = Settings(**{**PTB.settings, **size, **chosen})
            found = driven(Streams(corpus, settings), settings, range(options.updates + 1))
            groups.setdefault(network(vars(settings)), []).append(curve(settings, found))
    content = {"data": corpus.name, "seed": options.seed, "curves": groups}
    write_aside(options.out, (json.dumps(content) + "\n").encode())
    write_aside(options.figure, figure(groups).encode())
    print(table(groups))
