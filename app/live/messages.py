"""The messages of the live channel (docs/reference/protocol.md), checked at the edge."""

from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter, field_validator, model_validator

from app.interventions import Asked
from app.strict import Count, Counts, Strict, Text, distinct

PROTOCOL = 2
MOST_PANELS = 4


class Edit(Strict):
    """Replace `delete` code points at `at` by `insert`."""

    type: Literal["edit"]
    revision: Count
    at: Count
    delete: Count | None  # None: all from `at` on
    insert: Text
    length: Count


class Panel(Strict):
    """A model reading the text, and the cells of it that are shown."""

    model: str
    cells: Counts | Literal["all"]
    visible: Annotated[list[Count], Field(min_length=2, max_length=2)] = Field(default=[0, 0])
    interventions: Asked = Field(default=[])

    _are_distinct = field_validator("cells")(distinct)

    @model_validator(mode="after")
    def _is_ordered(self) -> "Panel":
        if self.visible[0] > self.visible[1]:
            raise ValueError("`visible` must start before it ends")
        return self


class Show(Strict):
    """The panels that the page shows from now on."""

    type: Literal["show"]
    view: Count
    panels: Annotated[list[Panel], Field(min_length=1, max_length=MOST_PANELS)]


class Inspect(Strict):
    """The exact values at one character."""

    type: Literal["inspect"]
    request: Count
    position: Count


class Predict(Strict):
    """The logits after one character."""

    type: Literal["predict"]
    request: Count
    position: Count


class Gates(Strict):
    """The gates of one cell of every panel, of the characters start .. stop - 1."""

    type: Literal["gates"]
    request: Count
    cells: Annotated[list[Count], Field(min_length=1, max_length=MOST_PANELS)]
    start: Count
    stop: Count


Message = Edit | Show | Inspect | Predict | Gates
MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])
TYPES: tuple[str, ...] = tuple(
    name for one in get_args(Message) for name in get_args(one.model_fields["type"].annotation)
)
