"""Typists first: while a batch of theirs is read, long texts stand still, whatever their models.

Threads of one process share Python's lock, the processors and the caches, so a lower priority is
not enough: a long text that is put aside by the system while it holds the lock holds up everybody.
It asks before every step instead, some tenths of a millisecond, so a batch is never alone with it
for longer. Among very many typists it still moves on, by a small share of the time.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

WAIT = 0.010
"""Seconds that a long text stands still at most; then it has a turn whoever types."""
TURN = 0.002
"""Seconds of that turn."""


class Precedence:
    """One for all readers of a process. `clock` is for tests."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._batches = 0  # of typists, being read
        self._clear = threading.Event()  # there are none
        self._clear.set()

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """A batch of typists is being read."""
        with self._lock:
            self._batches += 1
            self._clear.clear()
        try:
            yield
        finally:
            with self._lock:
                self._batches -= 1
                if not self._batches:
                    self._clear.set()

    def giving_way(self) -> Callable[[], None]:
        """A function that a thread with a long text calls between its steps; it may wait."""
        turn_ends = 0.0

        def between() -> None:
            nonlocal turn_ends
            if self._clear.is_set() or self._clock() < turn_ends:
                return
            if not self._clear.wait(WAIT):
                turn_ends = self._clock() + TURN

        return between
