"""MNIST Glimpses (paper, Table 3)."""

import argparse
from pathlib import Path

from experiments.command import train
from experiments.datasets import mnist
from experiments.digits import Glimpses
from experiments.paper import GLIMPSES
from experiments.settings import STREAM_ONLY, parse, settings_of

PAPER = {
    "hidden": 75,
    "epochs": 50,
    "streams": 100,
    "optimizer": "rmsprop",
    "learning_rate": 0.001,
    "schedule": "constant",
    "clip": 1.0,
    "penalty": 0.0,
    "input_gain": 1.0,
    "carry": False,
}
"""The batch is not stated; 150 epochs are, of which Figure 7 shows 50."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.glimpses", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with mnist/")
    options = parse(parser, GLIMPSES.rows, PAPER, defaults=PAPER, unused=STREAM_ONLY)
    settings = settings_of(options)
    train(Glimpses(mnist.load(options.data), settings), settings, options)
