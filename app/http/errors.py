"""One form for every error: {"error": {"code", "message", "field"}}, or a page for a browser."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from app.http.accept import prefers
from app.http.templates import render
from app.metrics import REFUSALS
from app.refusal import DEFECT, Refusal, detail, explain

PLAIN = {
    404: "There is nothing at this address.",
    405: "This address does not take the method {method}.",
}


def install(app: FastAPI, routes: Sequence[BaseRoute] = ()) -> None:
    """Give `app` the handlers.

    Args:
        app: the application.
        routes: of its routers; `app.routes` has each router as one.
    """

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        if isinstance(error, Refusal):
            return answer(request, status, error.code, error.message, error.field)
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        if status == HTTPStatus.BAD_REQUEST:
            code, message = "malformed_json", unread(error.__cause__)
        else:
            message = PLAIN.get(status, str(error.detail)).format(method=request.method)
        headers = dict(error.headers or {})
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = methods_of(request, [*routes, *app.routes])
        return answer(request, status, code, message, headers=headers)

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
        return answer(request, DEFECT.status_code, DEFECT.code, DEFECT.message)


def unread(cause: BaseException | None) -> str:
    """The sentence for a body that is JSON at best, by what came of reading it."""
    if isinstance(cause, RecursionError):
        return "The body is nested too deeply."
    if isinstance(cause, UnicodeDecodeError):
        return "The body is not JSON: it is not UTF-8 text."
    if isinstance(cause, ValueError) and "digits" in str(cause):
        return "The body holds a number of thousands of digits, which is not read."
    return "The body is not JSON."


def methods_of(request: Request, routes: Iterable[BaseRoute]) -> str:
    """The methods that an address takes, of all routes to it, as `Allow` has them."""
    there = [route for route in routes if route.matches(request.scope)[0] != Match.NONE]
    # What is no route of its own is a folder of files: it is read.
    methods = {name for route in there for name in getattr(route, "methods", ())} or {"GET"}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def answer(
    request: Request,
    status: int,
    code: str,
    message: str,
    field: str | None = None,
    headers: Any = None,
) -> Response:
    """The error as JSON, or as a page to a browser that asked for one."""
    REFUSALS.labels(code).inc()
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if (
        not path.startswith("/api/")
        and prefers(request.headers.get("accept"), ["application/json", "text/html"]) == "text/html"
    ):
        up = "../" * (path.count("/") - 1)
        return render("error.html", status, headers, up, message=message, code=status)
    return JSONResponse({"error": detail(code, message, field)}, status, headers)
