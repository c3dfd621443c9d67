"""The request of POST /api/trace, and the checks before anything is computed."""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, Field, field_validator

from app.interventions import DESCRIPTION, Asked, interventions_in
from app.refusal import Refusal
from app.strict import Indices, Strict, Text, distinct
from models import CharacterModel
from models.reading.intervention import Interventions

MOST_VALUES = {"application/json": 2_000_000, "application/octet-stream": 50_000_000}

Signal = Literal["display", "cell", "hidden", "gates", "logits"]

AXES: dict[Signal, str] = {
    "display": "TLDH",
    "cell": "TLDH",
    "hidden": "TLH",
    "gates": "TLDGH",
    "logits": "TV",
}
SELECTED = {"L": "layers", "D": "levels", "H": "cells"}


class TraceRequest(Strict):
    """A text, and which of a model's values along it are wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": "nested-ptb", "text": "group said N s&p contracts", "cells": [0, 1, 2]},
                {"model": "stacked-ptb", "text": "but", "signal": "gates", "layers": [1]},
                {
                    "model": "lstm-ptb",
                    "text": "he said",
                    "signal": "logits",
                    "interventions": [{"layer": 0, "level": 0, "cells": [7], "set": 4, "from": 3}],
                },
            ]
        },
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text = Field(description="CRLF becomes LF; one code point is one row of the answer")
    signal: Signal = Field(
        "display",
        description="display: tanh(c) of the innermost level, c of others, h of a GRU (T L D H); "
        "cell: raw c (T L D H; of a GRU D = 0); hidden: h (T L H); gates: i f g o, of a GRU r z n, "
        "after their activations (T L D G H); logits: row t predicts character t+1 (T V)",
    )
    layers: Indices | None = Field(None, description="kept in this order; absent or null: all")
    levels: Indices | None = Field(None, description="0 is the outermost; absent or null: all")
    cells: Indices | None = Field(None, description="kept in this order; absent or null: all")
    dtype: Literal["float32", "float16", "int8"] = Field(
        "float32", description="int8 is round(127 * value), for display and hidden only"
    )

    interventions: Asked = Field([], description=DESCRIPTION)

    _are_distinct = field_validator("layers", "levels", "cells")(distinct)


@dataclass(frozen=True)
class Selection:
    """A request that can be answered. `indices` has an entry for each of L D H that is narrowed."""

    signal: Signal
    dtype: str
    axes: str
    shape: tuple[int, ...]
    indices: dict[str, list[int]]
    interventions: Interventions = ()


def select(request: TraceRequest, text: str, model: CharacterModel, media: str) -> Selection:
    """Check the selections against the model, and the answer's size against what `media` carries.

    Raises:
        Refusal: 422 for a selection or an intervention that cannot be, 413 for too many values.
    """
    card, axes = model.card, AXES[request.signal]
    if request.dtype == "int8" and request.signal not in ("display", "hidden"):
        raise Refusal(
            422,
            "invalid",
            f"int8 carries values within [-1, 1], display and hidden, not {request.signal}: "
            "ask for float16 or float32.",
            "dtype",
        )
    sizes = {
        "T": len(text),
        "L": card.layers,
        "D": card.levels if request.signal == "cell" else card.depth,
        "H": card.hidden,
        "G": card.gates,
        "V": len(card.vocabulary),
    }
    indices: dict[str, list[int]] = {}
    for axis, field in SELECTED.items():
        asked: list[int] | None = getattr(request, field)
        if asked is None:
            continue
        if axis not in axes:
            message = f"{request.signal} has no axis {axis}: leave `{field}` out."
            raise Refusal(422, "invalid", message, field)
        if not sizes[axis]:
            message = f"{request.model} keeps no c, only h: ask for `hidden` or `display`."
            raise Refusal(422, "invalid", message, field)
        if max(asked) >= sizes[axis]:
            raise Refusal(
                422,
                "invalid",
                f"`{field}` must be from 0 to {sizes[axis] - 1} for {request.model}, "
                f"not {max(asked)}.",
                field,
            )
        indices[axis], sizes[axis] = asked, len(asked)
    shape = tuple(sizes[axis] for axis in axes)
    check_size(request.signal, axes, shape, media)
    made = interventions_in(model, request.interventions)
    return Selection(request.signal, request.dtype, axes, shape, indices, made)


def check_size(signal: str, axes: str, shape: tuple[int, ...], media: str) -> None:
    """Refuse what is too large, naming the selection that narrows it most, or else the text."""
    count = 1
    for size in shape:
        count *= size
    if count <= MOST_VALUES[media]:
        return
    narrowable = [(n, SELECTED[a]) for a, n in zip(axes, shape, strict=True) if a in SELECTED]
    size, field = max(narrowable, default=(1, "text"))
    if size == 1:
        field = "text"
    how = "shorten `text`" if field == "text" else f"narrow `{field}` or shorten `text`"
    if count <= MOST_VALUES["application/octet-stream"]:
        how += ", or accept application/octet-stream"
    raise Refusal(
        413,
        "answer_too_large",
        f"The {signal} asked for is {count:,} values; {media} carries at most "
        f"{MOST_VALUES[media]:,}: {how}.",
        field,
    )
