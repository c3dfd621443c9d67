"""GET /api/results: the paper's tables and figures beside ours, as plain JSON."""

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
