"""The threads that compute answers to HTTP requests, and how many requests may wait for them."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import Request

from app.refusal import Refusal
from app.work.background import stand_back

WAITING = 32
"""Traces that may wait for their turn."""
POLL = 0.05
"""Seconds between two looks whether the visitor is still there: who moves on asks the next."""
MOST_BYTES = 500_000_000
"""The most bytes that the values of all answers being computed, or not read yet, may take."""
SMALL, MOST_OF_SMALL = 1_000_000, 100_000_000
"""Bytes of a small answer, and the room beside MOST_BYTES that is kept for small ones alone."""
READ_SECONDS, READ_BYTES = 60.0, 200_000.0
"""An answer is to be read in so many seconds, and one more for each so many bytes of its values."""


class Hold:
    """Bytes of one answer, until it is read, its visitor has left, or its time is up."""

    def __init__(self, tracers: "Tracers", size: int) -> None:
        self._tracers, self._size = tracers, size
        self.seconds = READ_SECONDS + size / READ_BYTES  # for its visitor to read it
        tracers.held += size

    def release(self) -> None:
        """Give them back; a second time does nothing."""
        self._tracers.held -= self._size
        self._size = 0


class Tracers:
    """The threads that read for requests. They stand back behind those that read for typists."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, "trace", initializer=stand_back)
        # What is answered in a moment does not wait for what takes long.
        self._soon = ThreadPoolExecutor(threads, "soon", initializer=stand_back, initargs=(5,))
        self._most = threads + WAITING
        self._count = 0
        self.held = 0  # bytes of answers that are not read yet

    def hold(self, size: int) -> Hold:
        """Room for the values of an answer. Those who read large ones slowly leave some for small.

        Raises:
            Refusal: 429 while others wait to be read by their visitors.
        """
        room = MOST_BYTES + (MOST_OF_SMALL if size < SMALL else 0)
        if self.held and self.held + size > room:
            message = "Too many large answers wait to be read: read yours, or try again in a while."
            raise Refusal(429, "busy", message)
        return Hold(self, size)

    async def run(self, request: Request, work: Any, soon: bool = False) -> Any:
        """`work(wanted)` in a thread; `wanted()` turns false when the visitor has left.

        Args:
            soon: it takes a moment only, and somebody looks for it: it has threads of its own.

        Raises:
            Refusal: 429 when too many wait already.
        """
        if self._count >= self._most:
            raise Refusal(429, "busy", "Too many traces are being computed: try again in a while.")
        left = threading.Event()
        self._count += 1
        try:
            future = asyncio.get_running_loop().run_in_executor(
                self._soon if soon else self._pool, work, lambda: not left.is_set()
            )
            while not future.done():
                await asyncio.wait({future}, timeout=POLL)
                if not future.done() and await request.is_disconnected():
                    left.set()
            return future.result()
        finally:
            left.set()
            self._count -= 1

    def close(self) -> None:
        """Let the threads go."""
        for pool in (self._pool, self._soon):
            pool.shutdown(wait=False, cancel_futures=True)
