"""A regular expression: the characters of every match."""

from collections.abc import Callable

from analysis.corpus.search import expression_spans, require_expression
from analysis.selectivity.features.feature import Feature, Label
from analysis.selectivity.features.spans import covered


def expression(
    pattern: str, seconds: float = 30.0, check: Callable[[], object] = lambda: None
) -> Feature:
    """The feature of a regular expression (RE2's).

    Args:
        seconds, check: see `expression_spans`.

    Raises:
        SearchError: it is none.
    """
    require_expression(pattern)

    def mark(text: str) -> Label:
        return covered(expression_spans(text, pattern, seconds, check), len(text))

    return Feature("pattern", f"the expression {pattern}", mark)
