"""uvicorn's protocols with limits: what one connection may cost before the application hears of it.

What is counted here is what the application cannot see: connections that say nothing, half
requests, answers that nobody reads, empty fragments and pings. Limits by address, and on the
number of requests, belong to a proxy in front.
"""

import asyncio
import contextlib
import logging
from asyncio.transports import BaseTransport
from typing import Any

import h11
from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

LOG = logging.getLogger("nestscope")

MOST_MESSAGE = 1_000_000
"""Bytes of one message of a live channel."""
REQUEST_SECONDS = 20.0
"""For a connection to say what it wants, with the body of the request."""
WRITE_SECONDS = 60.0
"""For the other side to take some of what is written; then it has gone."""
SMALL_PART, MOST_SMALL_PARTS = 256, 2_000
"""Bytes of a small part of a body, and how many one body may have: each costs as much as a large
one."""
FRAMES_PER_SECOND, FRAMES_AT_ONCE = 100.0, 500.0
"""Pings, pongs, fragments and binary messages of one live channel. A browser sends a few a minute.
"""
SLICE_BYTES = 1 << 12
"""Looked at before the frames are counted again, and before others have their turn."""
OPEN_FILES = 1 << 14
"""Wanted at least, for sockets and files."""
FILES_RESERVED = 256
"""Not for connections."""
MOST_CONNECTIONS = 1 << 13


class Connections:
    """The limit on connections; set once, when the server starts."""

    most = MOST_CONNECTIONS


def raise_open_files() -> None:
    """Raise the limit on open files if needed, and accept no more connections than fit."""
    with contextlib.suppress(ImportError):  # no such limit on this system
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        unlimited = resource.RLIM_INFINITY
        wanted = OPEN_FILES if hard == unlimited else min(OPEN_FILES, hard)
        if soft != unlimited and soft < wanted:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                soft = wanted
        if soft != unlimited:
            Connections.most = max(16, min(MOST_CONNECTIONS, soft - FILES_RESERVED))
        if Connections.most < MOST_CONNECTIONS:
            LOG.warning(
                "only %d files may be open: at most %d connections are taken. "
                "Raise the limit (ulimit -n %d) for more.",
                soft,
                Connections.most,
                OPEN_FILES,
            )


class CountedRequests(h11.Connection):
    """Counts the small parts in which the body of a request comes."""

    small_parts = 0

    def next_event(self) -> Any:
        """The next event of the other side."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.small_parts = 0
        elif isinstance(event, h11.Data) and len(event.data) < SMALL_PART:
            self.small_parts += 1
        return event


class LimitedHttp(H11Protocol):
    """HTTP: a bound on connections, on the time and parts of a request, and on unread answers."""

    conn: CountedRequests
    _upgraded = False
    _request: asyncio.TimerHandle | None = None
    _write: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = CountedRequests(
            h11.SERVER, self.config.h11_max_incomplete_event_size or 1 << 16
        )

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there is a place for it."""
        super().connection_made(transport)
        if len(self.connections) > Connections.most:
            transport.abort()
            return
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has gone."""
        _cancel(self._request, self._write)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or all of it, in slices: the rest of what is too much is dropped."""
        for start in range(0, len(data), SLICE_BYTES):
            super().data_received(data[start : start + SLICE_BYTES])
            if self.conn.small_parts > MOST_SMALL_PARTS:
                self._refuse()
            if self._upgraded or self.transport.is_closing():
                return
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            if self._request is None:
                self._wait_for_request()
        else:
            self._stop_waiting()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The connection becomes a live channel."""
        self._upgraded = True
        self._stop_waiting()
        _cancel(self._write)
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """The other side does not read as fast as is written."""
        super().pause_writing()
        _cancel(self._write)
        self._write = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The other side has read."""
        _cancel(self._write)
        super().resume_writing()

    def _refuse(self) -> None:
        """Close: the body comes in crumbs."""
        if self.conn.our_state is h11.SEND_RESPONSE:
            self.send_400_response(
                f"A body holds at most {MOST_SMALL_PARTS:,} parts of less than {SMALL_PART} bytes; "
                "more came. Send it in larger parts."
            )
        else:
            self.transport.abort()

    def _wait_for_request(self) -> None:
        self._request = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        _cancel(self._request)
        self._request = None


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """The live channel: a bound on fragments, pings, pongs and unread answers.

    What comes at once may hold tens of thousands of messages. They are looked at slice by slice,
    the next one when the application has taken the messages of the last.
    """

    _rest = b""
    _write: asyncio.TimerHandle | None = None
    _frames = 0.0
    _counted_at = 0.0
    _refused = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the connection over from HTTP."""
        super().connection_made(transport)
        self._counted_at = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has gone."""
        _cancel(self._write)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Look at what has come, in slices: the rest of what is too much is not looked at."""
        data, self._rest = self._rest + data, b""
        for start in range(0, len(data), SLICE_BYTES):
            if self._refused:
                return
            if start and self.read_paused:
                self._rest = data[start:]
                return
            super().data_received(data[start : start + SLICE_BYTES])
            if self._frames > FRAMES_AT_ONCE:
                self._leak()
            if self._frames > FRAMES_AT_ONCE:
                self._refuse()

    async def receive(self) -> ASGIReceiveEvent:
        """The next message, for the application."""
        message = await super().receive()
        if self._rest and not self.read_paused:
            self.data_received(b"")
        return message

    def handle_cont(self, event: Frame) -> None:
        """A fragment."""
        self._frames += 1
        super().handle_cont(event)

    def handle_bytes(self, event: Frame) -> None:
        """A binary message, or its first fragment: the page sends none."""
        self._frames += 1
        super().handle_bytes(event)

    def handle_pong(self, event: Frame) -> None:
        """A pong, whether asked for or not."""
        self._frames += 1
        super().handle_pong(event)

    def handle_ping(self) -> None:
        """A ping."""
        self._frames += 1
        super().handle_ping()

    def pause_writing(self) -> None:
        """The other side does not read as fast as is written."""
        super().pause_writing()
        _cancel(self._write)
        self._write = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The other side has read."""
        _cancel(self._write)
        super().resume_writing()

    def _leak(self) -> None:
        now = self.loop.time()
        self._frames = max(0.0, self._frames - (now - self._counted_at) * FRAMES_PER_SECOND)
        self._counted_at = now

    def _refuse(self) -> None:
        """Close: this is no page."""
        self._refused = True
        self.conn.fail(1008, "too many frames")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1008})
        self.transport.close()


def _cancel(*timers: Any) -> None:
    for timer in timers:
        if timer is not None:
            timer.cancel()
