"""Inside a tag in angle brackets."""

import re

import numpy as np

from analysis.selectivity.features.feature import Feature, Label

TAG = re.compile(r"<[^<>\s]{1,60}>")


def mark(text: str) -> Label:
    """The characters from < to before >, without white space, as in Penn Treebank's <unk>."""
    label = np.zeros(len(text), bool)
    for match in TAG.finditer(text):
        label[match.start() : match.end() - 1] = True
    return label


FEATURE = Feature("tag", "inside a tag such as <unk>", mark)
