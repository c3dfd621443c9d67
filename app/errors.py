"""One form for every error: {"error": {"code", "message", "field"}}, or a page for a browser."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from app.accept import prefers

LOG = logging.getLogger("nestscope")

PLAIN = {
    404: "There is nothing at this address.",
    405: "This address does not take the method {method}.",
}


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: str
    message: str
    field: str | None


class ErrorAnswer(BaseModel):
    """Every error has this form."""

    error: ErrorDetail


def answers(**reasons: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of the errors of a route: `s404="there is no such model"`."""
    return {
        int(status[1:]): {"model": ErrorAnswer, "description": reason}
        for status, reason in reasons.items()
    }


class Refusal(HTTPException):
    """A request that is refused, with the reason: what was expected, what came, what to do."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(status, message)
        self.code, self.message, self.field = code, message, field


def explain(error: ValidationError | RequestValidationError) -> tuple[str, str | None]:
    """The first thing wrong in a message, as one sentence, and its field.

    The value itself is not repeated: it may be long, or no text at all.
    """
    first: Any = error.errors()[0]
    # What is no field: where it was found, and the type of a message of the live channel.
    tags = ("body", "edit", "show", "inspect", "predict")
    path = [str(part) for part in first["loc"] if part not in tags]
    field = path[0] if path else None
    kind, reason = first["type"], str(first["msg"])
    if kind == "missing":
        reason = "is required"
    elif kind == "extra_forbidden":
        reason = "is no field of this message"
    elif kind == "value_error":
        reason = reason.removeprefix("Value error, ")
    elif kind in ("string_unicode", "string_type"):
        reason = "must be text without unpaired surrogates"
    elif kind.endswith("_type") or kind.endswith("_parsing") or kind.endswith("_from_float"):
        reason = reason.replace("Input should be", "must be")
    else:
        reason = reason.replace("Input should", "must").replace("List should", "must")
    place = ".".join(path)[:80]
    return (f"`{place}` {reason}." if place else f"The message is refused: {reason}."), field


def install(app: FastAPI) -> None:
    """Give `app` the handlers."""

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        if isinstance(error, Refusal):
            return answer(request, status, error.code, error.message, error.field)
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        if status == 400:
            code, message = "malformed_json", "The body is not JSON."
        else:
            message = PLAIN.get(status, str(error.detail)).format(method=request.method)
        return answer(request, status, code, message, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            reason = first["ctx"]["error"].removesuffix(" at")
            message = f"The body is not JSON: {reason} at character {first['loc'][-1]}."
            return answer(request, 400, "malformed_json", message)
        if first["loc"] == ("body",):  # no object at all
            kind = request.headers.get("content-type", "application/json").partition(";")[0]
            if kind.strip().lower() != "application/json" and first["type"] != "missing":
                message = f"The body is {kind}, expected application/json."
                return answer(request, 415, "unsupported_media_type", message, "Content-Type")
            return answer(request, 422, "invalid", "The body must be a JSON object.")
        message, field = explain(error)
        return answer(request, 422, "invalid", message, field)

    @app.exception_handler(Exception)
    async def _defect(request: Request, error: Exception) -> Response:
        return answer(request, 500, "defect", "The server failed; the reason is in its log.")


def answer(
    request: Request,
    status: int,
    code: str,
    message: str,
    field: str | None = None,
    headers: Any = None,
) -> Response:
    """The error as JSON, or as a page to a browser that asked for one."""
    if (
        not request.url.path.startswith("/api/")
        and prefers(request.headers.get("accept"), ["application/json", "text/html"]) == "text/html"
    ):
        from app.pages import render

        return render("error.html", status, headers, message=message, code=status)
    error = {"code": code, "message": printable(message), "field": field and printable(field)}
    return JSONResponse({"error": error}, status, headers)


def printable(text: str) -> str:
    """`text` with U+FFFD where it holds half a surrogate pair, which no encoding can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
