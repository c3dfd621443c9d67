"""GET /healthz and /readyz: whether the process is up, and whether its models are loaded."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.refusal import ErrorAnswer, Refusal
from app.state import State

router = APIRouter()


class Health(BaseModel):
    """The process is up."""

    status: str


@router.get("/healthz", summary="Whether the process is up")
async def healthz() -> Health:
    """Always 200."""
    return Health(status="up")


@router.get(
    "/readyz",
    summary="Whether the models are loaded",
    responses={503: {"model": ErrorAnswer, "description": "the models are being loaded"}},
)
async def readyz(state: State) -> Health:
    """200 also when some files were refused: the log names them."""
    if not state.loaded.is_set():
        raise Refusal(503, "loading", "The models are being loaded: try again in a second.")
    return Health(status="ready")
