"""The manners of threads that nobody who types may feel."""

import contextlib
import os
import threading

POLL = 0.5
"""Seconds between two looks whether the visitor is still there."""


def stand_back(by: int = 10) -> None:
    """Lower the priority of this thread below the process's, where the system can do that."""
    with contextlib.suppress(OSError, AttributeError):
        thread = threading.get_native_id()
        priority = os.getpriority(os.PRIO_PROCESS, thread) + by
        os.setpriority(os.PRIO_PROCESS, thread, priority)
