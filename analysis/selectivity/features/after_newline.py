"""After a newline."""

from analysis.selectivity.features.feature import Feature, Label, after, where


def mark(text: str) -> Label:
    """The first character of every line but the first."""
    return after(where(text, lambda c: c == "\n"))


FEATURE = Feature("after-newline", "after a newline", mark)
