"""POST /api/timescales: how long a model's memories last on the visitor's own text."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from analysis.timescales.blocks import TooShort, cut
from app.frames import compact
from app.live.messages import Text
from app.live.scheduler import stand_back
from app.refusal import Refusal, answers
from models import CharacterModel
from models.vocabulary import UNKNOWN

router = APIRouter()

LINES = "application/x-ndjson"
POLL = 0.5
"""Seconds between two looks whether the visitor is still there."""

Line = dict[str, Any]
Tell = Callable[[Line], None]


class TimescalesRequest(BaseModel):
    """A model, and a text long enough to measure its memories on."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        json_schema_extra={"examples": [{"model": "nested-ptb", "text": "8,500 characters ..."}]},
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text = Field(description="CRLF becomes LF; at least 8,500 code points")


class Left(Exception):
    """The visitor has gone: nobody reads the result."""


class Job:
    """A measurement under way in a thread."""

    def __init__(self, pool: Executor, work: Callable[[Tell], Line]) -> None:
        self._loop, self._received = asyncio.get_running_loop(), asyncio.Queue[Line]()
        self._left = threading.Event()
        self._future = self._loop.run_in_executor(pool, work, self._tell)
        # When nobody waits for it any more, how it ended is no news.
        self._future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

    @property
    def wanted(self) -> bool:
        """Whether it is under way and somebody waits for it."""
        return not (self._future.done() or self._left.is_set())

    def leave(self) -> None:
        """End it at its next word."""
        self._left.set()

    async def lines(self, request: Request) -> AsyncIterator[bytes]:
        """What it tells on its way, a JSON line each, and its result as the last."""
        try:
            while not (self._future.done() and self._received.empty()):
                waiting = asyncio.ensure_future(self._received.get())
                await asyncio.wait(
                    {waiting, self._future}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED
                )
                if waiting.done():
                    yield written(waiting.result())
                elif await request.is_disconnected():
                    return
                waiting.cancel()
            yield written(self._future.result())
        finally:
            self.leave()

    def _tell(self, line: Line) -> None:
        if self._left.is_set():
            raise Left
        self._loop.call_soon_threadsafe(self._received.put_nowait, line)


class Bench:
    """The one place where a text is measured: one job at a time, behind those who type."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "measure", initializer=stand_back)
        self._job: Job | None = None

    def start(self, work: Callable[[Tell], Line]) -> Job:
        """Begin a job, as soon as one that was left has noticed it.

        Raises:
            Refusal: 429 while another text is being measured.
        """
        if self._job is not None and self._job.wanted:
            raise Refusal(429, "busy", "Another text is being measured: try again in a minute.")
        self._job = Job(self._pool, work)
        return self._job

    def close(self) -> None:
        """End the job under way."""
        if self._job is not None:
            self._job.leave()
        self._pool.shutdown(wait=True, cancel_futures=True)


def written(line: Line) -> bytes:
    """One line of the answer."""
    return (compact(line) + "\n").encode()


@router.post(
    "/api/timescales",
    summary="How long a model's memories last on a text",
    responses={
        200: {
            "description": "JSON lines: `{doing, done, of}` on the way, `{report}` as the last; "
            "close the connection to stop",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
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
async def timescales(request: Request, asked: TimescalesRequest) -> StreamingResponse:
    """All five measures, with the intervals over the text's blocks; one job at a time.

    The report has the form of the shipped result files: see docs/reference/timescales-file.md.
    """
    entry = await request.app.state.models(asked.model)
    model = entry.model
    if not isinstance(model, CharacterModel):
        message = f"{asked.model} reads glimpses of digits, not text: choose a charlm model."
        raise Refusal(422, "reads_no_text", message, "model")
    text = asked.text.replace("\r\n", "\n")
    longest = request.app.state.settings.max_text
    if len(text) > longest:
        message = f"The text has {len(text):,} code points; at most {longest:,} are read."
        raise Refusal(413, "text_too_long", message, "text")
    try:
        cut(len(text))
    except TooShort as reason:
        message = str(reason)
        raise Refusal(422, "too_short", message[0].upper() + message[1:] + ".", "text") from None

    unknown = model.vocabulary.encode(text).count(UNKNOWN)
    if unknown > len(text) / 2:
        message = (
            f"{unknown:,} of the text's {len(text):,} code points are not in the alphabet of "
            f"{asked.model}: it would be measured on nothing. Choose a model of that language."
        )
        raise Refusal(422, "foreign_alphabet", message, "text")

    def work(tell: Tell) -> Line:
        # Here and not above: scipy takes as long to import as the server to start.
        from analysis.timescales.measurement import Settings, measure
        from analysis.timescales.report import report
        from analysis.timescales.verdicts import verdicts

        settings = Settings(characters=len(text))
        measured = measure(
            model, text, settings, lambda what, k, n: tell({"doing": what, "done": k, "of": n})
        )
        result = report(asked.model, model, "your text", settings, measured)
        result["settings"]["unknown"] = unknown
        result["verdicts"] = verdicts(result, [])
        return {"report": result}

    job = request.app.state.bench.start(work)
    return StreamingResponse(job.lines(request), media_type=LINES)
