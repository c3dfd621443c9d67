"""A punctuation mark."""

import unicodedata

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The characters of the Unicode categories P (punctuation)."""
    return where(text, lambda c: unicodedata.category(c)[0] == "P")


FEATURE = Feature("punctuation", "punctuation mark", mark, symbols=2)
