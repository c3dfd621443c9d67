"""A digit."""

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The decimal digits of all scripts."""
    return where(text, str.isdecimal)


FEATURE = Feature("digit", "digit", mark, symbols=2)
