"""More than one process behind one socket (`NESTSCOPE_WORKERS`).

uvicorn starts the processes, watches them and replaces one that dies. Each is a server of its own:
it loads the models and keeps the texts of its visitors. Nobody is bound to one of them, because a
page that loses its connection sends its whole text anew. What they share is the listening socket,
the folders, and a folder of counts, so that GET /metrics tells of all of them.
"""

import contextlib
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from app import logs
from app.allocator import limit_arenas
from app.protocols import MOST_MESSAGE, LimitedHttp, LimitedWebSocket, raise_open_files
from app.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder of the counts; prometheus-client reads it when it is imported."""
ANSWER_SECONDS = 20
"""For a process to answer the one that watches it; then it is replaced."""
SHARED_MEMORY = Path("/dev/shm")


class NoFolder(OSError):
    """There is no place for the counts of several processes; the message is one sentence."""


class Watch(Multiprocess):
    """uvicorn's watch over the processes."""

    def keep_subprocess_alive(self) -> None:
        """Replace those that died, at once."""
        for process in self.processes:
            # Only where nobody else holds this end does a process that dies while it is asked
            # close the pipe; else the watch waits for its answer.
            process.child_conn.close()
        super().keep_subprocess_alive()


def application() -> "FastAPI":
    """The application that each process serves."""
    from app.application import create_app  # torch comes with it; who only watches needs none

    raise_open_files()
    limit_arenas()
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()
    return create_app(Settings())


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve on a bound socket until stopped.

    Raises:
        NoFolder: more than one process is wanted, and there is no place for their counts.
    """
    config = uvicorn.Config(
        "app.workers:application",
        factory=True,
        workers=settings.workers,
        log_config=logs.config(settings.log),
        http=LimitedHttp,
        ws=LimitedWebSocket,
        ws_max_size=MOST_MESSAGE,
        # Values are close to random bytes: deflating them costs time and saves nothing.
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_worker_healthcheck=ANSWER_SECONDS,
    )
    if settings.workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
        return
    with counts_folder() as folder:
        os.environ[COUNTS] = str(folder)
        Watch(config, sockets=[listening]).run()


@contextlib.contextmanager
def counts_folder() -> Iterator[Path]:
    """A folder for as long as the server runs, also where the disk cannot be written.

    Raises:
        NoFolder: nothing can be written at all.
    """
    try:
        folder = _new_folder()
    except OSError as error:
        raise NoFolder(
            "several processes count in files, and no folder for them can be written: set TMPDIR "
            "to one, or NESTSCOPE_WORKERS to 1."
        ) from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_folder() -> str:
    try:
        return tempfile.mkdtemp(prefix="nestscope-counts-")
    except OSError:  # as in a container with a read-only root
        return tempfile.mkdtemp(prefix="nestscope-counts-", dir=SHARED_MEMORY)


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    """Stop when the process that watches this one is gone: nobody else would."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
