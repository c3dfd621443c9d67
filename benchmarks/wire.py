"""A proxy between a page and the server that counts the bytes it carries."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 1 << 18
"""Bytes taken at once."""


@dataclass
class Wire:
    """The live channel's bytes as TCP carries them, framing included; other requests pass too."""

    port: int
    up: int = 0
    down: int = 0
    last: float = 0.0  # when the server's last bytes came, in seconds since 1970


@contextlib.contextmanager
def tapped(server: int) -> Iterator[Wire]:
    """A port that leads to the server's, for as long as needed."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])
        threading.Thread(target=_accept, args=(listening, server, wire), daemon=True).start()
        yield wire
        # A closed socket does not wake who waits in accept.
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, server: int, wire: Wire) -> None:
    """Give every connection two threads."""
    with contextlib.suppress(OSError):
        while True:
            page, _ = listening.accept()
            threading.Thread(target=_join, args=(page, server, wire), daemon=True).start()


def _join(page: socket.socket, server: int, wire: Wire) -> None:
    """Carry one connection until either side ends it."""
    with page, socket.create_connection(("127.0.0.1", server)) as there:
        for end in (page, there):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            request = page.recv(LARGEST)
            there.sendall(request)
            live = wire if request.startswith(b"GET /api/live ") else Wire(0)
            back = threading.Thread(target=_answers, args=(there, page, live), daemon=True)
            back.start()
            while data := page.recv(LARGEST):
                live.up += len(data)
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)
            back.join()


def _answers(there: socket.socket, page: socket.socket, live: Wire) -> None:
    """Carry what the server says."""
    with contextlib.suppress(OSError):
        while data := there.recv(LARGEST):
            live.down += len(data)
            live.last = time.time()
            page.sendall(data)
        page.shutdown(socket.SHUT_WR)
