"""The log: time, level and the request it belongs to, as text or as JSON lines."""

import json
import logging
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.types import ASGIApp, Receive, Scope, Send

Kind = Literal["text", "json"]

REQUEST: ContextVar[str] = ContextVar("request", default="-")
"""Names the request, or the live channel, that is being answered."""


class RequestIds:
    """Gives every request, and every live channel, a name of its own in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "lifespan":
            REQUEST.set(secrets.token_hex(4))
        await self.app(scope, receive, send)


class Text(logging.Formatter):
    """`2026-01-31T12:00:00.000Z WARNING 1f2e3d4c nestscope: what happened`."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as lines of text."""
        said = super().format(record)
        return f"{time_of(record)} {record.levelname} {REQUEST.get()} {record.name}: {said}"


class Json(logging.Formatter):
    """An object a line: time, level, request, logger, message, and traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as a line of JSON."""
        line = {
            "time": time_of(record),
            "level": record.levelname,
            "request": REQUEST.get(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def time_of(record: logging.LogRecord) -> str:
    """The time of a record in UTC, to the millisecond."""
    when = datetime.fromtimestamp(record.created, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def config(kind: Kind) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Json if kind == "json" else Text}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "nestscope": {"level": "INFO"},
            "uvicorn": {"level": "INFO"},
            "uvicorn.access": {"level": "INFO"},
        },
    }
