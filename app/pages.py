"""The pages: templates rendered here, and the files they load.

Another page is a template and three lines: a function on `router` that returns `render(...)`; one
that needs another Content-Security-Policy than `app.middleware` sets gives it in `headers`.
"""

import mimetypes
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from app import ROOT, VERSION
from app.messages import PROTOCOL

router = APIRouter(include_in_schema=False)

TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
)

# What the system says of these varies, and a module of another type is not run.
for ending, kind in {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}.items():
    mimetypes.add_type(kind, ending)


def render(template: str, status: int = 200, headers: Any = None, **values: Any) -> Response:
    """The page; every template knows `version` and `protocol`."""
    page = TEMPLATES.get_template(template).render(version=VERSION, protocol=PROTOCOL, **values)
    return HTMLResponse(page, status, headers)


def static() -> StaticFiles:
    """The files of the pages, each with an ETag."""
    return StaticFiles(directory=ROOT / "static")


@router.get("/")
def index() -> Response:
    """The reading page."""
    return render("index.html")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The interface for programs, from its own OpenAPI document; nothing from another host."""
    return render("docs.html", api=request.app.openapi())
