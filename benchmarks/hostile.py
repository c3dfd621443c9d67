"""Hostile connections that cost a server more than a visitor does, kind by kind.

Each is a coroutine that goes on until it is cancelled; that the server closes its connection is no
surprise to it.
"""

import asyncio
import base64
import contextlib
import json
import multiprocessing
import os
from collections.abc import Awaitable, Callable, Iterator
from multiprocessing.synchronize import Event

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.server import sentence

PATIENCE = 120  # seconds

Hostile = Callable[[int, str], Awaitable[None]]
"""Takes the port and the name of a model."""


def _edit(revision: int, at: int, insert: str, length: int) -> str:
    return json.dumps(
        {
            "type": "edit",
            "revision": revision,
            "at": at,
            "delete": 0,
            "insert": insert,
            "length": length,
        }
    )


def _show(view: int, model: str, cells: object) -> str:
    panel = {"model": model, "cells": cells, "visible": [0, 400]}
    return json.dumps({"type": "show", "view": view, "panels": [panel]})


async def wrong_cells(port: int, model: str) -> None:
    """Messages of 1 MB with 240,000 wrong entries each."""
    message = _show(1, model, [-1] * 240_000)
    async with connect(f"ws://127.0.0.1:{port}/api/live", compression=None) as socket:
        while True:
            await socket.send(message)
            await socket.recv()


async def wrong_request(port: int, model: str) -> None:
    """The same in the body of POST /api/trace."""
    await _traces(port, {"model": model, "text": "a", "cells": [-1] * 240_000})


async def equal_cells(port: int, model: str) -> None:
    """The same, with an intervention in one cell that is listed 490,000 times."""
    held = {"layer": 0, "level": 0, "cells": [0] * 490_000, "set": 0}
    await _traces(port, {"model": model, "text": "a", "interventions": [held]}, (",", ":"))


async def _traces(
    port: int, asked: dict[str, object], separators: tuple[str, str] | None = None
) -> None:
    """Ask for a trace again and again, each time by a new connection."""
    body = json.dumps(asked, separators=separators).encode()
    head = (
        "POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + body)
        await writer.drain()
        await reader.read()
        writer.close()


async def burst(port: int, model: str) -> None:
    """Thousands of edits at the start of a long text, without waiting for an answer."""
    async with connect(f"ws://127.0.0.1:{port}/api/live", compression=None, max_size=None) as one:
        await one.send(_show(1, model, [0]))
        await one.send(_edit(1, 0, sentence(15_000), 15_000))
        for revision in range(2, 4_000):
            await one.send(_edit(revision, 0, "e", 15_000 + revision - 1))
        await asyncio.Event().wait()


async def views(port: int, model: str) -> None:
    """Another view of a long text 45 times a second."""
    async with connect(f"ws://127.0.0.1:{port}/api/live", compression=None, max_size=None) as one:
        await one.send(_edit(1, 0, sentence(15_000), 15_000))
        reading = asyncio.create_task(_swallow(one.recv))
        view = 0
        try:
            while True:
                view += 1
                await one.send(_show(view, model, [view % 100]))
                await asyncio.sleep(1 / 45)
        finally:
            reading.cancel()


async def fragments(port: int, model: str) -> None:
    """Empty fragments of one message, and pings, as fast as they are taken."""
    await _frames(port, b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * 20_000)


async def pings(port: int, model: str) -> None:
    """Pings whose answers are not read."""
    await _frames(port, (b"\x89\xe4\0\0\0\0" + b"x" * 100) * 2_000)


async def pongs(port: int, model: str) -> None:
    """Pongs that nobody asked for."""
    await _frames(port, b"\x8a\x81\0\0\0\0x" * 20_000)


async def binary(port: int, model: str) -> None:
    """Binary messages of one byte, which no page sends."""
    await _frames(port, b"\x82\x81\0\0\0\0x" * 20_000)


async def texts(port: int, model: str) -> None:
    """Messages of two characters, tens of thousands in a write."""
    await _frames(port, b"\x81\x82\0\0\0\0{}" * 40_000)


async def crumbs(port: int, model: str) -> None:
    """A body in chunks of one byte."""
    head = (
        b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(ConnectionError):
            writer.write(head + b"1\r\n \r\n" * 100_000)
            await writer.drain()
            await reader.read()
        writer.close()


async def silent(port: int, model: str) -> None:
    """Four hundred connections that say nothing, and half a request on as many."""
    held = []
    for k in range(400):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if k % 2:
            writer.write(b"GET /healthz HTT")
        held.append((reader, writer))
    await asyncio.Event().wait()


async def unread(port: int, model: str) -> None:
    """Large answers that nobody reads."""
    body = json.dumps({"model": model, "text": sentence(2_000), "signal": "gates"}).encode()
    head = (
        "POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Accept: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    held = []
    for _ in range(12):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 12)
        writer.write(head + body)
        held.append((reader, writer))
    await asyncio.Event().wait()


HOSTILE: tuple[Hostile, ...] = (
    wrong_cells,
    wrong_request,
    equal_cells,
    burst,
    views,
    fragments,
    pings,
    pongs,
    binary,
    texts,
    crumbs,
    silent,
    unread,
)


@contextlib.contextmanager
def attacking(kind: Hostile, port: int, model: str) -> Iterator[None]:
    """One hostile connection, from a process of its own: it takes none of the visitors' time."""
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=_attack, args=(kind, port, model, begun), daemon=True)
    process.start()
    try:
        if not begun.wait(PATIENCE):
            raise SystemExit(f"the connection of {kind.__name__} did not begin")
        yield
    finally:
        process.kill()
        process.join()


def _attack(kind: Hostile, port: int, model: str, begun: Event) -> None:
    begun.set()
    asyncio.run(_again(kind, port, model))


async def _again(kind: Hostile, port: int, model: str) -> None:
    """Go on, with a new connection where the server closed the last."""
    while True:
        with contextlib.suppress(ConnectionClosed, OSError, asyncio.IncompleteReadError):
            await kind(port, model)
        await asyncio.sleep(0.05)


async def _frames(port: int, frames: bytes) -> None:
    """Upgrade by hand, and write frames until the server has enough."""
    key = base64.b64encode(os.urandom(16)).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        (
            "GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n"
        ).encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    try:
        while True:
            writer.write(frames)
            await writer.drain()
    finally:
        writer.close()


async def _swallow(receive: Callable[[], Awaitable[object]]) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await receive()
