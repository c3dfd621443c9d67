"""GET /metrics: counts and times for Prometheus. Nothing of a visitor's text is in it."""

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from app import metrics as counted
from app.state import State

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(state: State) -> Response:
    """The counts of this process."""
    counted.SESSIONS.set(len(state.visitors))
    counted.MEMORY.set(state.budget.reserved)
    counted.MEMORY_LIMIT.set(state.budget.limit)
    counted.ANSWERS.set(state.tracers.held)
    counted.MODELS.set(sum(1 for _ in state.catalogue))
    return Response(counted.exposition(), media_type=CONTENT_TYPE_LATEST)
