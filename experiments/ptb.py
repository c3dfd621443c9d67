"""Trains a character model on Penn Treebank (paper, Table 1)."""

import argparse
from pathlib import Path

from experiments.datasets import ptb
from experiments.paper import PTB
from experiments.tasks.streams import Streams
from experiments.train.run import train
from experiments.train.settings import parse, settings_of

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m experiments.ptb", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with ptb/")
    options = parse(parser, PTB)
    settings = settings_of(options)
    train(Streams(ptb.load(options.data), settings), settings, options)
