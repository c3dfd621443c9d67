"""POST /api/corpora/NAME/passages, match, cells, histogram: questions to one corpus."""

import time
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.http.corpus_places import (
    MOST_OTHERS,
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
    CellPlace,
    Context,
    SignedCell,
    Threshold,
    cell_of,
    opened,
)
from app.refusal import Refusal
from app.state import State
from app.strict import Count, Strict
from app.work.questions import written

if TYPE_CHECKING:
    from analysis.corpus.queries.query import Stop

router = APIRouter()

MOST_PASSAGES = 100
MOST_CELLS = 4096

EXAMPLE_CELL = {"layer": 0, "level": 1, "cell": 7}


class PassagesRequest(CellPlace):
    """The places where a cell is highest, or lowest."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**EXAMPLE_CELL, "end": "top"}]})

    end: Literal["top", "bottom"] = "top"
    count: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = 10
    context: Context = 60
    others: list[CellPlace] = Field(
        default=[], max_length=MOST_OTHERS, description="cells whose values are given, too"
    )


class Passage(BaseModel):
    """A place of the text, with its surroundings."""

    position: int
    value: float
    start: int = Field(description="position of the first character of `text`")
    text: str
    values: list[float] = Field(description="of the cell, one a character of `text`")
    others: list[list[float]] = Field(description="of each of the request's `others`")


class PassagesAnswer(BaseModel):
    """The best first; ties by position."""

    passages: list[Passage]


@router.post(
    "/api/corpora/{name}/passages",
    response_model=PassagesAnswer,
    summary="Where a cell is highest",
    responses=REASONS,
)
async def passages(request: Request, state: State, name: str, asked: PassagesRequest) -> Response:
    """Places are at least `context` characters apart, so that they are different passages."""
    corpus = await opened(state, name)
    cell = cell_of(corpus, asked, "cell")
    others = [cell_of(corpus, other, "others") for other in asked.others]

    def check(spans: list[tuple[int, int]]) -> None:
        require_small(1 + len(others), spans, "others")

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.queries.passages import passages as find
        from analysis.corpus.queries.query import asking

        with asking(corpus, stop) as query:
            found = find(query, cell, asked.end, asked.count, asked.context, others, check)
        return written(PassagesAnswer(passages=[Passage(**vars(passage)) for passage in found]))

    return await state.questions.run(request, ask)


class MatchRequest(Strict):
    """Cells that are on together."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"cells": [{**EXAMPLE_CELL, "sign": 1}]}]}
    )

    cells: list[SignedCell] = Field(fail_fast=True, min_length=1, max_length=MOST_CELLS)
    threshold: Threshold = 0.3
    length: (
        Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] | None
    ) = Field(default=None, description="least and most characters of a run")
    count: Annotated[int, Field(ge=1, le=MOST_SPANS)] = 20
    context: Context = 60
    order: Literal["longest", "best", "text"] = Field(
        default="longest", description="best: the largest mean of sign * value first"
    )
    show: Shown = Field(default=[])


class Run(Span):
    """A run in which all cells are on."""

    strength: float = Field(description="mean of sign * value over its characters and cells")


class MatchAnswer(BaseModel):
    """The runs, and what it took to find them."""

    spans: list[Run]
    total: int = Field(description="runs that there are, of a length asked for")
    scanned: int = Field(description="characters")
    seconds: float


