"""Stretches of a corpus as answers tell them: with their text, and the values of some cells."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, Field

from app.http.corpus_request import CellPlace
from app.http.trace_request import MOST_VALUES
from app.refusal import Refusal

if TYPE_CHECKING:
    from analysis.corpus.cells import Cell
    from analysis.corpus.queries.match import Span as MatchSpan
    from analysis.corpus.queries.query import Query

MOST_SPANS = 1000
MOST_OTHERS = 16
MOST_SHOWN = 100
"""Places whose values are told."""
JSON = "application/json"
MOST_TEXT = 4_000_000
"""Characters told of all places, with their context; MOST_SPANS short ones have half as many."""

Shown = Annotated[
    list[CellPlace],
    Field(max_length=MOST_OTHERS, description="cells whose values are told with every place"),
]


class Span(BaseModel):
    """A stretch of the text."""

    start: int
    stop: int = Field(description="exclusive")
    matched: str = Field(description="the stretch")
    text: str = Field(description="the stretch with its context")
    values: list[list[float]] = Field(
        description="of each of the request's `show`, one a character of `text`; none after the "
        f"first {MOST_SHOWN} places"
    )


class Place(NamedTuple):
    """A stretch of the text, not yet read."""

    start: int
    stop: int


def with_context(
    places: "Sequence[Place | MatchSpan]", context: int, characters: int
) -> list[tuple[int, int]]:
    """The places with the characters before and after them, clipped to the text."""
    return [(max(0, p.start - context), min(characters, p.stop + context)) for p in places]


def require_small(shown: int, spans: Sequence[tuple[int, int]], field: str) -> None:
    """Refuse an answer that is too large, before it is read.

    Args:
        shown: cells whose values are told.
        spans: (start, stop) of the places with their context.
        field: names the cells.

    Raises:
        Refusal: 413, with the field to narrow.
    """
    values = shown * sum(stop - start for start, stop in spans[:MOST_SHOWN])
    if values > MOST_VALUES[JSON]:
        message = (
            f"The answer is {values:,} values; {JSON} carries at most {MOST_VALUES[JSON]:,}: "
            f"narrow `{field}`, lower `count` or `context`, or ask for shorter stretches."
        )
        raise Refusal(413, "answer_too_large", message, field)
    characters = sum(stop - start for start, stop in spans)
    if characters > MOST_TEXT:
        message = (
            f"The answer is {characters:,} characters of text, at most {MOST_TEXT:,} are "
            "told: lower `count` or `context`, or ask for shorter stretches."
        )
        raise Refusal(413, "answer_too_large", message, "count")


def values_of(
    query: "Query", show: "list[Cell]", places: "Sequence[Place | MatchSpan]", context: int
) -> list[list[list[float]]]:
    """The values of the cells to show, at the first places and their context."""
    from analysis.corpus.queries.around import around

    spans = with_context(places[:MOST_SHOWN], context, query.corpus.characters)
    return around(query, show, spans) + [[] for _ in places[MOST_SHOWN:]]
