"""The one place where a text is measured, and what it says on its way."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from fastapi import Request

from app.frames import compact
from app.metrics import REFUSALS
from app.refusal import DEFECT, STOPPING, Refusal
from app.work.background import POLL, stand_back

LOG = logging.getLogger("nestscope")

Line = dict[str, Any]
Tell = Callable[[Line], None]


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
        """Return whether it is under way and somebody waits for it."""
        return not (self._future.done() or self._left.is_set())

    def leave(self) -> None:
        """End it at its next word."""
        self._left.set()

    async def lines(self, request: Request) -> AsyncIterator[bytes]:
        """Its progress, a JSON line each, and as the last its result, or `{"error"}`."""
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
            yield self._last()
        except asyncio.CancelledError:  # the server stops, or the visitor has left
            yield last(STOPPING)
        finally:
            self.leave()

    def _last(self) -> bytes:
        """The last line: whoever reads it must not take a failure for a broken connection."""
        try:
            return written(self._future.result())
        except Refusal as refusal:
            return told(refusal)
        except (Left, asyncio.CancelledError):
            return last(STOPPING)
        except Exception:
            LOG.exception("a measurement failed")
            return told(DEFECT)

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
        self.require_free()
        self._job = Job(self._pool, work)
        return self._job

    def require_free(self) -> None:
        """Do nothing if a job could begin now: nobody prepares one for nothing.

        Raises:
            Refusal: 429 while another text is being measured.
        """
        if self._job is not None and self._job.wanted:
            raise Refusal(429, "busy", "Another text is being measured: try again in a minute.")

    def close(self) -> None:
        """End the job under way."""
        if self._job is not None:
            self._job.leave()
        self._pool.shutdown(wait=True, cancel_futures=True)


def written(line: Line) -> bytes:
    """One line of the answer."""
    return (compact(line) + "\n").encode()


def told(refusal: Refusal) -> bytes:
    """The last line of an answer that was refused; it is counted."""
    REFUSALS.labels(refusal.code).inc()
    return last(refusal)


def last(refusal: Refusal) -> bytes:
    """The last line of an answer that came to nothing."""
    return written({"error": refusal.told()})
