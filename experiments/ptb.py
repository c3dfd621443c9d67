"""Penn Treebank characters (paper, Table 1)."""

import argparse
from pathlib import Path

from experiments.command import train
from experiments.datasets import ptb
from experiments.paper import PTB
from experiments.settings import parse, settings_of
from experiments.streams import Streams

PAPER = {
    "epochs": 35,
    "streams": 32,
    "window": 100,
    "learning_rate": 0.002,
    "schedule": "constant",
    "clip": 1.0,
    "penalty": 0.0,
    "input_gain": 1.0,
    "carry": False,
    "patience": 5,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.ptb", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with ptb/")
    options = parse(parser, PTB.rows, PAPER)
    settings = settings_of(options)
    train(Streams(ptb.load(options.data), settings), settings, options)
