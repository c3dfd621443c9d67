"""The base of every message and request body: checks are strict, and their cost is bounded.

A message of 1 MB can hold 300,000 things that are wrong. Only the first is told, so no more are
looked for: a list is left at its first bad entry and its length is bounded, and of fields that do
not belong the first alone is looked at.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

MOST_INDICES = 1 << 16
"""Cells of the largest network."""


def text(value: str) -> str:
    """`value`, if it is text: half of a surrogate pair is none."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(
            "holds an unpaired surrogate, expected text (U+FFFD may stand for it)"
        ) from None
    return value


def distinct(indices: Any) -> Any:
    """`indices`, if it is no list or none comes twice in it."""
    if isinstance(indices, list) and len(set(indices)) < len(indices):
        raise ValueError("holds an entry twice, expected distinct ones")
    return indices


Text = Annotated[str, AfterValidator(text)]
Count = Annotated[int, Field(ge=0, le=1 << 53)]
Index = Annotated[int, Field(ge=0, le=1 << 20)]
Counts = Annotated[list[Count], Field(fail_fast=True, min_length=1, max_length=MOST_INDICES)]
Indices = Annotated[list[Index], Field(fail_fast=True, min_length=1, max_length=MOST_INDICES)]


class Strict(BaseModel):
    """No field more, none converted; base of all that comes from outside."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _look_at_one_foreign_field(cls, values: Any) -> Any:
        if not isinstance(values, dict) or len(values) <= len(cls.model_fields) + 1:
            return values
        known = {field.alias or name for name, field in cls.model_fields.items()}
        foreign = next(key for key in values if key not in known)
        return {key: value for key, value in values.items() if key in known or key is foreign}
