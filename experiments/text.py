"""Any plain text file, for example War and Peace: 80/10/10."""

import argparse
from pathlib import Path

from experiments.command import train
from experiments.datasets import text
from experiments.settings import parse, settings_of
from experiments.streams import Streams

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m experiments.text", description=__doc__
    )
    parser.add_argument("--file", type=Path, required=True, help="UTF-8 text; .gz and .xz too")
    options = parse(parser)
    settings = settings_of(options)
    train(Streams(text.load(options.file), settings), settings, options)
