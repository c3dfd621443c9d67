"""POST /api/trace: a model's values along a text, as JSON or as a safetensors file."""

import asyncio
import json
import logging
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from app.frames import compact, header
from app.http.accept import prefers
from app.http.text_request import text_request
from app.http.trace_request import MOST_VALUES, Selection, TraceRequest, select
from app.http.trace_values import Values, read
from app.refusal import Refusal, answers, not_finite
from app.state import State
from app.work.tracers import Hold
from models.overflow import NotFinite
from models.vocabulary import UNKNOWN

router = APIRouter()
LOG = logging.getLogger("nestscope")

JSON, BINARY = MOST_VALUES
NUMBERS, BYTES = 1 << 12, 1 << 18
"""Written at a time, to JSON or binary: no other thread waits longer than that takes (some ms)."""


class TraceAnswer(BaseModel):
    """The values along the text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "nested-ptb",
                    "text": "b\u00e9",
                    "signal": "hidden",
                    "shape": [2, 1, 2],
                    "axes": ["T", "L", "H"],
                    "values": [[[0.25, -0.5]], [[0.125, -0.75]]],
                    "unknown": [],
                    "read_as": [],
                }
            ]
        }
    )

    model: str
    text: str
    signal: str
    shape: list[int]
    axes: list[str]
    values: list[Any] = Field(description="nested lists of the `shape`")
    unknown: list[int] = Field(description="positions out of vocabulary, read as the zero vector")
    read_as: list[tuple[int, str]] = Field(
        description="positions of typographic characters, and the plain symbol each was read as"
    )


@router.post(
    "/api/trace",
    response_model=TraceAnswer,
    summary="A model's values along a text",
    responses={
        200: {
            "description": "the values, in the form that `Accept` asks for",
            "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
        },
        **answers(
            s400="the body is not JSON",
            s404="there is no model of this name",
            s406="`Accept` wants another type",
            s413="the text, the body or the answer is too large; `field` names what to narrow",
            s415="the body is of another type than application/json",
            s422="a field is missing, unknown or wrong, or the model reads no text",
            s429="too many traces are being computed",
        ),
    },
)
async def trace(request: Request, state: State, asked: TraceRequest) -> Response:
    """Runs the text from the zero state; the rest of the axes as `axes` names them.

    `Accept: application/octet-stream` gives a safetensors file: the tensor `values`, and under the
    metadata key `nestscope` the rest of the JSON answer. Limits: 2,000,000 values in JSON,
    50,000,000 in binary, and the server's longest text.
    """
    media = prefers(",".join(request.headers.getlist("accept")), [JSON, BINARY])
    if media is None:
        raise Refusal(406, "not_acceptable", f"The answer comes as {JSON} or {BINARY}.", "Accept")
    read_by = await text_request(state, asked.model, asked.text)
    model, text, symbols = read_by.model, read_by.text, read_by.symbols
    selection = select(asked, text, model, media)

    def work(wanted: Any) -> "Answer | None":
        # All of it here and not on the loop: what is told of a long text takes tens of ms to write.
        try:
            values = read(model, read_by.engine, symbols, selection, wanted)
        except NotFinite:
            raise unsayable("int8", "ask for float32", selection) from None
        if values is None:
            return None
        about = {
            "model": asked.model,
            "text": text,
            "signal": selection.signal,
            "shape": list(selection.shape),
            "axes": list(selection.axes),
            "unknown": [k for k, symbol in enumerate(symbols) if symbol == UNKNOWN],
            "read_as": model.vocabulary.read_as(text),
        }
        if media == BINARY:
            head = header(about, selection.dtype, selection.shape)
            length = {"Content-Length": str(len(head) + values.nbytes)}
            return Answer(binary(head, values), length)
        if not np.isfinite(values).all():
            raise unsayable("JSON", f"accept {BINARY}", selection)
        return Answer(written(about, values))

    hold = state.tracers.hold(math.prod(selection.shape) * np.dtype(selection.dtype).itemsize)
    try:
        answer: Answer | None = await state.tracers.run(request, work)
        if answer is None:
            hold.release()
            return Response(status_code=499)  # nobody reads it: the visitor has left
        return HeldAnswer(hold, answer.content, media, answer.headers)
    except BaseException:
        hold.release()
        raise


class Answer(NamedTuple):
    """An answer that is ready to be sent."""

    content: Iterator[bytes] | Iterator[str]
    headers: dict[str, str] | None = None


def unsayable(form: str, remedy: str, selection: Selection) -> Refusal:
    """The refusal of values that overflowed, in a form that has no such number."""
    message = f"Some values are not finite, which {form} cannot say: {remedy}."
    return not_finite(selection.interventions, message)


class HeldAnswer(StreamingResponse):
    """An answer whose values count until it is read, or its visitor has left or had his time."""

    def __init__(
        self,
        hold: Hold,
        content: Iterator[bytes] | Iterator[str],
        media: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(content, 200, headers, media)
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a visitor who reads too slowly gets no more of it."""
        try:
            async with asyncio.timeout(self._hold.seconds):
                await super().__call__(scope, receive, send)
        except TimeoutError:
            LOG.warning("an answer was not read within %.0f s: it was cut off", self._hold.seconds)
        finally:
            self._hold.release()


def binary(head: bytes, values: Values) -> Iterator[bytes]:
    """The safetensors file in pieces."""
    yield head
    flat = values.reshape(-1).view(np.uint8)
    for start in range(0, len(flat), BYTES):
        yield flat[start : start + BYTES].tobytes()


def written(about: dict[str, Any], values: Values) -> Iterator[str]:
    """The JSON answer in pieces: `values` before what is known of single characters."""
    unknown, read_as = about.pop("unknown"), about.pop("read_as")
    yield compact(about)[:-1] + ',"values":['
    rows = max(1, NUMBERS // max(1, values[:1].size))
    for start in range(0, len(values), rows):
        piece = json.dumps(values[start : start + rows].tolist(), separators=(",", ":"))
        yield ("," if start else "") + piece[1:-1]
    yield f'],"unknown":{compact(unknown)},"read_as":{compact(read_as)}}}'
