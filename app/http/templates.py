"""Renders the templates of the pages."""

import re
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app import ROOT, VERSION

TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
)


def prose(text: str) -> Markup:
    """Plain prose as HTML: `code` between backticks, everything else escaped."""
    parts = re.split(r"`([^`]*)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if k % 2 else escape(part)
        for k, part in enumerate(parts)
    )


TEMPLATES.filters["prose"] = prose


def render(template: str, status: int = 200, headers: Any = None, **values: Any) -> Response:
    """The page; every template knows `version`."""
    page = TEMPLATES.get_template(template).render(version=VERSION, **values)
    return HTMLResponse(page, status, headers)
