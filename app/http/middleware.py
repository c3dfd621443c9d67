"""The layers that every request passes on its way in and out."""

import asyncio
import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.errors import answer
from app.http.policy import NO_FRAMES, SECURITY
from app.origins import is_allowed, is_served
from app.refusal import STOPPING, Refusal

MOST_BODY = 1_000_000
NOT_THERE = 416
MOST_DIGITS = 20  # of an announced length; more are no length of anything


class SecurityHeaders:
    """Adds the headers that a page or route has not set itself."""

    def __init__(self, app: ASGIApp, frames: Iterable[str] = ()) -> None:
        self.app, self.frames = app, " ".join(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to the answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if self.frames:
                    policy = headers["Content-Security-Policy"]
                    headers["Content-Security-Policy"] = policy.replace(
                        NO_FRAMES, f"frame-ancestors 'self' {self.frames}"
                    )
                    del headers["X-Frame-Options"]  # it knows no list
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Packed:
    """Gzips what is asked for by GET, for whoever takes that.

    A slow link carries scripts, pages and the list of models in a third of the time. A part of a
    file is given as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packed = GZipMiddleware(app, minimum_size=600, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        whole = scope["type"] == "http" and scope["method"] == "GET"
        whole = whole and "range" not in Headers(scope=scope)
        await (self.packed if whole else self.app)(scope, receive, send)


class Ranges:
    """Reads `Range` as RFC 9110 (14.2) says: one that is none is ignored, and the whole is given.

    What lies beyond the end of a file is refused in the form of every error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or "range" not in (headers := Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        if not is_range(headers["range"]):
            kept = [(name, value) for name, value in scope["headers"] if name != b"range"]
            await self.app({**scope, "headers": kept}, receive, send)
            return
        beyond = False

        async def send_in_form(message: Message) -> None:
            nonlocal beyond
            if message["type"] == "http.response.start" and message["status"] == NOT_THERE:
                beyond = True
                size = MutableHeaders(scope=message)["content-range"].rpartition("/")[2]
                text = f"The range lies beyond the end of the file: it has {size} bytes."
                about = {"Content-Range": f"bytes */{size}"}
                refusal = answer(
                    Request(scope), NOT_THERE, "range_not_satisfiable", text, "Range", about
                )
                await refusal(scope, receive, send)
            elif not beyond:
                await send(message)

        await self.app(scope, receive, send_in_form)


def is_range(header: str) -> bool:
    """Return whether a `Range` header is one of bytes, each part from a place to a later one."""
    unit, _, parts = header.partition("=")
    found = [re.fullmatch(r"\s*(\d{0,18})-(\d{0,18})\s*", part, re.A) for part in parts.split(",")]
    return unit.strip().lower() == "bytes" and all(
        one and any(one.groups()) and (not all(one.groups()) or int(one[1]) <= int(one[2]))
        for one in found
    )


class Prefix:
    """Serves everything under a path, whether the proxy in front takes it off or leaves it."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its path as the routes know it below the prefix."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path == self.prefix and scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            address = f"{self.prefix}/" + (f"?{query}" if query else "")
            await RedirectResponse(address)(scope, receive, send)
            return
        if not path.startswith(f"{self.prefix}/"):
            path = self.prefix + path
        await self.app({**scope, "root_path": self.prefix, "path": path}, receive, send)


class ServedHosts:
    """Refuses what was meant for another host, and work asked for by pages of other origins.

    See `app.origins`. A page of any site can make a visitor's browser send a POST to a server on
    the visitor's own machine, and need not read the answer for the work to be done.
    """

    def __init__(
        self, app: ASGIApp, listening: str, origins: Iterable[str], hosts: Iterable[str] = ()
    ) -> None:
        self.app, self.listening = app, listening
        self.origins, self.hosts = tuple(origins), tuple(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its host is served, else answer 403 or close the socket."""

        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_served(headers.get("host"), self.listening, self.origins, self.hosts):
            if scope["type"] == "http" and self._is_foreign(scope["method"], headers):
                origin = headers.get("origin", "another site")[:200]
                message = (
                    f"This request is refused: it came from a page of {origin}. If that page may "
                    "use this server, add its origin to NESTSCOPE_ORIGINS."
                )
                refusal = answer(Request(scope), 403, "foreign_origin", message, "Origin")
                await refusal(scope, receive, send)
                return
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            message = (
                "This server does not answer to this name: open it by another, or add this one to "
                "NESTSCOPE_HOSTS."
                if self.hosts
                else "This server answers to localhost only: open it by that name, or add this "
                "origin to NESTSCOPE_ORIGINS."
            )
            refusal = answer(Request(scope), 403, "foreign_host", message, "Host")
            await refusal(scope, receive, send)

    def _is_foreign(self, method: str, headers: Headers) -> bool:
        """Return whether a page that may not use the server asks for more than to read.

        What is no browser sends neither header, and may.
        """
        if method in ("GET", "HEAD"):
            return False
        if "origin" in headers:
            return not is_allowed(headers["origin"], headers.get("host"), self.origins)
        return headers.get("sec-fetch-site") == "cross-site"


class Stopping:
    """Answers 503 where the server stops before an answer has begun.

    uvicorn cancels what is still running some seconds after it was told to stop, and would answer
    500 for it, in plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = scope["type"] != "http"

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if begun:
                raise
            refusal = answer(Request(scope), STOPPING.status_code, STOPPING.code, STOPPING.message)
            await refusal(scope, receive, send)


class HeadRequests:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass HEAD on as GET, and the answer without its body."""

        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_no_body)


class BodyLimit:
    """Refuses a request whose body is too large, before it is read or while it streams in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; raise a Refusal where its body is read past the limit."""

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        total = int(announced) if announced.isdecimal() and len(announced) < MOST_DIGITS else 0
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            # What is announced as too large is not waited for.
            message: Message = {} if total > MOST_BODY else await receive()
            received += len(message.get("body", b""))
            if max(total, received) > MOST_BODY:
                raise Refusal(
                    413, "body_too_large", f"A request holds at most {MOST_BODY:,} bytes."
                )
            return message

        await self.app(scope, receive_within_limit, send)
