"""The timescales of a model's memories, measured now: POST /api/timescales on the visitor's text,
POST /api/corpora/NAME/timescales on one that the server has.

The result is kept beside the checkpoint if the server may write there, and no other is there yet.
"""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from analysis.corpus.layout import TEXT
from analysis.inputs import opened
from analysis.timescales.blocks import LEAST_TEXT, TooShort, cut
from app.entry import Entry
from app.http.text_request import TextRequest, text_request
from app.http.timescales import REPORTS, cells_of
from app.origins import is_loopback
from app.refusal import Refusal, answers, not_finite
from app.state import AppState, State
from app.strict import Strict, Text
from app.work.bench import Line, Tell
from models.files import write_aside
from models.overflow import NotFinite
from models.vocabulary import UNKNOWN

router = APIRouter()

LINES = "application/x-ndjson"
MOST_OF_CORPUS = 50_000
"""Characters of a corpus that are measured on: some minutes of one core."""
OWN_TEXT = "your text"
KEPT_TEXT = "a text typed on the page"
"""Its name, for those who come after."""


class TimescalesRequest(Strict):
    """A model, and a text long enough to measure its memories on."""

    model: Text = Field(description="a name out of GET /api/models")
    text: Text = Field(
        description=f"CRLF becomes LF; at least {LEAST_TEXT:,} code points",
        json_schema_extra={"minLength": LEAST_TEXT},  # `measured` says it in a better sentence
    )
    keep: bool = Field(
        default=False,
        description="keep the result beside the checkpoint, if none is there and the request comes "
        "from the server's own machine",
    )


TOLD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "JSON lines: `{doing, done, of}` on the way, `{report, cells, kept}` (or "
        "`{error}`) as the last; close the connection to stop",
        "content": {LINES: {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/api/timescales",
    summary="How long a model's memories last on a text",
    responses={
        **TOLD,
        **answers(
            s400="the body is not JSON",
            s404="there is no model of this name",
            s413="the text or the body is too large",
            s415="the body is of another type than application/json",
            s422="a field is missing, unknown or wrong, the model reads no text, or the text is "
            "too short to measure on (the message says how much it needs) or mostly outside the "
            "model's alphabet",
            s429="another text is being measured",
        ),
    },
    response_class=StreamingResponse,
)
async def timescales(request: Request, state: State, asked: TimescalesRequest) -> StreamingResponse:
    """All measures, with the intervals over the text's blocks; one job at a time.

    The report has the form of the shipped result files: see docs/reference/timescales-file.md.
    `cells` is what GET /api/timescales/NAME/cells gives, `kept` whether the result stays.
    """
    state.bench.require_free()
    read_by = await text_request(state, asked.model, asked.text)
    keep = asked.keep and is_own_machine(request, state)
    called = KEPT_TEXT if keep else OWN_TEXT
    return measured(request, state, asked.model, read_by, called, keep)


@router.post(
    "/api/corpora/{name}/timescales",
    summary="How long a model's memories last on a corpus",
    responses={
        **TOLD,
        **answers(
            s404="there is no corpus of this name, or its model is not served",
            s422="the text is too short to measure on",
            s429="another text is being measured",
        ),
    },
    response_class=StreamingResponse,
)
async def of_corpus(request: Request, state: State, name: str) -> StreamingResponse:
    """The same, of the first 50,000 characters of a corpus under its model; it need not be indexed.

    The result is kept beside the checkpoint, if it can be written there and none is there yet.
    """
    state.bench.require_free()
    await state.loaded.wait()
    corpus = await run_in_threadpool(state.corpora.get, name)
    if corpus is None or corpus.damage:
        message = "There is no corpus of this name: GET /api/corpora lists them."
        raise Refusal(404, "unknown_corpus", message, "name")
    loaded = await state.model(corpus.model)
    source = corpus.source or corpus.folder / TEXT
    try:
        text = await run_in_threadpool(beginning, source)
        read_by = TextRequest(loaded, text)
        await run_in_threadpool(lambda: read_by.symbols)
    except (OSError, ValueError):  # it is gone, or no text any more
        message = f"The text of {name} cannot be read any more."
        raise Refusal(404, "unknown_corpus", message, "name") from None
    return measured(request, state, corpus.model, read_by, corpus.text, keep=True)


def beginning(source: Path) -> str:
    """The first characters of a text file."""
    with opened(source) as file:
        return file.read(MOST_OF_CORPUS)


def is_own_machine(request: Request, state: AppState) -> bool:
    """Return whether the request comes from the serving machine itself, through no proxy."""
    client = request.client.host if request.client else ""
    proxied = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "via"))
    return is_loopback(client) and is_loopback(state.settings.host) and not proxied


def measured(
    request: Request, state: AppState, name: str, read_by: TextRequest, called: str, keep: bool
) -> StreamingResponse:
    """The measurement, told line by line.

    Raises:
        Refusal: 422, the text cannot carry it; 429, another one is being measured.
    """
    text, entry = read_by.text, read_by.loaded.entry
    model = read_by.model
    try:
        cut(len(text))
    except TooShort as reason:
        message = str(reason)
        raise Refusal(422, "too_short", message[0].upper() + message[1:] + ".", "text") from None

    unknown = read_by.symbols.count(UNKNOWN)
    if unknown > len(text) / 2:
        message = (
            f"{unknown:,} of the text's {len(text):,} code points are not in the alphabet of "
            f"{name}: it would be measured on nothing. Choose a model of that language."
        )
        raise Refusal(422, "foreign_alphabet", message, "text")

    def work(tell: Tell) -> Line:
        # Here and not above: scipy takes as long to import as the server to start.
        from analysis.timescales.measurement import Settings, measure
        from analysis.timescales.report import dumps, report
        from analysis.timescales.verdicts import verdicts

        settings = Settings(characters=len(text))
        try:
            found = measure(
                model, text, settings, lambda what, k, n: tell({"doing": what, "done": k, "of": n})
            )
        except NotFinite:
            raise not_finite() from None
        result: dict[str, Any] = {**report(entry.name, model, called, settings, found)}
        result["verdicts"] = verdicts(result, [])  # type: ignore[arg-type]
        content = (dumps(result) + "\n").encode()  # type: ignore[arg-type]
        cells = cells_of(entry.name, model.card.hidden, content).model_dump()
        kept = keep and state.catalogue.get(entry.name) == entry and kept_beside(entry, content)
        return {"report": result, "cells": cells, "kept": kept}

    job = state.bench.start(work)
    return StreamingResponse(job.lines(request), media_type=LINES)


def kept_beside(entry: Entry, content: bytes) -> bool:
    """Write a result beside its checkpoint; whether it could be. One that is there stays."""
    if REPORTS.of(entry):
        return False
    try:
        write_aside(entry.beside("timescales"), content)
    except OSError:
        return False
    return True
