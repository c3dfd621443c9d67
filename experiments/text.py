"""Any plain text file, for example War and Peace: 80/10/10."""

import argparse
from pathlib import Path

from experiments.characters import add_settings, train
from experiments.datasets import text

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m experiments.text", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="UTF-8 text; .gz and .xz too")
    add_settings(parser)
    options = parser.parse_args()
    train(text.load(options.file), options)
