"""The state of the running server, typed: routes take it as `state: State`."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.requests import HTTPConnection

from app.catalogue import Catalogue
from app.corpora import Corpora
from app.entry import Entry
from app.live.budget import Budget
from app.live.letterbox import Letterbox
from app.live.scheduler import Schedulers
from app.live.visitors import Visitors
from app.metrics import EVICTIONS
from app.settings import Settings
from app.weights import Loaded
from app.work.bench import Bench
from app.work.questions import Questions
from app.work.tracers import Tracers


@dataclass
class AppState:
    """One server: its settings, its models, and the threads that read for its visitors."""

    settings: Settings
    catalogue: Catalogue
    budget: Budget
    schedulers: Schedulers
    corpora: Corpora
    tracers: Tracers = field(default_factory=Tracers)
    bench: Bench = field(default_factory=Bench)
    questions: Questions = field(default_factory=Questions)
    # What is looked for in the visitor's own text does not wait for a corpus.
    searches: Questions = field(default_factory=lambda: Questions("search"))
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    letterbox: Letterbox = field(default_factory=Letterbox)
    visitors: Visitors = field(default_factory=Visitors)
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, settings: Settings) -> "AppState":
        """The state of a server that has just started: no model is loaded yet."""
        catalogue = Catalogue(settings.checkpoints)
        budget = Budget(settings.memory * 1_000_000 // settings.workers, EVICTIONS.inc)
        corpora = Corpora(settings.corpora, catalogue)
        return cls(settings, catalogue, budget, Schedulers(), corpora)

    async def entry(self, name: str) -> Entry:
        """The model served under that name, as soon as the folder was looked at.

        Raises:
            Refusal: 404, there is none.
        """
        await self.loaded.wait()
        return self.catalogue.find(name)

    async def model(self, name: str) -> Loaded:
        """The served model of that name, in memory: read from its file if need be.

        Raises:
            Refusal: 404, there is none; 409, its file has just changed; 429, there is no room.
        """
        entry = await self.entry(name)
        weights = self.catalogue.weights
        if loaded := weights.get(entry):
            return loaded
        return await run_in_threadpool(weights.load, entry)

    def close(self) -> None:
        """Stop every thread: none may be inside torch when the interpreter goes."""
        self.catalogue.closed = True
        self.stopping.set()
        self.tracers.close()
        self.schedulers.close()
        self.bench.close()
        self.questions.close()
        self.searches.close()
        self.corpora.close()


def put(app: FastAPI, state: AppState) -> None:
    """Make `state` that of `app`."""
    app.state.nestscope = state


def state_of(connection: HTTPConnection) -> AppState:
    """The state of the server that a request or a live channel came to."""
    state: AppState = connection.app.state.nestscope
    return state


State = Annotated[AppState, Depends(state_of)]
