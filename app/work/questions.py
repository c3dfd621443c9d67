"""The threads that ask corpora and search texts, and how many questions may wait for each."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel

from app.refusal import Refusal
from app.work.background import POLL, stand_back

if TYPE_CHECKING:
    from analysis.corpus.queries.query import Stop

LOG = logging.getLogger("nestscope")

T = TypeVar("T")

WAITING = 16
"""Questions that may wait for their turn."""
SECONDS = 10.0
"""A question may take so long."""


class Questions:
    """One thread, behind those who type."""

    def __init__(self, thread: str = "corpus") -> None:
        self._pool = ThreadPoolExecutor(1, thread, initializer=stand_back)
        self._count = 0
        self._stops: set[Stop] = set()

    async def run(self, request: Request, ask: "Callable[[Stop], T]") -> T:
        """`ask` in the thread; it is ended when its time is up or the visitor has left.

        Raises:
            Refusal: 429 when too many wait; 422 if it took too long; 410 if the corpus was removed.
        """
        await imported()
        from analysis.corpus.corpus import Gone
        from analysis.corpus.queries.query import Stop, Stopped

        if self._count >= WAITING:
            raise Refusal(429, "busy", "Too many questions are waiting: try again in a while.")
        self._count += 1
        stop = Stop(SECONDS)
        self._stops.add(stop)

        def work() -> T:
            with stop:
                return ask(stop)

        try:
            future = asyncio.get_running_loop().run_in_executor(self._pool, work)
            while not future.done():
                await asyncio.wait({future}, timeout=POLL)
                if not future.done() and await request.is_disconnected():
                    stop.set("nobody waits for it any more")
            return future.result()
        except Stopped as reason:
            raise Refusal(422, "too_slow", f"The question was ended: {reason}.") from None
        except Gone as error:
            LOG.error("%s", error)
            message = error.reason[0].upper() + error.reason[1:] + "."
            raise Refusal(410, "corpus_gone", message) from None
        finally:
            stop.set("nobody waits for it any more")
            self._stops.discard(stop)
            self._count -= 1

    def close(self) -> None:
        """End the question that is being asked, and let the thread go."""
        for stop in self._stops:
            stop.set("the server stops")
        self._pool.shutdown(wait=True, cancel_futures=True)


async def imported() -> None:
    """Import what asks corpora: pyarrow and duckdb take long, and nobody else may wait for them."""
    await run_in_threadpool(import_module, "analysis.corpus.queries.query")


def written(answer: BaseModel) -> Response:
    """The answer as JSON, made by the thread that asked: a large one takes a while."""
    return Response(answer.model_dump_json(), media_type="application/json")
