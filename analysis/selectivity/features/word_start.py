"""The first letter of a word."""

from analysis.selectivity.features.feature import Feature, Label, after
from analysis.selectivity.features.word import mark as words


def mark(text: str) -> Label:
    """The first character of every word (see `word`)."""
    inside = words(text)
    return inside & ~after(inside)


FEATURE = Feature("word-start", "first letter of a word", mark)
