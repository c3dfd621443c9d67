"""Inside a comment of C."""

import re

import numpy as np

from analysis.selectivity.features.feature import Feature, Label

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)


def mark(text: str) -> Label:
    """The characters from the * of /* to before the / of the next */, or to the end of the text."""
    label = np.zeros(len(text), bool)
    for match in COMMENT.finditer(text):
        closed = len(match[0]) >= len("/**/") and match[0].endswith("*/")
        label[match.start() + 1 : match.end() - closed] = True
    return label


FEATURE = Feature("comment", "inside a comment /* */", mark)
