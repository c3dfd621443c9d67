"""Chinese quatrains of 5-character lines (paper, Table 2)."""

import argparse
from pathlib import Path

from experiments.command import train
from experiments.datasets import quatrains
from experiments.paper import POETRY
from experiments.poems import Poems
from experiments.settings import STREAM_ONLY, parse, settings_of

PAPER = {
    "hidden": 32,
    "epochs": 35,
    "streams": 64,
    "learning_rate": 0.002,
    "schedule": "constant",
    "clip": 1.0,
    "penalty": 0.0,
    "input_gain": 1.0,
    "carry": False,
}
"""Batch, epochs and clipping are not stated; the epochs are those of Figure 6."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.poetry", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder with chinese_quatrains_zl2014/"
    )
    options = parse(parser, POETRY.rows, PAPER, defaults=PAPER, unused=STREAM_ONLY)
    settings = settings_of(options)
    train(Poems(quatrains.load(options.data), settings), settings, options)
