"""The application: its parts put together."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

import torch
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app import VERSION
from app.catalogue import Catalogue, Entry
from app.http import errors, measure_text, pages, results, timescales, trace
from app.http.middleware import BodyLimit, HeadRequests, SecurityHeaders, ServedHosts
from app.live import channel
from app.live.budget import Budget
from app.refusal import ErrorAnswer, Refusal
from app.settings import Settings
from models.memories import Cell, Memory, memories


class ModelListing(BaseModel):
    """One served model."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "nested-ptb",
                    "task": "charlm",
                    "layers": 1,
                    "depth": 2,
                    "hidden": 256,
                    "vocabulary": ["\n", " ", "a"],
                    "parameters": 853554,
                    "training": {"epochs": 3},
                    "scores": {"test_bpc": 1.4},
                    "sha256": "0" * 64,
                    "cell": "lstm",
                    "memories": [asdict(memory) for memory in memories(1, 2)],
                }
            ]
        }
    )

    name: str
    task: str
    layers: int
    depth: int
    hidden: int
    vocabulary: list[str]
    parameters: int
    training: dict[str, object]
    scores: dict[str, object]
    sha256: str
    cell: Cell = Field(description="lstm, nested or not, or gru")
    memories: list[Memory] = Field(
        description="the page's columns: top layer first, innermost level first"
    )


class Health(BaseModel):
    """The process is up."""

    status: str


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server; its models load in the background as soon as it starts."""
    settings = settings or Settings()
    catalogue = Catalogue(settings.checkpoints)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # One product is too small to share between cores; two models side by side are not.
        torch.set_num_threads(1)
        loaded = asyncio.Event()
        loop = asyncio.get_running_loop()

        def load() -> None:
            catalogue.load()
            with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
                loop.call_soon_threadsafe(loaded.set)

        async def models(name: str) -> Entry:
            await loaded.wait()
            entry = catalogue.get(name)
            if entry is None:
                known = ", ".join(entry.name for entry in catalogue) or "none"
                message = f"There is no model of this name; served are: {known}."
                raise Refusal(404, "unknown_model", message, "model")
            return entry

        app.state.settings, app.state.catalogue = settings, catalogue
        app.state.budget = Budget(settings.memory * 1_000_000)
        app.state.loaded, app.state.models = loaded, models
        app.state.tracers, app.state.schedulers = trace.Tracers(), channel.Schedulers(catalogue)
        app.state.bench = measure_text.Bench()
        loader = threading.Thread(target=load, name="load", daemon=True)
        loader.start()
        yield
        # No thread may be inside torch when the interpreter goes.
        catalogue.closed = True
        app.state.tracers.close()
        app.state.schedulers.close()
        app.state.bench.close()
        loader.join()

    app = FastAPI(
        title="Nestscope",
        version=VERSION,
        description="What the memory cells of recurrent character models remember.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
        redirect_slashes=False,
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadRequests)
    app.add_middleware(ServedHosts, listening=settings.host, origins=settings.origins)
    app.add_middleware(SecurityHeaders)
    errors.install(app)

    @app.get("/api/models", summary="The models served", response_model=list[ModelListing])
    async def models(request: Request) -> Response:
        """Waits until they are loaded. The name is what the other calls take."""
        await request.app.state.loaded.wait()
        listings = ",".join(entry.listing for entry in catalogue)
        return Response(f"[{listings}]", media_type="application/json")

    @app.get("/healthz", summary="Whether the process is up")
    async def healthz() -> Health:
        """Always 200."""
        return Health(status="up")

    @app.get(
        "/readyz",
        summary="Whether the models are loaded",
        responses={503: {"model": ErrorAnswer, "description": "the models are being loaded"}},
    )
    async def readyz(request: Request) -> Health:
        """200 also when some files were refused: the log names them."""
        if not request.app.state.loaded.is_set():
            raise Refusal(503, "loading", "The models are being loaded: try again in a second.")
        return Health(status="ready")

    app.include_router(trace.router)
    app.include_router(measure_text.router)
    app.include_router(timescales.router)
    app.include_router(results.router)
    app.include_router(channel.router)
    app.include_router(pages.router)
    app.mount("/static", pages.static(), name="static")
    app.mount("/plotly", pages.plotly(), name="plotly")
    return app
