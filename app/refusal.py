"""A refusal: what was expected, what came, what to do. One form for HTTP and the live channel."""

from collections.abc import Collection
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

MOST_SHOWN = 80
"""Characters of a name out of a request that are repeated in a refusal."""
MOST_REASON = 300


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
    field = path[0][:MOST_SHOWN] if path else None
    kind, reason = first["type"], str(first["msg"])
    if kind == "missing":
        reason = "is required"
    elif kind == "extra_forbidden":
        reason = "is not a field of this message"
    elif kind == "value_error":
        reason = reason.removeprefix("Value error, ")
    elif kind in ("string_unicode", "string_type"):
        reason = "must be text without unpaired surrogates"
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
