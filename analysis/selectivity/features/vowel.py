"""A vowel."""

import unicodedata

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The letters a, e, i, o and u, in any case, with or without accents."""
    return where(text, lambda c: unicodedata.normalize("NFD", c)[0].lower() in "aeiou")


FEATURE = Feature("vowel", "vowel", mark, symbols=2)
