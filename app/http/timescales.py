"""The shipped timescales: the result files beside the checkpoints, for those that are served."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from analysis.timescales.cells import timescales_of_cells
from analysis.timescales.claims import seed_claims
from analysis.timescales.measures.context_swap import ContextSwap
from app.beside import Beside
from app.entry import MOST_BESIDE, Entry
from app.http.result_file import OPENAPI, result_file
from app.refusal import Refusal, answers
from app.state import State

router = APIRouter()


class ReportListing(BaseModel):
    """A model whose timescales were measured."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "nested-ptb", "text": "valid.txt", "characters": 98500}]
        }
    )

    model: str
    text: str
    characters: int


def listed(entry: Entry, content: bytes) -> ReportListing | None:
    """The text that a result file is of; None if it is of other weights, or not of this form."""
    try:
        result = json.loads(content)
        if result["sha256"] != entry.sha256:
            return None
        settings = result["settings"]
        return ReportListing(
            model=entry.name, text=settings["text"], characters=settings["characters"]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


REPORTS = Beside("timescales", listed)


class Curves(BaseModel):
    """The share left after so many characters, over all cells of one memory."""

    lags: list[int]
    low: list[float | None]  # the quantile 0.1
    median: list[float | None]
    high: list[float | None]  # the quantile 0.9


class Each(BaseModel):
    """The share left after so many characters in each cell, by its number."""

    lags: list[int]
    shares: list[list[float] | None]  # None: not kept


class CellTimescales(BaseModel):
    """The timescale of each cell of one memory, by number of the cell, in characters."""

    layer: int
    level: int | None
    state: str
    tau: list[float | None]
    low: list[float | None]
    high: list[float | None]
    status: list[str | None]
    curves: Curves | None
    each: Each | None = None  # older result files have none


class CellReport(BaseModel):
    """The primary measure of every cell of a model; no memories where it was not measured."""

    model: str
    measure: str
    text: str | None
    characters: int | None
    longest: float | None
    memories: list[CellTimescales]


def cells_of(name: str, hidden: int, content: bytes | None) -> CellReport:
    """The context swap of the values that the network reads, from a result file.

    Args:
        name: of the model.
        hidden: how many cells a memory has.
        content: the result file; None where there is none.

    Raises:
        KeyError, TypeError, IndexError, ValueError: it is not of this form.
    """
    found: dict[str, Any] = {"text": None, "characters": None, "longest": None, "memories": []}
    if content is not None:
        result = json.loads(content)
        settings = result["settings"]
        found = {
            "text": settings["text"],
            "characters": settings["characters"],
            "longest": settings.get("longest", {}).get(ContextSwap.key),
            "memories": timescales_of_cells(result, hidden),
        }
    return CellReport(model=name, measure=ContextSwap.key, **found)


def cells_written(entry: Entry, content: bytes) -> bytes | None:
    """The same as JSON; None if the file is of other weights, or not of this form."""
    if listed(entry, content) is None:
        return None
    try:
        return cells_of(entry.name, entry.card.hidden, content).model_dump_json().encode()
    except (KeyError, TypeError, IndexError, AttributeError, ValueError):
        return None


CELLS = Beside("timescales", cells_written)


def seeds_of(folder: Path) -> list[dict[str, Any]]:
    """The verdicts over seeds: of every recipe its name and its claims."""
    recipes = []
    found = filter(Path.is_file, folder.glob("seeds*.json"))
    for path in sorted(found, key=lambda path: path.stem):
        name = path.stem.removeprefix("seeds").strip("-").replace("-", " ")
        try:
            if path.stat().st_size > MOST_BESIDE:
                continue
            claims = seed_claims(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        if claims:
            recipes.append({"name": name or "the default settings", "claims": claims})
    return recipes


@router.get("/api/timescales", summary="The models whose timescales were measured")
def listing(state: State) -> list[ReportListing]:
    """The models measured beforehand with `python -m analysis.timescales`, and on which text."""
    return [found for entry in state.catalogue if (found := REPORTS.of(entry))]


@router.get(
    "/api/timescales/{model}",
    summary="A model's measured timescales",
    responses={
        **OPENAPI,
        **answers(
            s404="there is no model of this name, or it was not measured",
            s422="the name is not text",
        ),
    },
    response_class=Response,
)
async def timescales(request: Request, state: State, model: str) -> Response:
    """The result file: docs/reference/timescales-file.md says what is in it."""
    entry = await state.entry(model)
    content = await run_in_threadpool(report_of, entry)
    if content is None:
        message = (
            f"The timescales of {entry.name} have not been measured. Run "
            f"python -m analysis.timescales --model {entry.name} --text FILE --out FILE."
        )
        raise Refusal(404, "not_measured", message, "model")
    return result_file(request, content)


def report_of(entry: Entry) -> bytes | None:
    """The result file of a served model; None where there is none of its weights."""
    try:
        return entry.read_beside(REPORTS.kind) if REPORTS.of(entry) else None
    except OSError:
        return None


@router.get(
    "/api/timescales/{model}/cells",
    summary="How long each cell of a model remembers",
    response_model=CellReport,
    responses=answers(s404="there is no model of this name", s422="the name is not text"),
)
async def cells(request: Request, state: State, model: str) -> Response:
    """The primary measure of every cell, a small part of the result file; for those who show cells.

    A model that was not measured has no memories here; that is no error.
    """
    entry = await state.entry(model)
    found = await run_in_threadpool(CELLS.of, entry)
    nothing = cells_of(entry.name, entry.card.hidden, None)
    return result_file(request, found or nothing.model_dump_json().encode())
