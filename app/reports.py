"""The shipped timescales: the result files beside the checkpoints, for those that are served."""

import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from app.catalogue import Entry
from app.errors import Refusal, answers

router = APIRouter()


class ReportListing(BaseModel):
    """A model whose timescales were measured."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "nested-ptb", "text": "valid.txt", "characters": 98500}]
        }
    )

    model: str
    text: str
    characters: int


def report_of(folder: Path, entry: Entry) -> bytes | None:
    """The result file of a served model; None where there is none, or it is of other weights."""
    try:
        content = (folder / f"{entry.name}.timescales.json").read_bytes()
        result = json.loads(content)
        return content if result["sha256"] == entry.model.sha256 else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


@router.get("/api/timescales", summary="The models whose timescales were measured")
def listing(request: Request) -> list[ReportListing]:
    """What was measured beforehand, with `python -m analysis.timescales`, and on which text."""
    catalogue, found = request.app.state.catalogue, []
    for entry in catalogue:
        content = report_of(catalogue.folder, entry)
        if content is not None:
            settings = json.loads(content)["settings"]
            found.append(
                ReportListing(
                    model=entry.name, text=settings["text"], characters=settings["characters"]
                )
            )
    return found


@router.get(
    "/api/timescales/{model}",
    summary="A model's measured timescales",
    responses={
        200: {"content": {"application/json": {"schema": {"type": "object"}}}},
        **answers(
            s404="there is no model of this name, or it was not measured",
            s422="the name is no text",
        ),
    },
    response_class=Response,
)
async def timescales(request: Request, model: str) -> Response:
    """The result file: docs/timescales.md says what is in it."""
    entry = await request.app.state.models(model)
    content = report_of(request.app.state.catalogue.folder, entry)
    if content is None:
        message = (
            f"The timescales of {entry.name} were not measured: "
            f"python -m analysis.timescales --model {entry.name} does."
        )
        raise Refusal(404, "not_measured", message, "model")
    tag = f'"{entry.model.sha256[:16]}-{len(content)}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/json", headers={"ETag": tag})
