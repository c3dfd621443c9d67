"""POST /api/continuation: a model continues a text."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from analysis.continuation import MOST, continuation
from app.frames import compact
from app.http.text_request import REFUSALS, text_request
from app.interventions import DESCRIPTION, Asked, interventions_in
from app.refusal import Refusal, not_finite
from app.state import State
from app.strict import Strict, Text
from models.overflow import NotFinite

router = APIRouter()

HOTTEST = 10.0


class ContinuationRequest(Strict):
    """A text, and how it is to be continued."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "nested-ptb", "text": "the company said", "count": 40}]
        }
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text = Field(description="at least one code point")
    count: Annotated[int, Field(ge=1, le=MOST)] = Field(200, description="characters to write")
    temperature: Annotated[float, Field(ge=0, le=HOTTEST)] = Field(
        default=0.7, description="0 takes the likeliest, 1 draws as the model expects"
    )
    seed: Annotated[int, Field(ge=0, le=0xFFFFFFFF)] = 1
    interventions: Asked = Field([], description=DESCRIPTION)


class ContinuationAnswer(BaseModel):
    """The text that the model wrote."""

    model: str
    text: str
    continuation: str
    temperature: float
    seed: int


@router.post(
    "/api/continuation",
    response_model=ContinuationAnswer,
    summary="A model continues a text",
    responses=REFUSALS,
)
async def written(request: Request, state: State, asked: ContinuationRequest) -> Response:
    """The same seed writes the same text, with and without interventions: what differs is theirs.

    A symbol of several code points is not drawn: it cannot be typed.
    """
    read_by = await text_request(state, asked.model, asked.text)
    if not read_by.text:
        raise Refusal(422, "invalid", "`text` must have at least one character.", "text")
    made = interventions_in(read_by.model, asked.interventions)

    def work(wanted: Any) -> str | None:
        try:
            return continuation(
                read_by.model,
                read_by.engine,
                read_by.symbols,
                asked.count,
                asked.temperature,
                asked.seed,
                made,
                wanted,
            )
        except NotFinite:
            raise not_finite(made) from None

    found = await state.tracers.run(request, work)
    if found is None:
        return Response(status_code=499)  # nobody reads it: the visitor has left
    answer = {
        "model": asked.model,
        "text": read_by.text,
        "continuation": found,
        "temperature": asked.temperature,
        "seed": asked.seed,
    }
    return Response(compact(answer), media_type="application/json")
