"""Stretches of a corpus as answers tell them: with their text, and the values of some cells."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, Field

from app.http.corpus_request import CellPlace

if TYPE_CHECKING:
    from analysis.corpus.cells import Cell
    from analysis.corpus.queries.match import Span as MatchSpan
    from analysis.corpus.queries.query import Query

MOST_SPANS = 1000
MOST_OTHERS = 16
MOST_SHOWN = 100
"""Places whose values are told."""

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


def values_of(
    query: "Query", show: "list[Cell]", places: "Sequence[Place | MatchSpan]", context: int
) -> list[list[list[float]]]:
    """The values of the cells to show, at the first places and their context."""
    from analysis.corpus.queries.around import around

    T = query.corpus.characters
    spans = [(max(0, p.start - context), min(T, p.stop + context)) for p in places[:MOST_SHOWN]]
    return around(query, show, spans) + [[] for _ in places[MOST_SHOWN:]]
