"""Labels as spans, and spans as labels."""

import numpy as np

from analysis.corpus.search import Spans
from analysis.selectivity.features.feature import Label


def covered(spans: Spans, characters: int) -> Label:
    """(T): whether each character lies in one of the spans."""
    label = np.zeros(characters, bool)
    for start, stop in spans.tolist():
        label[start:stop] = True
    return label


def stretches(label: Label) -> Spans:
    """The maximal stretches of a label, in the order of the text."""
    edges = np.diff(np.concatenate([[False], label, [False]]).astype(np.int8))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], 1)
