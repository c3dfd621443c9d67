"""Renders the templates of the pages."""

from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import ROOT, VERSION

TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
)


def render(template: str, status: int = 200, headers: Any = None, **values: Any) -> Response:
    """The page; every template knows `version`."""
    page = TEMPLATES.get_template(template).render(version=VERSION, **values)
    return HTMLResponse(page, status, headers)
