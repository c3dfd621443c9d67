"""GET /api/results: the paper's tables and figures beside ours, as plain JSON."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from app import ROOT

router = APIRouter()

RESULTS = ROOT / "experiments" / "results" / "page.json"
"""Written by `python -m experiments.results`."""


@router.get("/api/results", summary="The paper's tables and figures beside ours")
def results() -> FileResponse:
    """Tables as rows of text, and the curves of every run."""
    return FileResponse(RESULTS, media_type="application/json")


def first_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The paper's lines of a table, each with that of ours under it which is best on validation.

    None where the paper has no lines: there all of them come first.
    """
    first: list[dict[str, Any]] = []
    ours: list[dict[str, Any]] = []
    for line in [*lines, {"kind": "class"}]:
        if line["kind"] == "ours":
            ours.append(line)
            continue
        if ours:
            first.append(min(ours, key=_validation))
        ours = []
        if line["kind"] != "paper":
            break
        first.append(line)
    return first if any(line["kind"] == "paper" for line in first) else []


def _validation(line: dict[str, Any]) -> float:
    """The first number of a line: every table begins with a validation score, lower is better."""
    return float(line["cells"][0].split()[0])
