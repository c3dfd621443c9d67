"""Penn Treebank characters (paper, Table 1)."""

import argparse
from pathlib import Path

from experiments.characters import add_settings, train
from experiments.datasets import ptb

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.ptb", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with ptb/")
    add_settings(parser)
    options = parser.parse_args()
    train(ptb.load(options.data), options)
