"""POST /api/glimpses: what a classifier's memories do while it reads the glimpses of an image."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonValue

from app.frames import compact, finite
from app.interventions import Asked, interventions_in
from app.refusal import Refusal, answers
from app.state import State
from app.strict import Strict, Text
from models import GlimpseClassifier, GlimpseTrace
from models.glimpses import SIDE

router = APIRouter()

Pixel = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Row = Annotated[list[Pixel], Field(fail_fast=True, min_length=SIDE, max_length=SIDE)]
Image = Annotated[list[Row], Field(fail_fast=True, min_length=SIDE, max_length=SIDE)]
ONE: list[JsonValue] = [
    [float(y in range(4, 24) and x in (13, 14)) for x in range(SIDE)] for y in range(SIDE)
]
"""An image of the digit, for the example."""


class GlimpsesRequest(Strict):
    """An image, and who reads it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "nested-digits", "image": ONE}]}
    )

    model: Text = Field(description="a name out of GET /api/models whose `task` is glimpses")
    image: Image = Field(
        description="28 rows of 28 numbers from 0 (paper) to 1 (ink), centred as MNIST's are"
    )
    occlusion: bool = Field(False, description="whether to tell what each glimpse gave the answer")
    interventions: Asked = Field(
        [], description="changes made to memories, as in a trace; `from` and `to` count glimpses"
    )


class Occlusion(BaseModel):
    """The contribution of each glimpse to the answer."""

    digit: int = Field(description="the answer: the likeliest digit after the last glimpse")
    values: list[float | None] = Field(
        description="(20): log2 of its odds, minus that with the glimpse read as zeros"
    )


class GlimpsesAnswer(BaseModel):
    """One row a glimpse."""

    glimpses: list[list[float]] = Field(description="(20, 49): the pixels read at each step")
    display: list[Any] = Field(description="(20, L, D, H): display values, as in a trace")
    logits: list[list[float]] = Field(
        description="(20, 10): of the digits, the head read after every glimpse"
    )
    occlusion: Occlusion | None = Field(None, description="where it was asked for")


@router.post(
    "/api/glimpses",
    response_model=GlimpsesAnswer,
    summary="A digit classifier's memories along the glimpses of an image",
    responses=answers(
        s400="the body is not JSON",
        s404="there is no model of this name",
        s413="the body is too large",
        s415="the body is of another type than application/json",
        s422="a field is missing, unknown or wrong, or the model reads no image",
        s429="too many traces are being computed",
    ),
)
async def glimpses(request: Request, state: State, asked: GlimpsesRequest) -> Response:
    """The network reads 20 glimpses of 7 x 7 pixels: of each quadrant every other row and column,
    then its four tiles. It answers after the last; the logits before tell what it would have said.
    """
    model = (await state.model(asked.model)).model
    if not isinstance(model, GlimpseClassifier):
        message = f"{asked.model} reads text, not glimpses of digits: choose a glimpses model."
        raise Refusal(422, "reads_no_image", message, "model")
    interventions_in(model, asked.interventions)
    image = np.array(asked.image, np.float32)

    def work(_: Any) -> tuple[GlimpseTrace, tuple[int, NDArray[np.float64]] | None]:
        given = model.occlusion(image, asked.interventions) if asked.occlusion else None
        return model.trace(image, asked.interventions), given

    trace, given = await state.tracers.run(request, work)
    values = {"glimpses": trace.glimpses, "display": trace.display, "logits": trace.logits}
    if not all(np.isfinite(array).all() for array in values.values()):
        field = "interventions" if asked.interventions else "model"
        raise Refusal(
            422, "not_finite", "Some values are not finite, which JSON cannot say.", field
        )
    # As many decimals as float32 has below 1; all that a double would print is three times as long.
    answer: dict[str, Any] = {name: rounded(array) for name, array in values.items()}
    if given:
        answer["occlusion"] = finite({"digit": given[0], "values": rounded(given[1])})
    return Response(compact(answer), media_type="application/json")


def rounded(values: NDArray[Any]) -> list[Any]:
    """The values with seven decimals."""
    found: list[Any] = values.astype(float).round(7).tolist()
    return found
