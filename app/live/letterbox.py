"""Messages from the threads that read to the event loop: in order, one call to wake it for many."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

LOG = logging.getLogger("nestscope")


class Letterbox:
    """One for all channels of a loop. To wake a loop is a system call; sixty letters need one."""

    def __init__(self) -> None:
        self._letters: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._called = False  # the loop will come and look

    def post(self, loop: asyncio.AbstractEventLoop, take: Callable[..., None], *what: Any) -> None:
        """Have the loop call `take(*what)`; from any thread."""
        # In this order: who sees `_called` has put his letter in before the loop looks.
        self._letters.append((take, what))
        if not self._called:
            self._called = True
            with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
                loop.call_soon_threadsafe(self._empty)

    def _empty(self) -> None:
        self._called = False
        for _ in range(len(self._letters)):
            take, what = self._letters.popleft()
            try:
                take(*what)
            except Exception:  # a defect of one must not keep the others from their letters
                LOG.exception("what was read could not be taken")
