"""A result file beside a checkpoint, as an answer that a browser asks for again at no cost."""

import hashlib
from typing import Any

from fastapi import Request
from fastapi.responses import Response

OPENAPI: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}
"""The answer, for OpenAPI."""


def result_file(request: Request, content: bytes) -> Response:
    """The JSON file; 304 without it where the client has this version."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if has(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/json", headers={"ETag": tag})


def has(headers: list[str], tag: str) -> bool:
    """Return whether the `If-None-Match` of a request names this version (RFC 9110, 13.1.2)."""
    named = [one.strip().removeprefix("W/") for header in headers for one in header.split(",")]
    return tag in named or named == ["*"]
