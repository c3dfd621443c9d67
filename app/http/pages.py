"""The pages: templates rendered here, and the files they load.

Another page is a template and three lines: a function on `router` that returns `render(...)`; one
that needs another Content-Security-Policy than `app.http.policy` sets gives it in `headers`.
"""

import json
import mimetypes
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from app.http.atlas import example_of
from app.http.modules import modules
from app.http.policy import POLICY
from app.http.results import RESULTS, first_lines
from app.http.static import FOLDER, Static
from app.http.templates import render
from app.http.timescales import seeds_of
from app.state import State

router = APIRouter(include_in_schema=False)

# Plotly places what it draws by inline styles; it needs no more than that.
PLOTTING = {"Content-Security-Policy": f"{POLICY}; style-src 'self' 'unsafe-inline'"}

# What the system says of these varies, and a module of another type is not run.
for ending, kind in {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}.items():
    mimetypes.add_type(kind, ending)


def static() -> Static:
    """The files of the pages."""
    return Static(directory=FOLDER)


def plotly() -> StaticFiles:
    """Plotly's own script, out of its package, which is not imported for that."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return StaticFiles(directory=Path(spec.origin).parent / "package_data")


@router.get("/")
def index(state: State) -> Response:
    """The reading page, with the text that it opens with."""
    opening = example_of(state.catalogue.folder)
    return render("index.html", opening=opening, modules=modules(FOLDER, "main.js"))


@router.get("/favicon.ico")
def icon() -> Response:
    """The icon, at the address where a browser that shows JSON asks for it."""
    return FileResponse(FOLDER / "icon.svg")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The HTTP API, from its own OpenAPI document; nothing from another host."""
    return render("docs.html", api=request.app.openapi())


@router.get("/digits")
def digits() -> Response:
    """A digit drawn, and two classifiers that read it."""
    return render("digits.html")


@router.get("/results")
def results() -> Response:
    """The paper's tables and figures beside ours, as `experiments.results` wrote them."""
    shown = json.loads(RESULTS.read_text(encoding="utf-8"))
    for table in shown["tables"]:
        table["first"] = first_lines(table["lines"])
    return render("results.html", headers=PLOTTING, **shown)


@router.get("/timescales")
def timescales(state: State) -> Response:
    """The page of timescales."""
    # Here and not above: it brings scipy, which takes as long to import as the server to start.
    from analysis.timescales.measures import MEASURES

    seeds = seeds_of(state.catalogue.folder)
    measures = [measure.card() for measure in MEASURES]
    return render("timescales.html", headers=PLOTTING, seeds=seeds, measures=measures)
