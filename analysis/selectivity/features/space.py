"""A space."""

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The spaces, no other white space."""
    return where(text, lambda c: c == " ")


FEATURE = Feature("space", "space", mark)
