"""Measure how long every memory of a trained network lasts, by several measures."""

import argparse
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from analysis.inputs import (
    character_model,
    checkpoint_path,
    read_result,
    read_text,
    refuse_unwritable,
    unknown_in,
)
from analysis.timescales.blocks import TooShort
from analysis.timescales.measurement import Settings, measure
from analysis.timescales.report import dumps, report
from analysis.timescales.schema import Report
from analysis.timescales.verdicts import verdicts
from models import CheckpointError
from models.checkpoint import model_name
from models.files import write_aside


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m analysis.timescales", description=__doc__)
    parser.add_argument("--model", help="name in the checkpoints folder, or path of a checkpoint")
    parser.add_argument(
        "--text", type=Path, help="text to read, UTF-8 or with a byte order mark; plain or .gz"
    )
    parser.add_argument("--out", type=Path, required=True, help="result file (JSON)")
    parser.add_argument(
        "--compare",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help="result files of other models: plain LSTMs as readout null, Stacked ones as rivals",
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="measure nothing: draw the verdicts of the result file --out anew, with --compare",
    )
    parser.add_argument("--characters", type=int, default=100_000, help="at most (%(default)s)")
    parser.add_argument("--start", type=int, default=0, help="first character used (%(default)s)")
    parser.add_argument("--strip", action="store_true", help="strip every line, as for PTB")
    parser.add_argument(
        "--resamples", type=int, default=2000, help="of the bootstrap (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="%(default)s")
    parser.add_argument(
        "--halves",
        action="store_true",
        help="also transplant the slower and the faster half of every memory's cells, each alone",
    )
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (torch's choice)")
    return parser


def run(options: argparse.Namespace) -> None:
    """Measure, judge, write, and print the verdicts.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    refuse_unwritable(options.out)
    if options.resamples < 1:
        raise ValueError(f"--resamples is {options.resamples}, expected a number above 0")
    others = [read_result(path, Report.__required_keys__) for path in options.compare]
    if options.again:
        result = read_result(options.out, Report.__required_keys__)
    else:
        if options.model is None or options.text is None:
            raise ValueError("--model and --text are needed (or --again)")
        path = checkpoint_path(options.model)
        model = character_model(path)
        settings = Settings(options.characters, options.resamples, options.seed, options.halves)
        text = read_text(options.text, options.start, options.characters, options.strip)
        unknown_in(model, text)  # refuses a text of which it knows nothing
        with tqdm(disable=None) as bar:

            def show(what: str, done: int, of: int) -> None:
                bar.set_description(what)
                bar.total, bar.n = of, done
                bar.refresh()

            measured = measure(model, text, settings, show)
        result = report(model_name(path), model, options.text.name, settings, measured)
        # Whatever becomes of the verdicts, what was measured is kept: --again draws them anew.
        write_aside(options.out, (dumps(result) + "\n").encode())
    result["verdicts"] = verdicts(result, others)
    write_aside(options.out, (dumps(result) + "\n").encode())
    settled = result["settings"]
    if unknown := settled.get("unknown"):
        print(
            f"{unknown:,} of {settled['characters']:,} characters are not in the model's alphabet."
        )
    for verdict in result["verdicts"]:
        print(f"{verdict['claim']}: {verdict['answer']}. {verdict['sentence']}")


if __name__ == "__main__":
    options = arguments().parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        run(options)
    except (CheckpointError, TooShort, ValueError, OSError) as error:
        sys.exit(f"error: {error}")
