"""A visitor without a browser: types into the live channel and waits for the colours."""

import asyncio
import json
import time
from types import TracebackType
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0  # seconds


class Visitor:
    """One session: `async with Visitor(address, ["nested"]) as visitor`."""

    def __init__(
        self,
        address: str,
        models: list[str],
        cells: list[int] | None = None,
        held: list[list[dict[str, object]]] | None = None,
    ) -> None:
        """cells: those that are shown of every model; all if None.

        held: the interventions that each model reads under.
        """
        self.address, self.models = address, models
        self.held = held or [[] for _ in models]
        self.cells = "all" if cells is None else cells
        self.revision, self.length = 0, 0
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> "Visitor":
        self._socket = await connect(self.address, compression=None, max_size=None)
        hello = json.loads(await self._receive())
        if hello["type"] != "hello":
            raise ConnectionError(f"the server says {hello}")
        await self._send(
            {
                "type": "show",
                "view": 1,
                "panels": [
                    {
                        "model": model,
                        "cells": self.cells,
                        "visible": [0, 400],
                        "interventions": held,
                    }
                    for model, held in zip(self.models, self.held, strict=True)
                ],
            }
        )
        await self._coloured()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._socket:
            await self._socket.close()

    async def type(self, text: str, at: int | None = None) -> float:
        """Insert `text`, at the end if not said where; seconds until all of it has its colours."""
        began = time.perf_counter()
        self.revision += 1
        at = self.length if at is None else at
        self.length += len(text)
        await self._send(
            {
                "type": "edit",
                "revision": self.revision,
                "at": at,
                "delete": 0,
                "insert": text,
                "length": self.length,
            }
        )
        await self._coloured()
        return time.perf_counter() - began

    async def _coloured(self) -> None:
        """Wait until every panel has all columns of the present text."""
        waiting = set(range(len(self.models)))
        while waiting:
            message = await self._receive()
            if isinstance(message, str):
                raise ConnectionError(f"the server says {message}")
            size = int.from_bytes(message[:8], "little")
            head = json.loads(message[8 : 8 + size])
            about = json.loads(head["__metadata__"]["nestscope"])
            end = about["start"] + head["values"]["shape"][0]
            if about["revision"] == self.revision and end == self.length:
                waiting.discard(about["panel"])

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._socket
        await self._socket.send(json.dumps(message))

    async def _receive(self) -> str | bytes:
        assert self._socket
        return await asyncio.wait_for(self._socket.recv(), PATIENCE)
