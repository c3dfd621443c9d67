"""Renders the templates of the pages."""

import re
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app import ROOT, VERSION
from app.http.static import version as static_version

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


def render(
    template: str, status: int = 200, headers: Any = None, up: str = "", **values: Any
) -> Response:
    """The page; every template knows `version`, and the ways `up` to the pages' folder and to the
    `static` files.

    Addresses in a template are relative, so that the pages work under any prefix.
    """
    static = f"{up}static/{static_version()}"
    values = {"version": VERSION, "up": up, "static": static, **values}
    page = TEMPLATES.get_template(template).render(values)
    return HTMLResponse(page, status, headers)
