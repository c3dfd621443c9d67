"""WS /api/live: the shell around a `Session`. docs/reference/protocol.md describes the protocol."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from app.entry import Entry
from app.frames import compact
from app.live.bucket import Bucket
from app.live.messages import MESSAGES, TYPES, Edit, Message, Show
from app.live.replies import hello
from app.live.segment import Segment, SegmentResult
from app.live.session import Session
from app.live.transcript import Transcript
from app.metrics import KEYSTROKE, REFUSALS
from app.origins import is_allowed
from app.protocols import MOST_MESSAGE
from app.refusal import Refusal, detail, explain
from app.state import AppState, State
from app.weights import Loaded

router = APIRouter()
LOG = logging.getLogger("nestscope")

PAUSE_SECONDS = 0.016
"""Between the frames of a long text: the screen shows no more."""
SETTLE_SECONDS = 0.1
"""Views that change faster than this are not read before the last of them."""
UNREADABLE = "The model could not read this text: the server's log has the reason. Change the text."


class Dismissed(Exception):
    """It is the server that ends this session."""


class Channel:
    """One connection: messages in, messages out, segments to the schedulers and back."""

    def __init__(self, socket: WebSocket, state: AppState) -> None:
        self.socket, self.schedulers, self.budget = socket, state.schedulers, state.budget
        self.weights = state.catalogue.weights
        self.letterbox = state.letterbox
        self.session = Session(state.catalogue, self.budget, state.settings.max_text, self.dispatch)
        self.errors: deque[str] = deque(maxlen=16)
        self.changed = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.heard_at = self.loop.time()  # when the page last said something
        self._closing: tuple[int, str] | None = None  # code and reason, where it is we who close
        self._bucket = Bucket()
        self._models_changed = False
        self._edited_at: float | None = None  # while no columns were sent since
        self._shown_at = -SETTLE_SECONDS
        self._later: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Serve until the page leaves; what fails on one side ends the other, too."""
        try:
            async with asyncio.TaskGroup() as both:
                sender = both.create_task(self._send())
                await self._receive_all()
                sender.cancel()
        except* (WebSocketDisconnect, Dismissed):
            pass
        except* Exception:
            LOG.exception("a live channel broke")
            self._closing = 1011, "the server failed"
        finally:
            if self._later:
                self._later.cancel()
            self.session.close()
            self.budget.feed()
        if self._closing:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it has left meanwhile
                await self.socket.close(*self._closing)

    def dismiss(self, code: int, reason: str) -> None:
        """End the session and close the connection."""
        self._closing = code, reason
        self.changed.set()

    def tell_models(self) -> None:
        """Say that the models served are not the same any more."""
        self._models_changed = True
        self.changed.set()

    async def _receive_all(self) -> None:
        """Take messages until the page leaves, never more of the loop than its share."""
        while await self._receive():
            await asyncio.sleep(self._bucket.wait(self.loop.time()))

    async def _receive(self) -> bool:
        """Take one message; False ends the session."""
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            return False
        started = self.heard_at = self.loop.time()
        text = message.get("text")
        if text is None:
            self._refuse("invalid", "A message is JSON text, not binary.")
            return True
        if len(text) > MOST_MESSAGE:
            self._closing = 1009, f"a message holds at most {MOST_MESSAGE} bytes"
            return False
        try:
            parsed = MESSAGES.validate_json(text)
            models: list[Loaded] = []
            if isinstance(parsed, Show):
                before = self.loop.time()
                models = [await self._loaded(entry) for entry in self.session.entries(parsed)]
                started += self.loop.time() - before  # the loop was free meanwhile
            self._take(parsed, models)
        except Refusal as refusal:
            self._refuse(refusal.code, refusal.message, refusal.field)
        except ValidationError as error:
            self._refuse("invalid", *explain(error, TYPES))
        self._bucket.spend(self.loop.time() - started)
        return True

    async def _loaded(self, entry: Entry) -> Loaded:
        """A model in memory, read from its file beside the loop if need be."""
        if loaded := self.weights.get(entry):
            return loaded
        return await run_in_threadpool(self.weights.load, entry)

    def _take(self, message: Message, models: Sequence[Loaded] = ()) -> None:
        """Hand a message to the session, a view with its models."""
        if isinstance(message, Show):
            self.session.show(message, models)
            self._dispatch_when_settled()
            return
        if isinstance(message, Edit):
            self.session.edit(message)
            self._edited_at = self.loop.time()
        else:
            self.session.ask(message)
        self.dispatch()
        self.budget.feed()

    def _dispatch_when_settled(self) -> None:
        """Read for a view at once, unless views change so fast that a newer one will come."""
        now, before = self.loop.time(), self._shown_at
        self._shown_at = now
        if self._later:
            self._later.cancel()
            self._later = None
        if now - before < SETTLE_SECONDS:
            self._later = self.loop.call_later(SETTLE_SECONDS, self.dispatch)
            self.changed.set()
        else:
            self.dispatch()

    def _refuse(self, code: str, message: str, field: str | None = None) -> None:
        """Answer a message with an error; the oldest give way when the page does not listen."""
        REFUSALS.labels(code).inc()
        self.errors.append(compact({"type": "error", **detail(code, message, field)}))
        self.changed.set()

    def dispatch(self) -> None:
        """Give the schedulers what there is to read; wake the sender."""
        self.session.settle()
        for work in self.session.work():
            if segment := self.session.begin(work):
                self.schedulers.of(work.loaded).read(segment, self._deliver)
        self.changed.set()

    def _deliver(self, segment: Segment, result: SegmentResult | None) -> None:
        """Take a part of a segment that was read; called from a scheduler's thread."""
        self.letterbox.post(self.loop, self._accept, segment, result)

    def _accept(self, segment: Segment, result: SegmentResult | None) -> None:
        """Take what a scheduler brings."""
        if result is None:
            if self.session.fail(segment):
                self._refuse("unreadable", UNREADABLE)
        else:
            self.session.accept(segment, result)
        self.dispatch()
        owner = segment.owner
        if isinstance(owner, Transcript) and owner.is_idle:
            self.budget.feed()

    async def _send(self) -> None:
        """Send what there is, one message after another: a slow page holds up nobody else."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            if self._closing:
                raise Dismissed
            if self._models_changed:
                self._models_changed = False
                await self._send_one(compact({"type": "models"}))
            while self.errors:
                await self._send_one(self.errors.popleft())
            while (message := self.session.outgoing()) is not None:
                await self._send_one(message)
            if self.session.is_far_behind:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _send_one(self, message: bytes | str) -> None:
        """Send one message; waits while the page does not take it."""
        try:
            if isinstance(message, bytes):
                await self.socket.send_bytes(message)
                if self._edited_at is not None:
                    KEYSTROKE.observe(self.loop.time() - self._edited_at)
                    self._edited_at = None
            else:
                await self.socket.send_text(message)
        except RuntimeError as error:  # the connection was closed meanwhile
            raise WebSocketDisconnect(1006) from error


@router.websocket("/api/live")
async def live(socket: WebSocket, state: State) -> None:
    """The page's own channel."""
    headers = socket.headers
    if not is_allowed(headers.get("origin"), headers.get("host"), state.settings.origins):
        warn_of_origin(headers.get("origin"))
        await socket.close(1008)  # before it is accepted: HTTP 403
        return
    await socket.accept()
    channel = Channel(socket, state)
    if not state.visitors.admit(channel, socket.client.host if socket.client else ""):
        message = "The server serves as many visitors as it can: try again in a while."
        error = {"type": "error", "code": "busy", "message": message, "field": None}
        await socket.send_text(compact(error))
        await socket.close(1013, "busy")
        return
    try:
        await socket.send_text(hello(state.settings.max_text, MOST_MESSAGE))
        await state.loaded.wait()
        await channel.run()
    finally:
        state.visitors.leave(channel)


def warn_of_origin(origin: str | None) -> None:
    """Tell those who run the server which setting would let a page in."""
    shown = repr(origin)[1:-1][:200]  # a line end in it would begin a line of the log
    LOG.warning("a page of %s was refused: NESTSCOPE_ORIGINS=%s would allow it", shown, shown)
