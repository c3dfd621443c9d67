"""Interventions as a visitor asks for them, over HTTP or the live channel: checked in one place."""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from app.refusal import Refusal
from models import InterventionError
from models.checkpoint import Model
from models.reading.intervention import LARGEST_VALUE, MOST_INTERVENTIONS, Interventions

_WHOLE = {"type": "integer", "minimum": 0}
_VALUE = {"type": "number", "minimum": -LARGEST_VALUE, "maximum": LARGEST_VALUE}
_CELLS = {"type": "array", "items": _WHOLE, "minItems": 1, "uniqueItems": True}

Asked = Annotated[
    list[Any],
    WithJsonSchema(
        {
            "type": "array",
            "maxItems": MOST_INTERVENTIONS,
            "items": {
                "type": "object",
                "required": ["layer"],
                "additionalProperties": False,
                "oneOf": [{"required": [name]} for name in ("set", "scale", "add")],
                "properties": {
                    "layer": _WHOLE,
                    "level": {
                        "anyOf": [_WHOLE, {"type": "null"}],
                        "description": "h has none",
                    },
                    "state": {"enum": ["c", "h"], "default": "c"},
                    "cells": {"anyOf": [_CELLS, {"type": "null"}], "description": "null: all"},
                    "set": _VALUE,
                    "scale": _VALUE,
                    "add": _VALUE,
                    "from": _WHOLE | {"default": 0},
                    "to": {
                        "anyOf": [_WHOLE, {"type": "null"}],
                        "description": "exclusive; null: the end of the text",
                    },
                },
            },
        }
    ),
]
"""Plain JSON; `interventions_in` says what of it cannot be made."""

DESCRIPTION = (
    "changes made to memories while the text is read, in this order: each sets, scales or adds to "
    "the raw state right after it is computed and before anything reads it; everything downstream "
    "sees the changed value"
)


def interventions_in(model: Model, asked: list[Any]) -> Interventions:
    """The interventions asked for, checked against a model.

    Raises:
        Refusal: 422, with the first that cannot be made, and why.
    """
    try:
        return model.parse(asked)
    except InterventionError as error:
        raise Refusal(422, "invalid", str(error), "interventions") from None
