"""A capital letter."""

from analysis.selectivity.features.feature import Feature, Label, where


def mark(text: str) -> Label:
    """The letters in upper or title case."""
    return where(text, lambda c: c.isupper() or c.istitle())


FEATURE = Feature("capital", "capital letter", mark, symbols=2)
