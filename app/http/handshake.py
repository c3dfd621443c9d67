"""GET /api/live: why the live channel does not open, for a page whose WebSocket came to nothing.

A browser tells a page no more than that. What stands in the way is nearly always the proxy in
front: it gives the server another name than the page has, or takes the wish to upgrade off.
"""

import logging

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.http.errors import answer
from app.live.channel import warn_of_origin
from app.origins import is_allowed
from app.state import State

router = APIRouter(include_in_schema=False)
LOG = logging.getLogger("nestscope")

NO_UPGRADE = (
    "The live channel is a WebSocket, and the proxy in front of this server does not forward its "
    "upgrade request. For nginx, set: proxy_http_version 1.1; proxy_set_header Upgrade "
    '$http_upgrade; proxy_set_header Connection "upgrade"; then reload nginx.'
)
NO_ORIGIN = (
    "The live channel is refused to this page: it is in a frame without an origin. Add "
    "allow-same-origin to the sandbox of the frame."
)


@router.get("/api/live")
async def handshake(request: Request, state: State, origin: str | None = None) -> Response:
    """Say what to set; `origin` is the page's, which a browser does not send here by itself.

    A page is told 403 where its origin is refused, else 426: this is no WebSocket.
    """
    headers = request.headers
    asking = headers.get("origin") or origin
    if is_allowed(asking, headers.get("host"), state.settings.origins):
        if "sec-websocket-key" in headers:
            LOG.warning("a page got no live channel: %s", NO_UPGRADE)
        refusal = answer(request, 426, "no_websocket", NO_UPGRADE)
        refusal.headers["Upgrade"] = "websocket"
        return refusal
    if "sec-websocket-key" in headers:
        warn_of_origin(asking)
    return answer(request, 403, "foreign_origin", foreign(asking or "", headers.get("host")))


def foreign(origin: str, host: str | None) -> str:
    """The sentence for a page of another origin than the server's."""
    if origin == "null":
        return NO_ORIGIN
    return (
        f"The live channel is refused to this page: its address is {origin[:200]}, and the server "
        f"was asked for {(host or 'no host')[:200]}. Let the proxy in front pass the name on (for "
        "nginx: proxy_set_header Host $http_host;), or start the server with "
        f"NESTSCOPE_ORIGINS={origin[:200]}."
    )
