"""Whose turn it is, where several processes share a folder and one at a time may do something.

A locked file holds a name. The lock belongs to whoever has the file open, so it ends with the
process it was handed to, however that ends.
"""

import contextlib
import fcntl
import os
import time
from pathlib import Path

TRIES = 3
"""A look at the file may lock it for a moment."""


class Turn:
    """One file as a lock."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def take(self, name: str) -> int | None:
        """An open file that holds the lock, to be closed; None while another process holds it.

        Args:
            name: what is going to be done, for the others.

        Raises:
            OSError: the file cannot be written.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True)
        held = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, held)  # unless it is taken: a lock kept by mistake never ends
            for _ in range(TRIES):
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.truncate(held, 0)
                    os.pwrite(held, name.encode(), 0)
                    undo.pop_all()
                    return held
                time.sleep(0.01)
        return None

    def name(self) -> str | None:
        """The name of the work under way in any process; None if it is nobody's turn."""
        try:
            with self.file.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return file.read().decode() or None
        except OSError:
            pass
        return None
