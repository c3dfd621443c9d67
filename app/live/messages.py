"""The messages of the live channel (docs/reference/protocol.md), checked at the edge."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    field_validator,
    model_validator,
)

PROTOCOL = 1
MOST_MESSAGE = 1_000_000
"""Bytes of one message."""
MOST_PANELS = 2

Count = Annotated[int, Field(ge=0, le=1 << 53)]


def whole(text: str) -> str:
    """`text`, if it is text: half of a surrogate pair is none."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds an unpaired surrogate, expected text (U+FFFD may stand for it)")
    return text


Text = Annotated[str, AfterValidator(whole)]


class Message(BaseModel):
    """Strict: no field more, none converted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Edit(Message):
    """Replace `delete` code points at `at` by `insert`."""

    type: Literal["edit"]
    revision: Count
    at: Count
    delete: Count | None  # None: all from `at` on
    insert: Text
    length: Count


class Panel(Message):
    """A model reading the text, and the cells of it that are shown."""

    model: str
    cells: Annotated[list[Count], Field(min_length=1)] | Literal["all"]
    visible: Annotated[list[Count], Field(min_length=2, max_length=2)] = Field(default=[0, 0])

    @field_validator("cells")
    @classmethod
    def _are_distinct(cls, cells: list[int] | str) -> list[int] | str:
        if isinstance(cells, list) and len(set(cells)) < len(cells):
            raise ValueError("holds an entry twice, expected distinct ones")
        return cells

    @model_validator(mode="after")
    def _is_ordered(self) -> "Panel":
        if self.visible[0] > self.visible[1]:
            raise ValueError("`visible` must start before it ends")
        return self


class Show(Message):
    """What the page shows from now on."""

    type: Literal["show"]
    view: Count
    panels: Annotated[list[Panel], Field(min_length=1, max_length=MOST_PANELS)]


class Inspect(Message):
    """The exact values at one character."""

    type: Literal["inspect"]
    request: Count
    position: Count


class Predict(Message):
    """The logits after one character."""

    type: Literal["predict"]
    request: Count
    position: Count


MESSAGES: TypeAdapter[Edit | Show | Inspect | Predict] = TypeAdapter(
    Annotated[Edit | Show | Inspect | Predict, Field(discriminator="type")]
)
