"""GET /api/features, POST /api/corpora/NAME/selectivity: which cells tell a feature."""

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.frames import finite
from app.http.corpus_request import (
    REASONS,
    CellPlace,
    Wanted,
    cell_of,
    feature_of,
    opened,
    require_one,
    sentence,
)
from app.http.measure_text import LINES
from app.refusal import Refusal
from app.state import AppState, State
from app.work.bench import Line, Tell

if TYPE_CHECKING:
    from analysis.corpus.cells import Network
    from analysis.corpus.queries.query import Stop
    from analysis.selectivity.features.feature import Feature, Label
    from analysis.selectivity.ranking import Ranking

LOG = logging.getLogger("nestscope")

router = APIRouter()

MOST_LISTED = 200
MOST_SHIFTS = 999
MOST_PLACES = 256


class FeatureListing(BaseModel):
    """A feature that every character of a text has or has not."""

    key: str
    label: str


@router.get("/api/features", summary="The features that can be asked for by name")
def features() -> list[FeatureListing]:
    """A literal or a regular expression can be asked for instead."""
    from analysis.selectivity.features import FEATURES

    return [FeatureListing(key=feature.key, label=feature.label) for feature in FEATURES]


class SelectivityRequest(Wanted):
    """A feature, and how much is to be told of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"feature": "quotes"}]})

    count: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20
    shifts: Annotated[int, Field(ge=19, le=MOST_SHIFTS)] = Field(
        default=199, description="shifted labels that chance is taken from"
    )
    cells: list[CellPlace] | None = Field(
        default=None,
        fail_fast=True,
        min_length=1,
        max_length=MOST_PLACES,
        description="list these only; chance is over all cells all the same",
    )


@router.post(
    "/api/corpora/{name}/selectivity",
    summary="Which cells tell a feature",
    responses={
        200: {
            "description": "JSON lines: `{doing, done, of}` on the way, `{ranking}` (or "
            "`{error}`) as the last; close the connection to stop",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
        **REASONS,
    },
    response_class=StreamingResponse,
)
async def selectivity(
    request: Request, state: State, name: str, asked: SelectivityRequest
) -> StreamingResponse:
    """All cells ranked by AUC, both signs, beside what the best of all reaches by chance."""
    corpus = await opened(state, name)
    chosen = {cell_of(corpus, place, "cells") for place in asked.cells or ()}
    require_one(asked)

    def mark(stop: "Stop") -> "tuple[Feature, str, Label, dict[str, Any]]":
        from analysis.corpus.search import SearchError
        from analysis.selectivity.ranking import Rare, require_enough

        feature = feature_of(asked, stop.check)
        text = corpus.text()
        try:
            label = feature.mark(text)
            require_enough(label)
        except SearchError as error:
            raise Refusal(422, "bad_pattern", sentence(error), "pattern") from None
        except Rare as error:
            raise Refusal(422, "too_rare", sentence(error), "feature") from None
        legibility = read_by(state, corpus.description.model, feature.label, text, label)
        return feature, text, label, legibility

    state.bench.require_free()
    feature, text, label, legibility = await state.questions.run(request, mark)

    def work(tell: Tell) -> Line:
        from analysis.corpus.corpus import Gone
        from analysis.selectivity.ranking import rank

        passes = 0

        def check(done: int) -> None:
            nonlocal passes
            passes += done == 0
            doing = ("counting", "comparing with chance", "drawing intervals")[min(passes, 3) - 1]
            tell({"doing": doing, "done": done, "of": corpus.characters})

        try:
            ranking = rank(
                corpus,
                text,
                label,
                listed=asked.count,
                shifts=asked.shifts,
                keep=lambda cell: not chosen or cell in chosen,
                check=check,
            )
        except Gone as error:
            LOG.error("%s", error)
            raise Refusal(410, "corpus_gone", sentence(error)) from None
        told = answer(corpus.network, feature.key, feature.label, ranking)
        return {"ranking": told | legibility}

    job = state.bench.start(work)
    return StreamingResponse(job.lines(request), media_type=LINES)


def read_by(state: AppState, name: str, words: str, text: str, label: "Label") -> dict[str, Any]:
    """The share of the feature that a corpus's model cannot read, and a sentence on it."""
    from analysis.selectivity.legible import sentence as said
    from analysis.selectivity.legible import unread

    entry = state.catalogue.get(name)
    if entry is None:  # it is not served: its corpus is
        return {"unread": None, "note": None}
    share = unread(text, label, entry.card.vocabulary)
    return {**finite({"unread": share}), "note": said(name, words, share)}


def answer(network: "Network", key: str, label: str, ranking: "Ranking") -> dict[str, Any]:
    """A ranking as JSON; null where a number is not defined."""
    about = {name: value for name, value in vars(ranking).items() if name != "rows"}
    rows = [
        {
            **row.cell._asdict(),
            "memory": network.memory(row.cell).name,
            **{name: value for name, value in vars(row).items() if name != "cell"},
        }
        for row in ranking.rows
    ]
    told: dict[str, Any] = finite({"feature": key, "label": label, **about, "rows": rows})
    return told
