"""Trains a classifier of digits on MNIST Glimpses (paper, Table 3)."""

import argparse
from pathlib import Path

from experiments.datasets import mnist
from experiments.paper import GLIMPSES
from experiments.tasks.digits import Glimpses
from experiments.train.run import train
from experiments.train.settings import STREAM_ONLY, parse, settings_of

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m experiments.glimpses", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with mnist/")
    options = parse(parser, GLIMPSES, defaults=GLIMPSES.settings, unused=STREAM_ONLY)
    settings = settings_of(options)
    train(Glimpses(mnist.load(options.data), settings), settings, options)
