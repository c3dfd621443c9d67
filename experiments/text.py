"""Trains a character model on any plain text file, split 80/10/10, such as War and Peace."""

import argparse
from pathlib import Path

from experiments.datasets import text
from experiments.tasks.streams import Streams
from experiments.train.run import train
from experiments.train.settings import parse, settings_of

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m experiments.text", description=__doc__
    )
    parser.add_argument("--file", type=Path, required=True, help="UTF-8 text; .gz and .xz too")
    options = parse(parser)
    settings = settings_of(options)
    train(Streams(text.load(options.file), settings), settings, options)
