"""A refusal: what was expected, what came, what to do. One form for HTTP and the live channel."""

import re
from collections.abc import Collection
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

MOST_SHOWN = 80
"""Characters of a name out of a request that are repeated in a refusal."""
MOST_REASON = 300
FIELD = re.compile(r"[a-z][a-z0-9_]*|\d+")
LENGTHS = {
    "too_short": "at least",
    "too_long": "at most",
    "string_too_short": "at least",
    "string_too_long": "at most",
}
LIMITS = {"at least": "min_length", "at most": "max_length"}
UNITS = "character", "characters"
FORMS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number, and none of thousands of digits",
    "float_type": "a number",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
}
"""The form expected, by pydantic's kinds of errors."""


class ErrorDetail(BaseModel):
    """A refusal as the client gets it."""

    code: str
    message: str
    field: str | None


class ErrorAnswer(BaseModel):
    """Every error has this form."""

    error: ErrorDetail


class Refusal(HTTPException):
    """A request that is refused, with the reason: what was expected, what came, what to do."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(status, message)
        self.code, self.message, self.field = code, message, field

    def told(self) -> dict[str, str | None]:
        """The refusal as the client gets it."""
        return detail(self.code, self.message, self.field)


DEFECT = Refusal(500, "defect", "The server failed; the reason is in its log.")
STOPPING = Refusal(503, "stopping", "The server stops: ask again in a moment.")


def detail(code: str, message: str, field: str | None = None) -> dict[str, str | None]:
    """A refusal as the client gets it."""
    return {"code": code, "message": printable(message), "field": field and printable(field)}


def not_finite(
    interventions: Collection[Any] = (),
    message: str = "Some values are not finite: the model overflows on this text.",
) -> Refusal:
    """The refusal of values that overflowed, under these interventions or by the model itself."""
    return Refusal(422, "not_finite", message, "interventions" if interventions else "model")


def answers(**reasons: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of the errors of a route: `s404="there is no such model"`."""
    return {
        int(status[1:]): {"model": ErrorAnswer, "description": reason}
        for status, reason in reasons.items()
    }


def explain(
    error: ValidationError | RequestValidationError, tags: Collection[str] = ("body",)
) -> tuple[str, str | None]:
    """The first thing wrong in a message, as one sentence, and its field.

    The value itself is not repeated: it may be long, or no text at all.

    Args:
        error: what the check said.
        tags: what stands before the name of the field: where a request was looked at, or the type
            of a message of the live channel. Further in, the same word is a field.
    """
    first: Any = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    path = path[1:] if path and path[0] in tags else path
    kind, reason, about = first["type"], str(first["msg"]), first.get("ctx", {})
    # Where one of several forms is taken, its name stands in between. The last may be a foreign
    # field, which has any name.
    last = len(path) - (kind == "extra_forbidden")
    path = [part for k, part in enumerate(path) if k >= last or FIELD.fullmatch(part)]
    field = path[0][:MOST_SHOWN] if path else None
    if kind == "missing":
        reason = "is required"
    elif kind == "extra_forbidden":
        reason = "is not a field of this message"
    elif kind == "value_error":
        reason = reason.removeprefix("Value error, ")
    elif kind == "string_type":
        reason = "must be text"
    elif kind == "string_unicode":
        reason = "must be text without unpaired surrogates"
    elif kind in LENGTHS:
        bound = about[LIMITS[LENGTHS[kind]]]
        units = ("entry", "entries") if about.get("field_type") == "List" else UNITS
        reason = f"must have {LENGTHS[kind]} {bound:,} {units[bound != 1]}"
        if isinstance(found := about.get("actual_length"), int):
            reason += f", not {found:,}"
    elif kind in FORMS:
        reason = f"must be {FORMS[kind]}"
    elif kind.endswith("_type") or kind.endswith("_parsing") or kind.endswith("_from_float"):
        reason = reason.replace("Input should be", "must be")
    else:
        reason = reason.replace("Input should", "must").replace("List should", "must")
    reason = reason[:MOST_REASON]
    place = ".".join(path)[:MOST_SHOWN]
    return (f"`{place}` {reason}." if place else f"The message is refused: {reason}."), field


def printable(text: str) -> str:
    """`text` with U+FFFD where it holds half a surrogate pair, which no encoding can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
