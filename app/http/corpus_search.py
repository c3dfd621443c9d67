"""POST /api/corpora/NAME/search: where the text of a corpus has a feature, or reads so."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.http.corpus_places import (
    MOST_SPANS,
    Place,
    Shown,
    Span,
    require_small,
    values_of,
    with_context,
)
from app.http.corpus_request import (
    REASONS,
    Context,
    Wanted,
    cell_of,
    feature_of,
    opened,
    require_one,
    sentence,
)
from app.refusal import Refusal
from app.state import State
from app.work.questions import SECONDS, written

if TYPE_CHECKING:
    from analysis.corpus.queries.query import Stop

router = APIRouter()


class SearchRequest(Wanted):
    """A search for something in the text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"pattern": "Prince \\w+"}]})

    count: Annotated[int, Field(ge=1, le=MOST_SPANS)] = 20
    context: Context = 60
    show: Shown = Field(default=[])


class SearchAnswer(BaseModel):
    """Places in the order of the text."""

    spans: list[Span]
    total: int


@router.post(
    "/api/corpora/{name}/search",
    response_model=SearchAnswer,
    summary="Where the text reads so",
    responses=REASONS,
)
async def search(request: Request, state: State, name: str, asked: SearchRequest) -> Response:
    """The stretches with a feature, the places of a literal, or the matches of an expression."""
    corpus = await opened(state, name)
    require_one(asked)
    show = [cell_of(corpus, cell, "show") for cell in asked.show]

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.queries.query import asking
        from analysis.corpus.search import SearchError, expression_spans, literal_spans
        from analysis.selectivity.features.spans import stretches

        feature = feature_of(asked)
        text = corpus.text()
        if asked.literal is not None:
            found = literal_spans(text, asked.literal)
        elif asked.pattern is not None:
            try:
                found = expression_spans(text, asked.pattern, SECONDS, stop.check)
            except SearchError as error:
                raise Refusal(422, "bad_pattern", sentence(error), "pattern") from None
        else:
            found = stretches(feature.mark(text))
        chosen = [Place(*ends) for ends in found[: asked.count].tolist()]
        require_small(len(show), with_context(chosen, asked.context, len(text)), "show")
        with asking(corpus, stop) as query:
            values = values_of(query, show, chosen, asked.context)
        spans = [
            Span(
                start=start,
                stop=end,
                matched=text[start:end],
                text=text[max(0, start - asked.context) : end + asked.context],
                values=told,
            )
            for (start, end), told in zip(chosen, values, strict=True)
        ]
        return written(SearchAnswer(spans=spans, total=len(found)))

    return await state.questions.run(request, ask)
