"""GET /api/corpora: the corpora that can be asked, and how far those are that are being indexed."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from app.corpora import Status
from app.indexing import CorpusEntry
from app.state import AppState, State

router = APIRouter()


class CorpusListing(BaseModel):
    """One corpus: a text under a model."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "war-and-peace--nested-war-and-peace",
                    "model": "nested-war-and-peace",
                    "sha256": "0" * 64,
                    "text": "war-and-peace.txt",
                    "characters": 532865,
                    "unknown": 0,
                    "status": "indexing",
                    "indexed": 65536,
                    "message": None,
                }
            ]
        }
    )

    name: str = Field(description="what the other calls take")
    model: str
    sha256: str = Field(description="of the model's file")
    text: str = Field(description="the name of its file")
    characters: int
    unknown: int = Field(description="characters outside the model's alphabet")
    status: Status = Field(
        description="ready; not indexed: that begins when it is first asked; indexing; damaged"
    )
    indexed: int = Field(description="characters that are indexed so far")
    message: str | None = Field(description="why it is damaged")


@router.get("/api/corpora", summary="The corpora that can be asked")
async def corpora(state: State) -> list[CorpusListing]:
    """Waits until the models are loaded: every text is a corpus for each model that can read it."""
    await state.loaded.wait()
    return await run_in_threadpool(_listings, state)


def _listings(state: AppState) -> list[CorpusListing]:
    return [_listing(state, entry) for entry in state.corpora.entries()]


def _listing(state: AppState, entry: CorpusEntry) -> CorpusListing:
    status, indexed, damage = state.corpora.status(entry)
    return CorpusListing(
        name=entry.name,
        model=entry.model,
        sha256=entry.sha256,
        text=entry.text,
        characters=entry.characters,
        unknown=entry.unknown,
        status=status,
        indexed=indexed,
        message=damage or None,
    )
