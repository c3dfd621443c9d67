"""A label from the spans of a search."""

import numpy as np

from analysis.corpus.search import Spans
from analysis.selectivity.features.feature import Label


def covered(spans: Spans, characters: int) -> Label:
    """(T): whether each character lies in one of the spans."""
    label = np.zeros(characters, bool)
    for start, stop in spans.tolist():
        label[start:stop] = True
    return label
