"""The contract of a feature: a property that each character of a text has or lacks.

A feature is one file beside this one and one entry in `analysis.selectivity.features.FEATURES`. A
cell's value at a character is its state right after that character was read. So a label says what
is true *right after reading* it: an opening quotation mark is inside the quotation, the closing one
is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Label = NDArray[np.bool_]
"""(T): whether each character has the feature."""


@dataclass(frozen=True)
class Feature:
    """A feature of texts."""

    key: str  # as --feature names it
    label: str  # "inside quotation marks"
    mark: Callable[[str], Label]
    """The whole text -> its label."""
    symbols: int = 1
    """The fewest symbols that a text must have of it: two of a kind, such as capital letters."""


def points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, (T)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def where(text: str, holds: Callable[[str], bool]) -> Label:
    """The characters for which `holds` is true; it is called once per distinct character."""
    symbols, inverse = np.unique(points(text), return_inverse=True)
    return np.array([holds(chr(symbol)) for symbol in symbols], bool)[inverse]


def after(label: Label, first: bool = False) -> Label:
    """The label one character later; `first` is that of the first character."""
    return np.concatenate([[first], label[:-1]])[: len(label)]
