"""Tells whether a model can read a feature, by the characters at which the feature begins."""

import numpy as np

from analysis.selectivity.features.feature import Label
from models.vocabulary import UNKNOWN, Vocabulary

LEAST = 0.01
"""The share from which on it is said."""


def unread(text: str, label: Label, vocabulary: Vocabulary) -> float:
    """The share of the characters at which a feature begins that are out of vocabulary.

    A model that cannot read the quotation marks may still guess at a quotation by its words. NaN
    where the feature begins nowhere.
    """
    begins = label & ~np.concatenate([[False], label[:-1]])[: len(label)]
    places = np.flatnonzero(begins)
    if not len(places):
        return float("nan")
    symbols = vocabulary.encode("".join(text[place] for place in places))
    return symbols.count(UNKNOWN) / len(symbols)


def sentence(model: str, label: str, share: float) -> str | None:
    """The words for the reader on that share; None below one in a hundred."""
    if not share >= LEAST:
        return None
    much, rest = ("none", "they") if share == 1 else (f"only {1 - share:.0%}", "the others")
    return (
        f"{model} reads {much} of the characters at which this begins ({label}): "
        f"{rest} are outside its alphabet, so a cell can only follow what stands around them."
    )
