"""POST /api/marks: where the visitor's text has a feature."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, RootModel

from app.http.corpus_request import Wanted, feature_of, require_one, sentence
from app.http.text_request import text_within
from app.refusal import Refusal, answers
from app.state import State
from app.strict import Text
from app.work.questions import written

if TYPE_CHECKING:
    from analysis.corpus.queries.query import Stop
    from analysis.selectivity.features.feature import Label

router = APIRouter()


class MarksRequest(Wanted):
    """A text, and what to look for in it: without that, every feature that has a name."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": '"Well, Prince," he said.', "feature": "quotes"}]}
    )

    text: Text = Field(description="CRLF becomes LF; positions are code points")


class Mark(BaseModel):
    """A feature, and where the text has it."""

    key: str
    label: str
    spans: list[Annotated[list[int], Field(min_length=2, max_length=2)]] = Field(
        description="start and stop (exclusive) of every stretch, in the order of the text"
    )


class MarksAnswer(RootModel[list[Mark]]):
    """The features, and where the text has them."""


@router.post(
    "/api/marks",
    response_model=list[Mark],
    summary="Where a text has a feature",
    responses=answers(
        s400="the body is not JSON",
        s413="the text or the body is too large",
        s415="the body is of another type than application/json",
        s422="a field is missing, unknown or wrong, or the expression is none or takes too long",
        s429="too many questions are waiting",
    ),
)
async def marks(request: Request, state: State, asked: MarksRequest) -> Response:
    """The features that are true right after reading each character."""
    text = text_within(state, asked.text)
    if asked.literal is None and asked.pattern is None:
        return await run_in_threadpool(_named, asked, text)
    return await _written(request, state, asked, text)


def _named(asked: Wanted, text: str) -> Response:
    """The feature asked for by name, or all of them."""
    from analysis.selectivity.features import FEATURES

    chosen = FEATURES if asked.feature is None else [feature_of(asked)]
    made = [_mark(feature.key, feature.label, feature.mark(text)) for feature in chosen]
    return written(MarksAnswer(made))


async def _written(request: Request, state: State, asked: Wanted, text: str) -> Response:
    """A literal or an expression, which may take a while."""
    require_one(asked)

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.search import SearchError

        feature = feature_of(asked, stop.check)
        try:
            label = feature.mark(text)
        except SearchError as error:
            raise Refusal(422, "bad_pattern", sentence(error), "pattern") from None
        return written(MarksAnswer([_mark(feature.key, feature.label, label)]))

    return await state.searches.run(request, ask)


def _mark(key: str, label: str, marked: "Label") -> Mark:
    """A label as its stretches."""
    from analysis.selectivity.features.spans import stretches

    return Mark(key=key, label=label, spans=stretches(marked).tolist())
