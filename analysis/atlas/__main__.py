"""Find the named cells of a model in a corpus: the quotation cell, the newline cell, ..."""

import argparse
import json
from pathlib import Path

from tqdm import tqdm

from analysis.atlas.atlas import Entry, atlas, timescales_of
from analysis.command import LARGEST_SEED, carry_out, whole
from analysis.corpus.cells import Cell
from analysis.corpus.corpus import open_corpus
from analysis.inputs import read_result, refuse_unwritable
from analysis.selectivity.features import FEATURES
from analysis.timescales.schema import Report
from models.files import write_aside


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m analysis.atlas", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, help="result file (JSON)")
    parser.add_argument(
        "--timescales", type=Path, help="the model's report, for how long each cell lasts"
    )
    parser.add_argument(
        "--examples",
        action="store_true",
        help="add a passage of the text to every cell (not of a text that may not be passed on)",
    )
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=1, help="%(default)s")
    return parser


def run(options: argparse.Namespace) -> None:
    """Rank the cells, write the atlas, and print it.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    refuse_unwritable(options.out)
    corpus = open_corpus(options.corpus)
    timescales = None
    if options.timescales:
        timescales = read_result(options.timescales, Report.__required_keys__)
        if timescales["sha256"] != corpus.description.sha256:
            raise ValueError(f"{options.timescales} is of other weights than the corpus")
        try:
            timescales_of(timescales, timescales["sha256"])
        except (KeyError, TypeError):
            raise ValueError(f"{options.timescales} is of another form: measure it anew") from None
    with tqdm(total=len(FEATURES), disable=None) as bar:

        def show(what: str) -> None:
            bar.set_description(what)
            bar.update()

        result = atlas(corpus, FEATURES, timescales, options.examples, options.seed, show)
    write_aside(options.out, dumps(result).encode())
    for entry in result["found"]:
        cell = Cell(entry["layer"], entry["level"], entry["cell"])
        print(
            f"{entry['label']}: cell {cell.cell} of {corpus.network.memory(cell).label}, "
            f"sign {entry['sign']:+d}, AUC {entry['auc']:.3f}, held out {entry['held_out']:.3f}"
        )
    for entry in result["not_found"]:
        print(f"{entry['label']}: not found; {entry['reason']}")


def dumps(result: Entry) -> str:
    """The JSON of the file, one entry per line."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    fields = []
    for key, value in result.items():
        if isinstance(value, list) and value:
            entries = ",\n  ".join(map(compact, value))
            fields.append(f"{compact(key)}: [\n  {entries}\n ]")
        else:
            fields.append(f"{compact(key)}: {compact(value)}")
    return "{\n " + ",\n ".join(fields) + "\n}\n"


if __name__ == "__main__":
    carry_out(arguments(), run)
