"""Inside brackets."""

import re
from collections import Counter

import numpy as np

from analysis.selectivity.features.feature import Feature, Label

BRACKETS = re.compile(r"[()\[\]{}]")
OPENING = {")": "(", "]": "[", "}": "{"}


def mark(text: str) -> Label:
    """The characters from an opening bracket to before the one that closes it: ( ), [ ] and { }.

    A bracket without a partner does not count.
    """
    label = np.zeros(len(text), bool)
    open_ones: list[tuple[str, int]] = []
    kinds: Counter[str] = Counter()  # of them: a text of brackets without partners is read once
    for match in BRACKETS.finditer(text):
        bracket, at = match[0], match.start()
        partner = OPENING.get(bracket)
        if partner is None:
            open_ones.append((bracket, at))
            kinds[bracket] += 1
        elif kinds[partner]:
            while True:
                bracket, start = open_ones.pop()
                kinds[bracket] -= 1
                if bracket == partner:
                    break
            label[start:at] = True
    return label


FEATURE = Feature("brackets", "inside brackets", mark)
