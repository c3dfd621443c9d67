"""Inside quotation marks."""

import re

import numpy as np

from analysis.selectivity.features.feature import Feature, Label

MARK = re.compile(r'["“”«»]|\n[ \t]*\n')
OPENS_BEFORE = re.compile(r"[\s(\[{—–-]")


def mark(text: str) -> Label:
    """The characters from an opening double quotation mark to before its closing one.

    A plain mark opens where white space, a bracket or a dash stands before it and a character
    behind it; else it closes. At the end of the text, outside of a quotation, it opens: what comes
    is not known. A blank line ends a quotation, as a missing mark would run on to the
    end of the text.
    """
    label = np.zeros(len(text), bool)
    start: int | None = None
    for match in MARK.finditer(text):
        at, found = match.start(), match[0]
        opening = found in "“«" or (found == '"' and _opens(text, at, start is not None))
        if opening and start is None:
            start = at
        elif not opening and start is not None:
            label[start:at] = True
            start = None
    if start is not None:
        label[start:] = True
    return label


def _opens(text: str, at: int, inside: bool) -> bool:
    """Return whether the plain mark at `at` opens a quotation; inside: one is open."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    goes = bool(behind.strip()) if behind else not inside
    return (not before or bool(OPENS_BEFORE.match(before))) and goes


FEATURE = Feature("quotes", "inside quotation marks", mark)
