"""WS /api/live: the shell around a `Session`. docs/reference/protocol.md states the protocol."""

import asyncio
import contextlib
import logging
from collections import deque

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from app.frames import compact
from app.live.messages import MESSAGES, MOST_MESSAGE, Edit, Show
from app.live.scheduler import Deliver, Schedulers
from app.live.session import Session, hello
from app.live.transcript import Segment, SegmentResult
from app.origins import is_allowed
from app.refusal import Refusal, explain, printable
from app.state import State

router = APIRouter()
LOG = logging.getLogger("nestscope")

MOST_SESSIONS = 1000
PAUSE = 0.016
"""Seconds between the frames of a long text: the screen shows no more."""


class Channel:
    """One connection: messages in, messages out, segments to the schedulers and back."""

    def __init__(self, socket: WebSocket, session: Session, schedulers: Schedulers) -> None:
        self.socket, self.session, self.schedulers = socket, session, schedulers
        self.errors: deque[str] = deque(maxlen=16)
        self.changed = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Serve until the page leaves."""
        sender = asyncio.create_task(self._send())
        try:
            while await self._receive():
                pass
        except WebSocketDisconnect:
            pass
        finally:
            self.session.close()
            self.schedulers.waiting.discard(self.dispatch)
            self.schedulers.feed()
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sender

    async def _receive(self) -> bool:
        """Take one message; False ends the session."""
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            return False
        text = message.get("text")
        if text is None:
            self._refuse("invalid", "A message is JSON text, not binary.")
            return True
        if len(text) > MOST_MESSAGE:
            await self.socket.close(1009, f"a message holds at most {MOST_MESSAGE} bytes")
            return False
        try:
            self._take(text)
        except Refusal as refusal:
            self._refuse(refusal.code, refusal.message, refusal.field)
        except ValidationError as error:
            self._refuse("invalid", *explain(error))
        self.dispatch()
        return True

    def _take(self, text: str) -> None:
        """Hand a message to the session."""
        message = MESSAGES.validate_json(text)
        if isinstance(message, Edit):
            self.session.edit(message)
        elif isinstance(message, Show):
            self.session.show(message)
        else:
            self.session.ask(message)

    def _refuse(self, code: str, message: str, field: str | None = None) -> None:
        """Answer a message with an error; the oldest give way when the page does not listen."""
        field = field and printable(field)
        error = {"type": "error", "code": code, "message": printable(message), "field": field}
        self.errors.append(compact(error))
        self.changed.set()

    def dispatch(self) -> None:
        """Give the schedulers what there is to read; wake the sender."""
        for name, segment in self.session.work():
            self.schedulers.of(name).read(segment, self._deliver(name))
        if self.session.is_waiting:
            self.schedulers.waiting.add(self.dispatch)
        else:
            self.schedulers.waiting.discard(self.dispatch)
        self.changed.set()

    def _deliver(self, name: str) -> Deliver:
        """What the scheduler calls, in its own thread, when a segment is read."""

        def deliver(segment: Segment, result: SegmentResult) -> None:
            with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
                self.loop.call_soon_threadsafe(self._accept, name, segment, result)

        return deliver

    def _accept(self, name: str, segment: Segment, result: SegmentResult) -> None:
        """Take what a scheduler brings."""
        self.session.accept(name, segment, result)
        self.dispatch()
        if segment.transcript.is_idle:
            self.schedulers.feed()

    async def _send(self) -> None:
        """Send what there is, one message after another: a slow page holds up nobody else."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            while self.errors:
                await self.socket.send_text(self.errors.popleft())
            while (message := self.session.outgoing()) is not None:
                if isinstance(message, bytes):
                    await self.socket.send_bytes(message)
                else:
                    await self.socket.send_text(message)
            if self.session.is_far_behind:
                await asyncio.sleep(PAUSE)


@router.websocket("/api/live")
async def live(socket: WebSocket, state: State) -> None:
    """The page's own channel."""
    headers = socket.headers
    if not is_allowed(headers.get("origin"), headers.get("host"), state.settings.origins):
        await socket.close(1008)  # before it is accepted: HTTP 403
        return
    await socket.accept()
    if state.sessions >= MOST_SESSIONS:
        message = "The server serves as many visitors as it can: try again in a while."
        error = {"type": "error", "code": "busy", "message": message, "field": None}
        await socket.send_text(compact(error))
        await socket.close(1013, "busy")
        return
    state.sessions += 1
    try:
        await socket.send_text(hello(state.settings.max_text, MOST_MESSAGE))
        await state.loaded.wait()
        session = Session(state.catalogue, state.budget, state.settings.max_text)
        await Channel(socket, session, state.schedulers).run()
    finally:
        state.sessions -= 1
