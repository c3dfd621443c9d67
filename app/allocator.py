"""Gives memory that is free back to the system.

glibc's malloc gives the threads of a process up to eight arenas a core, and keeps in each what was
freed there. A server whose threads read texts of all lengths, and end, leaves free pieces in all of
them, and grows for an hour before that levels off. Other C libraries do without: nothing is done.
"""

import ctypes
import threading

ARENAS = 2
"""Threads that wait for one another's allocation are few: torch keeps to large blocks."""
EVERY_SECONDS = 60.0

_M_ARENA_MAX = -8  # malloc.h


def limit_arenas() -> None:
    """Keep all threads to few arenas; to be called before there are many."""
    if mallopt := _function("mallopt"):
        mallopt(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return the free pages of all arenas."""
    if malloc_trim := _function("malloc_trim"):
        malloc_trim(0)


def keep_giving_back(stop: threading.Event) -> None:
    """Do so every minute until stopped."""
    while not stop.wait(EVERY_SECONDS):
        give_back()


def _function(name: str) -> "ctypes._NamedFuncPointer | None":
    """A function of the C library; None where it has no such."""
    try:
        found: ctypes._NamedFuncPointer | None = getattr(ctypes.CDLL(None), name, None)
    except (OSError, TypeError):  # no such library, as on Windows
        return None
    return found
