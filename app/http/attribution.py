"""POST /api/attribution: which earlier characters a prediction or a cell's value comes from."""

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from analysis.attribution import FURTHEST, Attribution, Cell, Reading, Symbol, first_of
from app.frames import compact
from app.http.text_request import REFUSALS, TextRequest, text_request
from app.interventions import DESCRIPTION, Asked, interventions_in
from app.refusal import Refusal, not_finite
from app.state import State
from app.strict import Count, Index, Strict, Text
from models.overflow import NotFinite, require_finite
from models.vocabulary import UNKNOWN

router = APIRouter()

NEAR = 64
"""So many characters are left out in a moment, one after another."""


class SymbolTarget(Strict):
    """The log2 of the probability of a symbol after the character."""

    symbol: Text


class SurprisalTarget(Strict):
    """-log2 of the probability of the character that follows in the text."""

    surprisal: Literal[True]


class CellTarget(Strict):
    """The displayed value of a cell after the character; level null is h of a GRU's layer."""

    layer: Index
    level: Index | None = None
    cell: Index


class AttributionRequest(Strict):
    """A text, a character of it, and what after it is to be explained."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": "nested-ptb", "text": "said", "position": 2, "target": {"symbol": "e"}}
            ]
        }
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text
    position: Count = Field(description="the character after which the target is looked at")
    target: SymbolTarget | SurprisalTarget | CellTarget
    method: Literal["gradient", "occlusion"] = "gradient"
    back: Annotated[int, Field(ge=1, le=FURTHEST)] = Field(
        default=FURTHEST, description="characters back that are looked at, at most"
    )
    interventions: Asked = Field([], description=DESCRIPTION)


class AttributionAnswer(BaseModel):
    """One number a character, up to the position."""

    model: str
    text: str
    position: int
    target: dict[str, Any]
    method: str
    value: float = Field(description="the target")
    values: list[float | None] = Field(
        description="gradient: the norm of the target's derivative by the input of that step; "
        "occlusion: the target minus the target without that input; null further than "
        "characters back than `back`"
    )
    signed: list[float | None] | None = Field(
        None, description="of gradient alone: the derivative times the input"
    )
    unknown: list[int] = Field(description="positions out of vocabulary, read as the zero vector")


@router.post(
    "/api/attribution",
    response_model=AttributionAnswer,
    summary="Which earlier characters a prediction or a cell's value comes from",
    responses=REFUSALS,
)
async def attribution(request: Request, state: State, asked: AttributionRequest) -> Response:
    """A gradient of 0 is not "no memory": where gates or tanh saturate only occlusion sees it."""
    read_by = await text_request(state, asked.model, asked.text)
    target = target_of(asked, read_by)
    made = interventions_in(read_by.model, asked.interventions)
    symbols = read_by.symbols[: asked.position + 1]
    # Who asks is mostly looking at the text: a visitor's session has read it up to there.
    first = first_of(len(symbols), asked.back)
    key = read_by.loaded.sha256, made
    kept = state.budget.reached(key, np.array(symbols[:first], np.int32), first)
    known = kept and (kept[0], kept[1].state())

    def work(wanted: Any) -> Response | None:
        reading = Reading(read_by.model, read_by.engine, symbols, made, asked.back, wanted, known)
        if not wanted():
            return None
        gradient = asked.method == "gradient"
        try:
            found = reading.gradient(target) if gradient else reading.occlusion(target, wanted)
            # Here and not on the loop: a long text has a number for every character.
            return answered(asked, read_by, found) if found else None
        except NotFinite:
            raise not_finite(made) from None

    unread = first - (kept[0] if kept else 0)
    short = asked.method == "gradient" or asked.back <= NEAR
    answer = await state.tracers.run(request, work, soon=short and unread <= FURTHEST)
    # Where nobody reads it, the visitor has left.
    return Response(status_code=499) if answer is None else answer


def answered(asked: AttributionRequest, read_by: TextRequest, found: Attribution) -> Response:
    """The answer: one number a character."""
    earlier = [None] * found.start
    answer = {
        "model": asked.model,
        "text": read_by.text,
        "position": asked.position,
        "target": asked.target.model_dump(),
        "method": asked.method,
        "value": found.value,
        "values": earlier + rounded(found.values),
    }
    if found.signed is not None:
        answer["signed"] = earlier + rounded(found.signed)
    answer["unknown"] = [k for k, symbol in enumerate(read_by.symbols) if symbol == UNKNOWN]
    return Response(compact(answer), media_type="application/json")


def rounded(values: Any) -> list[float]:
    """Round to the digits that float32 has.

    Raises:
        NotFinite: a value is beyond what it can say.
    """
    with np.errstate(over="ignore"):
        short = np.asarray(values, np.float32)
    require_finite(short)
    found: list[float] = short.astype(float).tolist()
    return found


def target_of(asked: AttributionRequest, read_by: TextRequest) -> Symbol | Cell:
    """The value to be explained.

    Raises:
        Refusal: 422, the position, the symbol or the cell does not exist.
    """
    last = len(read_by.text) - 1
    if asked.position > last:
        span = f"0 to {last}" if last >= 0 else "within a text that is not empty"
        raise Refusal(422, "invalid", f"`position` must be {span}.", "position")
    target, card = asked.target, read_by.model.card
    if isinstance(target, SymbolTarget):
        if target.symbol not in card.vocabulary:
            message = f"`target.symbol` must be a symbol of the alphabet of {asked.model}."
            raise Refusal(422, "invalid", message, "target")
        return Symbol(card.vocabulary.index(target.symbol))
    if isinstance(target, SurprisalTarget):
        if asked.position == last or read_by.symbols[asked.position + 1] == UNKNOWN:
            message = "The character after `position` is not in the model's alphabet."
            raise Refusal(422, "invalid", message, "position")
        return Symbol(read_by.symbols[asked.position + 1], sign=-1)
    sizes = [("layer", card.layers), ("cell", card.hidden)]
    sizes += [("level", card.levels)] if target.level is not None else []
    for name, size in sizes:
        if not getattr(target, name) < size:
            limit = f"from 0 to {size - 1}" if size else "left out: this network keeps only h"
            raise Refusal(422, "invalid", f"`target.{name}` must be {limit}.", "target")
    return Cell(target.layer, target.level, target.cell)
