"""GET /metrics: counts and times for Prometheus. Nothing of a visitor's text is in it."""

import asyncio

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from app import metrics as counted
from app.state import AppState, State

router = APIRouter(include_in_schema=False)

LOOK_SECONDS = 1.0


@router.get("/metrics")
async def metrics(state: State) -> Response:
    """The counts of all processes; gauges of the others are a second old at most."""
    look(state)
    return Response(await run_in_threadpool(counted.exposition), media_type=CONTENT_TYPE_LATEST)


def look(state: AppState) -> None:
    """Set the gauges to what is so now."""
    counted.SESSIONS.set(len(state.visitors))
    counted.MEMORY.set(state.budget.reserved)
    counted.MEMORY_LIMIT.set(state.budget.limit)
    counted.ANSWERS.set(state.tracers.held)
    counted.MODELS.set(sum(1 for _ in state.catalogue))
    counted.WORKERS.set(1)


async def keep_looking(state: AppState) -> None:
    """Set the gauges every second, for whichever process is asked for them."""
    while True:
        look(state)
        await asyncio.sleep(LOOK_SECONDS)
