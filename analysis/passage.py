"""Measures the liveliness of memories on the passage of the paper's Figures 3 and 4.

The figures show seven cells of each memory on a passage of 373 characters. Saturated cells would
show flat stripes there. Two numbers say how a picture looks: the size of the display values, and
the number of times that a cell changes its colour.

    python -m analysis.passage nested-ptb stacked-ptb
"""

import argparse
import sys
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.command import carry_out
from analysis.inputs import character_model, checkpoint_path
from models import CharacterModel
from models.checkpoint import model_name
from models.memories import columns, memories
from models.reading.engine import Engine

PASSAGE = (
    "group said N s&p contracts were for sale on the close the equivalent of $ N million in stock "
    "but there were no buyers while friday 's debacle involved mainly professional traders rather "
    "than investors it left the market vulnerable to continued selling this morning traders said "
    "stock-index futures contracts settled at much lower prices than indexes of the stock market "
    "its"
)
"""The text of Figures 3 and 4 of Moniz & Krueger (2017)."""

COLOURED = 0.3
"""|value| above which a character has a clear colour."""


class Liveliness(NamedTuple):
    """Measurements of one memory of a network on a text."""

    memory: str
    size: float  # mean of |value| over characters and cells
    changes: float  # of colour, median over cells
    flat: float  # share of cells whose colour never changes


def changes(values: NDArray[np.float32]) -> int:
    """The number of changes of sign among the values (T) that have a clear colour."""
    signs = np.sign(values[np.abs(values) > COLOURED])
    return int((signs[1:] != signs[:-1]).sum())


def liveliness(model: CharacterModel, text: str) -> list[Liveliness]:
    """The measurements of every memory, in the order of the page's columns."""
    engine = Engine(model.rnn)
    symbols = torch.tensor(model.vocabulary.encode(text))
    read, _ = engine.read(symbols[None], engine.start(), gates=False)
    shown = columns(read.h[0], read.c[0]).numpy()  # (T, M, H)
    card = model.card
    found = []
    for m, memory in enumerate(memories(card.layers, card.depth, card.cell)):
        values = shown[:, m]
        counts = [changes(cell) for cell in values.T]
        flat = float(np.mean([count == 0 for count in counts]))
        size = float(np.abs(values).mean())
        found.append(Liveliness(memory.name, size, float(np.median(counts)), flat))
    return found


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis.passage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", metavar="MODEL", help="names or checkpoint files")
    return parser


def run(options: argparse.Namespace) -> None:
    """Print a table in Markdown.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    rows = [
        "| network | memory | mean size of a value | changes of colour, median | never |",
        "|---|---|--:|--:|--:|",
    ]
    for name in options.models:
        path = checkpoint_path(name)
        model = character_model(path)
        rows += [
            f"| {model_name(path)} | {one.memory} | {one.size:.2f} | {one.changes:.0f} "
            f"| {one.flat:.0%} |"
            for one in liveliness(model, PASSAGE)
        ]
    sys.stdout.write("\n".join([*rows, ""]))


if __name__ == "__main__":
    carry_out(arguments(), run)
