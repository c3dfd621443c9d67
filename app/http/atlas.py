"""GET /api/atlas, GET /api/atlas/NAME: the named cells of a model, beside its checkpoint."""

import json
from contextlib import suppress
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from analysis.selectivity.features import FEATURES
from app.beside import Beside
from app.entry import MOST_BESIDE, Entry
from app.http.result_file import OPENAPI, result_file
from app.refusal import Refusal, answers
from app.state import State

router = APIRouter()

ENDING = ".atlas.json"


Rank = tuple[bool, bool, int]
"""See `rank`."""


def ranked(entry: Entry, content: bytes) -> Rank | None:
    """The rank of a model's atlas; None if it is of other weights, or no atlas."""
    try:
        if json.loads(content)["sha256"] != entry.sha256:
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return rank(named_cells(content))


RANKS = Beside("atlas", ranked)


def atlas_of(entry: Entry) -> bytes | None:
    """The atlas of a served model; None where there is none, or it is of other weights."""
    try:
        return entry.read_beside(RANKS.kind) if RANKS.of(entry) else None
    except OSError:
        return None


def named_cells(atlas: bytes) -> list[dict[str, Any]]:
    """The entries of an atlas, those with a passage first; none if it is no atlas."""
    try:
        found = [entry for entry in json.loads(atlas)["found"] if isinstance(entry, dict)]
        return sorted(found, key=lambda entry: passage(entry) is None)
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def passage(entry: dict[str, Any]) -> str | None:
    """The passage that shows a cell; None where the text may not be passed on."""
    example = entry.get("example")
    text = example.get("text") if isinstance(example, dict) else None
    return text if isinstance(text, str) else None


def rank(found: list[dict[str, Any]]) -> Rank:
    """The key by which atlases are sorted: the page opens with the first entry of the first.

    Atlases without a passage come last, and those whose first entry is of an inner memory first.
    Then the order is that of `FEATURES`: a quotation is shown before a comment.

    Args:
        found: the entries, as `named_cells` returns them.
    """
    first = found[0] if found else {}
    keys = [feature.key for feature in FEATURES]
    feature = first.get("feature")
    place = keys.index(feature) if feature in keys else len(keys)
    return passage(first) is None, not first.get("level"), place


def example_of(folder: Path) -> str | None:
    """The passage that the page opens with; None where no atlas of a model here has any.

    The models need not be loaded for it.
    """
    found = []
    for checkpoint in sorted(folder.glob("*.safetensors"), key=lambda path: path.stem):
        path = checkpoint.with_name(checkpoint.stem + ENDING)
        with suppress(OSError):
            if path.is_file() and (stat := path.stat()).st_size <= MOST_BESIDE:
                stamp = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
                found.append(_opening(path, stamp))
    return min(found, key=itemgetter(0), default=(None, None))[1]


@lru_cache(maxsize=256)
def _opening(path: Path, stamp: tuple[int, int, int]) -> tuple[Rank, str | None]:
    """The rank and the first passage of an atlas, read again only when the file has changed.

    Args:
        stamp: the times of the last change of content and of permissions, and the size.

    Raises:
        OSError: it cannot be read, which is not kept.
    """
    named = named_cells(path.read_bytes())
    return rank(named), passage(named[0]) if named else None


@router.get("/api/atlas", summary="The models whose cells are named")
async def atlases(state: State) -> list[str]:
    """Their names, in the order in which a visit would open with them.

    Waits until the models are loaded.
    """
    await state.loaded.wait()
    entries = list(state.catalogue)

    def names() -> list[str]:
        found = [(rank, entry.name) for entry in entries if (rank := RANKS.of(entry))]
        return [name for _, name in sorted(found, key=itemgetter(0))]

    return await run_in_threadpool(names)


@router.get(
    "/api/atlas/{model}",
    summary="A model's named cells",
    responses={
        **OPENAPI,
        **answers(
            s404="there is no model of this name, or nobody looked for its cells",
            s422="the name is not text",
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
            f"The cells of {entry.name} have not been named. Index a text with python -m "
            "analysis.corpus, then run python -m analysis.atlas."
        )
        raise Refusal(404, "no_atlas", message, "model")
    return result_file(request, content)
