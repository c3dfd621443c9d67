"""A newline."""

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The newlines."""
    return where(text, lambda c: c == "\n")


FEATURE = Feature("newline", "newline", mark)
