"""What a checkpoint says of itself: the JSON under its one metadata key."""

import json
from dataclasses import dataclass, field
from typing import Any

from models.rnn import MAX_DEPTH, MAX_LAYERS
from models.vocabulary import DIGITS, Vocabulary

FORMAT = 1
KEY = "nestscope"
FIELDS = ("format", "task", "layers", "depth", "hidden", "vocabulary", "training", "scores")
MOST_CELLS = 1 << 16
MOST_SYMBOLS = 1 << 20
TASKS = ("charlm", "glimpses")


class CheckpointError(ValueError):
    """A file that is no checkpoint of this format; the message is one sentence that says why."""


@dataclass(frozen=True)
class Card:
    """What a checkpoint says of itself. A `sha256` of "" means that it was never in a file."""

    task: str
    layers: int
    depth: int
    hidden: int
    vocabulary: Vocabulary
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)

    def dumps(self) -> str:
        """The metadata's JSON."""
        values = {"format": FORMAT} | {name: getattr(self, name) for name in FIELDS[1:]}
        return json.dumps(values, ensure_ascii=False)


def parse_card(metadata: dict[str, str]) -> Card:
    """The card in a file's metadata.

    Raises:
        CheckpointError: with the field at fault.
    """
    if set(metadata) != {KEY}:
        raise CheckpointError(
            f"the metadata must hold the one key {KEY!r}, found {sorted(metadata) or 'none'}"
        )
    try:
        values = json.loads(metadata[KEY])
    except (ValueError, RecursionError):
        raise CheckpointError(f"the metadata key {KEY!r} is not JSON") from None
    try:
        json.dumps(values, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise CheckpointError(
            "the metadata holds a number that is not finite, or half a surrogate pair"
        ) from None
    if not isinstance(values, dict) or set(values) != set(FIELDS):
        raise CheckpointError(f"the metadata must hold exactly the fields {', '.join(FIELDS)}")
    if type(values["format"]) is not int or values["format"] != FORMAT:
        raise CheckpointError(f"format {values['format']!r} is not known, expected {FORMAT}")
    if values["task"] not in TASKS:
        raise CheckpointError(f"task {values['task']!r} is not known, expected charlm or glimpses")
    for name, most in (("layers", MAX_LAYERS), ("depth", MAX_DEPTH), ("hidden", MOST_CELLS)):
        if type(values[name]) is not int or not 1 <= values[name] <= most:
            raise CheckpointError(f"{name} must be an integer from 1 to {most}: {values[name]!r}")
    for name in ("training", "scores"):
        if not isinstance(values[name], dict):
            raise CheckpointError(f"{name} must be a JSON object")
    symbols = values["vocabulary"]
    if (
        not isinstance(symbols, list)
        or not 1 <= len(symbols) <= MOST_SYMBOLS
        or not all(isinstance(symbol, str) for symbol in symbols)
    ):
        raise CheckpointError("vocabulary must be a list of strings")
    try:
        vocabulary = Vocabulary(symbols)
    except ValueError as error:
        raise CheckpointError(f"vocabulary: {error}") from None
    if values["task"] == "glimpses" and vocabulary != DIGITS:
        raise CheckpointError('the vocabulary of a glimpse classifier must be "0" to "9"')
    return Card(
        **{name: values[name] for name in FIELDS[1:] if name != "vocabulary"}, vocabulary=vocabulary
    )
