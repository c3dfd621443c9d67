"""Index a text: every memory cell's value after every character, as Parquet files for queries."""

import argparse
import os
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from analysis.command import MOST_THREADS, carry_out, whole
from analysis.corpus.corpus import open_corpus, verify
from analysis.corpus.engines import ENGINES
from analysis.corpus.index import PART, index
from analysis.inputs import checkpoint_path, lines_of, text_name


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis.corpus",
        description=__doc__,
        epilog="If interrupted, run the same command again to continue.",
    )
    parser.add_argument("--model", help="name in the checkpoints folder, or path of a checkpoint")
    parser.add_argument(
        "--name", help="of the model, where it is served by another than its file's"
    )
    parser.add_argument(
        "--text", type=Path, help="text to read, UTF-8 or with a byte order mark; plain or .gz"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the corpus")
    parser.add_argument(
        "--characters", type=whole(1, 1 << 40), help="read the first so many only (all)"
    )
    parser.add_argument("--strip", action="store_true", help="strip every line, as for PTB")
    parser.add_argument(
        "--part",
        type=whole(1, 1 << 24),
        default=PART,
        help="characters of a file of values (%(default)s)",
    )
    parser.add_argument(
        "--engine",
        choices=[engine.key for engine in ENGINES],
        default="local",
        help="; ".join(f"{engine.key}: {engine.label}" for engine in ENGINES) + " (%(default)s)",
    )
    parser.add_argument(
        "--processes",
        type=whole(0, MOST_THREADS),
        default=0,
        help="parts read at once (one for each core)",
    )
    parser.add_argument(
        "--check", action="store_true", help="index nothing: compare every file with its sum"
    )
    return parser


def run(options: argparse.Namespace) -> None:
    """Index the text, and print a summary.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    if options.check:
        verify(open_corpus(options.out))
        print(f"{options.out} is whole.")
        return
    if options.model is None or options.text is None:
        raise ValueError("--model and --text are needed (or --check)")
    name = text_name(options.text)
    # One thread each: the values do not depend on how many cores there are.
    torch.set_num_threads(1)
    with tqdm(disable=None, unit=" characters", unit_scale=True) as bar:

        def show(what: str, done: int, of: int) -> None:
            bar.set_description(what)
            bar.total, bar.n = of, done
            bar.refresh()

        corpus = index(
            checkpoint_path(options.model).absolute(),
            lines_of(options.text, options.strip),
            name,
            options.out.absolute(),
            next(engine for engine in ENGINES if engine.key == options.engine),
            name=options.name,
            characters=options.characters,
            part=options.part,
            processes=options.processes or cores(),
            progress=show,
        )
    about = corpus.description
    size = sum(part.bytes for part in about.parts)
    print(
        f"{options.out}: {about.characters:,} characters of {about.text} under {about.model}, "
        f"{about.network.size:,} cells, {size / 1e6:,.1f} MB "
        f"({size / about.characters / about.network.size:.2f} bytes a value)."
    )
    if about.unknown:
        print(f"{about.unknown:,} characters are not in the model's alphabet.")


def cores() -> int:
    """The number of cores that this process may use; of the machine, where that is not told."""
    if hasattr(os, "sched_getaffinity"):  # macOS has none
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


if __name__ == "__main__":
    try:
        carry_out(arguments(), run)
    except KeyboardInterrupt:
        sys.exit("interrupted: run the same command again to continue")
