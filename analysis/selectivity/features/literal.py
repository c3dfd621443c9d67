"""A literal: the characters of every occurrence."""

from analysis.corpus.search import SearchError, literal_spans
from analysis.selectivity.features.feature import Feature, Label
from analysis.selectivity.features.spans import covered


def literal(written: str) -> Feature:
    """The feature of a literal.

    Raises:
        SearchError: it is empty.
    """
    if not written:
        raise SearchError("the literal is empty: give at least one character")

    def mark(text: str) -> Label:
        return covered(literal_spans(text, written), len(text))

    return Feature("literal", f"the literal {written!r}", mark)
