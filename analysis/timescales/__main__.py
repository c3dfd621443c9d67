"""Measure how long every memory of a trained network lasts, by several measures."""

import argparse
from pathlib import Path

import torch
from tqdm import tqdm

from analysis.command import LARGEST_SEED, MOST_THREADS, carry_out, whole
from analysis.inputs import (
    character_model,
    checkpoint_path,
    read_result,
    read_text,
    refuse_unwritable,
    text_name,
    unknown_in,
)
from analysis.timescales.measurement import Settings, measure
from analysis.timescales.report import dumps, report
from analysis.timescales.schema import Report
from analysis.timescales.verdicts import verdicts
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
    parser.add_argument(
        "--characters", type=whole(1, 1 << 40), default=100_000, help="at most (%(default)s)"
    )
    parser.add_argument(
        "--start", type=whole(0, 1 << 40), default=0, help="first character used (%(default)s)"
    )
    parser.add_argument("--strip", action="store_true", help="strip every line, as for PTB")
    parser.add_argument(
        "--resamples",
        type=whole(1, 100_000),
        default=2000,
        help="of the bootstrap (%(default)s)",
    )
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=1, help="%(default)s")
    parser.add_argument(
        "--halves",
        action="store_true",
        help="also transplant the slower and the faster half of every memory's cells, each alone",
    )
    parser.add_argument(
        "--threads", type=whole(0, MOST_THREADS), default=0, help="CPU threads (torch's choice)"
    )
    return parser


def run(options: argparse.Namespace) -> None:
    """Measure, judge, write, and print the verdicts.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    refuse_unwritable(options.out)
    if options.threads:
        torch.set_num_threads(options.threads)
    others = [read_result(path, Report.__required_keys__) for path in options.compare]
    if options.again:
        result = read_result(options.out, Report.__required_keys__)
    else:
        if options.model is None or options.text is None:
            raise ValueError("--model and --text are needed (or --again)")
        text_file = text_name(options.text)
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
        result = report(model_name(path), model, text_file, settings, measured)
        # Whatever becomes of the verdicts, what was measured is kept: --again draws them anew.
        write_aside(options.out, (dumps(result) + "\n").encode())
    try:
        result["verdicts"] = verdicts(result, others)
    except (KeyError, TypeError, AttributeError, IndexError):
        files = "--again or --compare" if options.again else "--compare"
        raise ValueError(f"{files} names a file of another form: measure that anew") from None
    write_aside(options.out, (dumps(result) + "\n").encode())
    settled = result["settings"]
    if unknown := settled.get("unknown"):
        print(
            f"{unknown:,} of {settled['characters']:,} characters are not in the model's alphabet."
        )
    for verdict in result["verdicts"]:
        print(f"{verdict['claim']}: {verdict['answer']}. {verdict['sentence']}")


if __name__ == "__main__":
    carry_out(arguments(), run)
