"""Trains a character model on Chinese quatrains of 5-character lines (paper, Table 2)."""

import argparse
from pathlib import Path

from experiments.datasets import quatrains
from experiments.paper import POETRY
from experiments.tasks.poems import Poems
from experiments.train.run import train
from experiments.train.settings import STREAM_ONLY, parse, settings_of

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m experiments.poetry", description=__doc__
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder with chinese_quatrains_zl2014/"
    )
    options = parse(parser, POETRY, defaults=POETRY.settings, unused=STREAM_ONLY)
    settings = settings_of(options)
    train(Poems(quatrains.load(options.data), settings), settings, options)
