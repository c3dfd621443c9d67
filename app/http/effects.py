"""POST /api/effects: what it costs a model to lose a memory, beside equally many random cells."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.effects.effects import LONGEST, MOST_RANDOM, Effects, Place, Reading, interval
from app.frames import compact
from app.http.attribution import rounded
from app.http.text_request import REFUSALS, TextRequest, text_request
from app.refusal import Refusal, not_finite
from app.state import State
from app.strict import Count, Index, Strict, Text, distinct
from models.overflow import NotFinite

router = APIRouter()

MOST_GROUPS = 64


class Group(Strict):
    """All cells of a memory; level null is the layer's h."""

    layer: Index
    level: Index | None = None


class EffectsRequest(Strict):
    """A text, a character of it, and what is done to memories from there on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "nested-ptb",
                    "text": "the company said it expects",
                    "from": 12,
                    "operation": "swap",
                }
            ]
        }
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text
    start: Count = Field(
        alias="from", description="the first character after which the state is changed"
    )
    operation: Literal["zero", "mean", "swap"] = Field(
        description="zero, mean: hold the cells at zero, or at their mean over the text; swap: "
        "replace them, once, by their state at another place of the text"
    )
    groups: list[Group] | None = Field(
        default=None,
        fail_fast=True,
        min_length=1,
        max_length=MOST_GROUPS,
        description="null: the memories that GET /api/models lists",
    )
    random: Annotated[int, Field(ge=0, le=MOST_RANDOM)] = Field(
        default=20, description="sets of equally many cells, drawn from all memories of the model"
    )
    seed: Count = 0
    after: Annotated[int, Field(ge=1, le=LONGEST)] = Field(
        default=LONGEST, description="characters after `from` that are looked at, at most"
    )

    _are_distinct = field_validator("groups")(distinct)


class RandomSets(BaseModel):
    """The cost of the random sets: the 5, 50 and 95 % quantiles, and each of them."""

    low: float | None
    median: float | None
    high: float | None
    totals: list[float]


class GroupEffect(BaseModel):
    """The cost of losing a memory."""

    layer: int
    level: int | None
    bits: list[float] = Field(
        description="lost at each character from `from` on; the first is 0, predicted before"
    )
    total: float
    random: RandomSets


class EffectsAnswer(BaseModel):
    """For each group what it costs, beside the random sets."""

    model_config = ConfigDict(populate_by_name=True)

    model: str
    text: str
    start: int = Field(alias="from")
    operation: str
    swapped_with: int | None = Field(
        description="the character after whose state is swapped in; null for zero and mean"
    )
    natural: list[float] = Field(description="bits of the untouched model at the same characters")
    groups: list[GroupEffect]
    random_bits: list[list[float]] = Field(description="of each random set, as `bits`")


@router.post(
    "/api/effects",
    response_model=EffectsAnswer,
    summary="What it costs a model to lose a memory",
    responses=REFUSALS,
)
async def effects(request: Request, state: State, asked: EffectsRequest) -> Response:
    """The cost of a group says little alone: a random set of as many cells costs something, too."""
    read_by = await text_request(state, asked.model, asked.text)
    places = places_of(asked, read_by)

    def work(wanted: Any) -> str | None:
        reading = Reading(read_by.model, read_by.engine, read_by.symbols)
        try:
            found = reading.effects(
                asked.start, asked.operation, places, asked.random, asked.seed, asked.after, wanted
            )
            # Written here: that of many rows takes a while.
            return compact(answer(asked, read_by, found)) if found else None
        except NotFinite:
            raise not_finite() from None

    found = await state.tracers.run(request, work)
    if found is None:
        return Response(status_code=499)  # nobody reads it: the visitor has left
    return Response(found, media_type="application/json")


def answer(asked: EffectsRequest, read_by: TextRequest, found: Effects) -> dict[str, Any]:
    """The answer as JSON."""
    totals = found.random.sum(1)
    quantiles = interval(totals)
    random = {
        "low": quantiles and quantiles.low,
        "median": quantiles and quantiles.median,
        "high": quantiles and quantiles.high,
        "totals": rounded(totals),
    }
    return {
        "model": asked.model,
        "text": read_by.text,
        "from": asked.start,
        "operation": asked.operation,
        "swapped_with": found.donor,
        "natural": rounded(found.natural),
        "groups": [
            {
                "layer": layer,
                "level": level,
                "bits": rounded(bits),
                "total": rounded([bits.sum()])[0],
                "random": random,
            }
            for (layer, level), bits in zip(found.groups, found.bits, strict=True)
        ],
        "random_bits": [rounded(bits) for bits in found.random],
    }


def places_of(asked: EffectsRequest, read_by: TextRequest) -> list[Place] | None:
    """The groups asked for; None for those the page shows.

    Raises:
        Refusal: 422, a group or the place in the text does not exist.
    """
    last = len(read_by.text) - 2
    if asked.start > last:
        span = f"from 0 to {last}" if last >= 0 else "within a text of at least two characters"
        raise Refusal(422, "invalid", f"`from` must be {span}: a character must follow.", "from")
    if asked.groups is None:
        return None
    card = read_by.model.card
    for group in asked.groups:
        if group.layer >= card.layers:
            message = f"`groups.layer` must be from 0 to {card.layers - 1}."
            raise Refusal(422, "invalid", message, "groups")
        if group.level is not None and group.level >= card.levels:
            limit = f"from 0 to {card.levels - 1}" if card.levels else "null: it keeps only h"
            raise Refusal(422, "invalid", f"`groups.level` must be {limit}.", "groups")
    return [(group.layer, group.level) for group in asked.groups]
