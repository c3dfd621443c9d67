"""The application: its parts put together."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import torch
from fastapi import FastAPI

from app import VERSION
from app.allocator import keep_giving_back
from app.http import (
    atlas,
    attribution,
    continuation,
    corpora,
    corpus_queries,
    corpus_search,
    effects,
    errors,
    glimpses,
    handshake,
    health,
    marks,
    measure_text,
    metrics,
    models,
    pages,
    results,
    selectivity,
    timescales,
    trace,
)
from app.http.middleware import (
    BodyLimit,
    HeadRequests,
    Packed,
    Prefix,
    Ranges,
    SecurityHeaders,
    ServedHosts,
    Stopping,
)
from app.live import channel
from app.logs import RequestIds
from app.settings import Settings
from app.state import AppState, put
from app.watch import keep_up

LOADER_SECONDS = 5.0
"""For the thread that loads models to notice that the server stops."""

ROUTES = (
    models,
    health,
    metrics,
    trace,
    attribution,
    continuation,
    glimpses,
    measure_text,
    timescales,
    atlas,
    corpora,
    corpus_queries,
    corpus_search,
    effects,
    selectivity,
    marks,
    results,
    channel,
    handshake,
    pages,
)


@asynccontextmanager
async def running(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Find the models in the background and keep up with them; stop every thread at the end."""
    # One matmul is too small to share between cores; two models side by side are not.
    torch.set_num_threads(1)
    state = AppState.of(settings)
    put(app, state)
    loop = asyncio.get_running_loop()

    def on_loop(call: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(call)

    def load() -> None:
        state.catalogue.load()
        on_loop(state.loaded.set)
        keep_up(state.catalogue, state.stopping, lambda: on_loop(state.visitors.tell_models))

    loader = threading.Thread(target=load, name="load", daemon=True)
    loader.start()
    giver = threading.Thread(
        target=keep_giving_back, args=(state.stopping,), name="allocator", daemon=True
    )
    giver.start()
    looking = asyncio.create_task(metrics.keep_looking(state))
    yield
    looking.cancel()
    state.close()
    loader.join(LOADER_SECONDS)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server; it looks for its models in the background as soon as it starts."""
    settings = settings or Settings()
    app = FastAPI(
        title="Nestscope",
        version=VERSION,
        description="What the memory cells of recurrent character models remember.",
        lifespan=lambda app: running(app, settings),
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
        redirect_slashes=False,
    )
    app.add_middleware(Packed)
    app.add_middleware(Ranges)
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadRequests)
    app.add_middleware(
        ServedHosts, listening=settings.host, origins=settings.origins, hosts=settings.hosts
    )
    app.add_middleware(Stopping)
    app.add_middleware(SecurityHeaders, frames=settings.frames)
    app.add_middleware(RequestIds)
    if settings.root_path:
        app.add_middleware(Prefix, prefix=settings.root_path)
    errors.install(app, [route for module in ROUTES for route in module.router.routes])
    for route in ROUTES:
        app.include_router(route.router)
    app.mount("/static", pages.static(), name="static")
    app.mount("/plotly", pages.plotly(), name="plotly")
    return app