@router.post(
    "/api/corpora/{name}/match",
    response_model=MatchAnswer,
    summary="Where cells are on together",
    responses=REASONS,
)
async def match(request: Request, state: State, name: str, asked: MatchRequest) -> Response:
    """The maximal runs in which every cell has sign * value >= threshold; ties by position."""
    corpus = await opened(state, name)
    signs = {cell_of(corpus, cell, "cells"): cell.sign for cell in asked.cells}
    if len(signs) < len(asked.cells):
        raise Refusal(
            422, "invalid", "`cells` holds a cell twice, expected distinct ones.", "cells"
        )
    show = [cell_of(corpus, cell, "show") for cell in asked.show]
    length = (asked.length[0], asked.length[1]) if asked.length else None
    if length and length[0] > length[1]:
        message = f"`length` is {length[0]} to {length[1]}: the least must not be above the most."
        raise Refusal(422, "invalid", message, "length")

    def check(runs: list[tuple[int, int]]) -> None:
        places = [Place(*run) for run in runs]
        require_small(len(show), with_context(places, asked.context, corpus.characters), "show")

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.queries.match import Signed
        from analysis.corpus.queries.match import match as find
        from analysis.corpus.queries.query import asking

        began = time.perf_counter()
        cells = [Signed(*signed) for signed in signs.items()]
        with asking(corpus, stop) as query:
            found = find(
                query,
                cells,
                asked.threshold,
                length,
                asked.count,
                asked.context,
                asked.order,
                check,
            )
            values = values_of(query, show, found.spans, asked.context)
        seconds = round(time.perf_counter() - began, 4)
        spans = [
            Run(**vars(span), values=told) for span, told in zip(found.spans, values, strict=True)
        ]
        return written(
            MatchAnswer(spans=spans, total=found.total, scanned=corpus.characters, seconds=seconds)
        )

    return await state.questions.run(request, ask)


class CellsRequest(Strict):
    """A span of the corpus."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"start": 120, "stop": 160}]})

    start: Count
    stop: Count = Field(description="exclusive")
    threshold: Threshold = 0.3


class ExactCell(BaseModel):
    """A cell that is on exactly there."""

    layer: int
    level: int
    cell: int
    sign: int
    memory: str = Field(description="the memory it belongs to, in words")
    inside: float = Field(description="mean of sign * value in the span")
    elsewhere: float = Field(description="share of all other characters at which it is on, too")


class CellsAnswer(BaseModel):
    """The most exclusive first."""

    cells: list[ExactCell]


@router.post(
    "/api/corpora/{name}/cells",
    response_model=CellsAnswer,
    summary="Cells on exactly there",
    responses=REASONS,
)
async def cells(request: Request, state: State, name: str, asked: CellsRequest) -> Response:
    """The cells on at every character of the span and off right before and after it."""
    corpus = await opened(state, name)
    if not asked.start < asked.stop <= corpus.characters:
        message = (
            f"The span {asked.start:,} to {asked.stop:,} is empty or does not lie in the corpus, "
            f"which has {corpus.characters:,} characters."
        )
        raise Refusal(422, "invalid", message, "stop")

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.queries.exact import exact
        from analysis.corpus.queries.query import asking

        with asking(corpus, stop) as query:
            found = exact(query, asked.start, asked.stop, asked.threshold)
        network = corpus.network
        exact_cells = [
            ExactCell(
                **one.cell._asdict(),
                sign=one.sign,
                memory=network.memory(one.cell).name,
                inside=one.inside,
                elsewhere=one.elsewhere,
            )
            for one in found
        ]
        return written(CellsAnswer(cells=exact_cells))

    return await state.questions.run(request, ask)


class HistogramRequest(CellPlace):
    """A cell."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**EXAMPLE_CELL}]})


class HistogramAnswer(BaseModel):
    """The distribution of the cell's values over the corpus."""

    counts: list[int] = Field(
        description="characters at each of the 255 stored values: display value * 127, from -127"
    )


@router.post(
    "/api/corpora/{name}/histogram",
    response_model=HistogramAnswer,
    summary="A cell's distribution",
    responses=REASONS,
)
async def histogram(request: Request, state: State, name: str, asked: HistogramRequest) -> Response:
    """Over all characters of the corpus."""
    corpus = await opened(state, name)
    cell = cell_of(corpus, asked, "cell")

    def ask(stop: "Stop") -> Response:
        from analysis.corpus.queries.histogram import histogram as count
        from analysis.corpus.queries.query import asking

        with asking(corpus, stop) as query:
            return written(HistogramAnswer(counts=count(query, cell)))

    return await state.questions.run(request, ask)
