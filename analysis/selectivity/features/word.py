"""Inside a word."""

import re

import numpy as np

from analysis.selectivity.features.feature import Feature, Label

WORD = re.compile(r"\w+(?:['’-]\w+)*")


def mark(text: str) -> Label:
    """Letters and digits, with the apostrophes and hyphens between them."""
    label = np.zeros(len(text), bool)
    for match in WORD.finditer(text):
        label[match.start() : match.end()] = True
    return label


FEATURE = Feature("word", "inside a word", mark)
