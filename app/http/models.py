"""GET /api/models: the served models."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.state import State
from models.memories import Memory, memories

router = APIRouter()


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
    cell: str = Field(description="lstm, nested or not, or gru")
    memories: list[Memory] = Field(
        description="the page's columns: top layer first, innermost level first"
    )


class RefusedListing(BaseModel):
    """A file in the folder of the checkpoints that is not served."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"file": "mine.safetensors", "reason": "the tensor head.bias is missing"}]
        }
    )

    file: str
    reason: str = Field(description="what is wrong with it, in one sentence")


@router.get("/api/models", summary="The models served", response_model=list[ModelListing])
async def models(state: State) -> Response:
    """Waits until the folder was looked at. The name is what the other calls take.

    Files that are put into the folder, changed or removed are noticed within three seconds.
    """
    await state.loaded.wait()
    listings = ",".join(entry.listing for entry in state.catalogue)
    return Response(f"[{listings}]", media_type="application/json")


@router.get("/api/models/refused", summary="The files that are refused")
async def refused(state: State) -> list[RefusedListing]:
    """Checkpoints in the folder that are not served, and why."""
    await state.loaded.wait()
    return [RefusedListing(file=one.file, reason=one.reason) for one in state.catalogue.refused]
