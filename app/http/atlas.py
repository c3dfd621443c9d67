"""GET /api/atlas, GET /api/atlas/NAME: the named cells of a model, beside its checkpoint."""

import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from app.entry import Entry
from app.http.result_file import OPENAPI, result_file
from app.refusal import Refusal, answers
from app.state import State

router = APIRouter()

ENDING = ".atlas.json"


def atlas_of(entry: Entry) -> bytes | None:
    """The atlas of a served model; None where there is none, or it is of other weights."""
    try:
        content = entry.read_beside("atlas")
        return content if json.loads(content)["sha256"] == entry.sha256 else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def examples(atlas: bytes) -> list[str]:
    """The passages of an atlas; none where the text may not be passed on, or it is no atlas."""
    try:
        found = json.loads(atlas)["found"]
        texts = [entry["example"]["text"] for entry in found if "example" in entry]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [text for text in texts if isinstance(text, str)]


def example_of(folder: Path) -> str | None:
    """The passage that the page opens with: the first one of the first atlas that has any.

    The models need not be loaded for it.
    """
    for path in sorted(filter(Path.is_file, folder.glob(f"*{ENDING}"))):
        try:
            texts = examples(path.read_bytes())
        except OSError:
            continue
        if texts:
            return texts[0]
    return None


@router.get("/api/atlas", summary="The models whose cells are named")
async def atlases(state: State) -> list[str]:
    """Their names as the models are listed, those first whose text may be shown.

    Waits until the models are loaded.
    """
    await state.loaded.wait()
    entries = list(state.catalogue)

    def names() -> list[str]:
        found = [(entry.name, content) for entry in entries if (content := atlas_of(entry))]
        found.sort(key=lambda atlas: not examples(atlas[1]))
        return [name for name, _ in found]

    return await run_in_threadpool(names)


@router.get(
    "/api/atlas/{model}",
    summary="A model's named cells",
    responses={
        **OPENAPI,
        **answers(
            s404="there is no model of this name, or nobody looked for its cells",
            s422="the name is no text",
        ),
    },
    response_class=Response,
)
async def atlas(request: Request, state: State, model: str) -> Response:
    """The result file: docs/reference/atlas-file.md says what is in it."""
    entry = await state.entry(model)
    content = await run_in_threadpool(atlas_of, entry)
    if content is None:
        message = (
            f"The cells of {entry.name} were not named: index a text with python -m "
            "analysis.corpus, then python -m analysis.atlas does."
        )
        raise Refusal(404, "no_atlas", message, "model")
    return result_file(request, content)
