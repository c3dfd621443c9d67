"""A checkpoint's card: the JSON under its one metadata key."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.cells import CELLS
from models.memories import count
from models.rnn import MAX_LAYERS
from models.vocabulary import DIGITS, Vocabulary

OF_LSTMS, OF_CELLS = FORMATS = (1, 2)
"""Format 1 holds a network of LSTMs, nested or not; format 2 adds `cell`, for any other."""

LSTM = "lstm"
KEY = "nestscope"
FIELDS = ("format", "task", "layers", "depth", "hidden", "vocabulary", "training", "scores")
MOST_CELLS = 1 << 16
MOST_SYMBOLS = 1 << 20
TASKS = ("charlm", "glimpses")


def described(layers: int, depth: int, hidden: int, cell: str) -> str:
    """A network in words: "Nested LSTM of depth 2, 256 cells"."""
    if cell != LSTM:
        words = f"{cell.upper()} of {layers} layers" if layers > 1 else cell.upper()
    elif depth > 1:
        words = f"Nested LSTM of depth {depth}" + (f", {layers} layers" if layers > 1 else "")
    else:
        words = f"Stacked LSTM of {layers} layers" if layers > 1 else "LSTM"
    return f"{words}, {hidden} cells"


class CheckpointError(ValueError):
    """A file that is not a checkpoint of this format.

    The message is one sentence that says why; `reason` is the same without the file's name.
    """

    def __init__(self, reason: str, path: Path | str | None = None) -> None:
        super().__init__(reason if path is None else f"{path}: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Card:
    """The metadata of a checkpoint. A `sha256` of "" means that it was never in a file."""

    task: str
    layers: int
    depth: int
    hidden: int
    vocabulary: Vocabulary
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    cell: str = LSTM  # a key of `CELLS`

    @property
    def levels(self) -> int:
        """The number of levels of c in a layer: 0 for a cell that keeps only h."""
        return self.depth if CELLS[self.cell].has_c else 0

    @property
    def columns(self) -> int:
        """The number of memories shown."""
        return count(self.layers, self.depth, self.cell)

    @property
    def gates(self) -> int:
        """The gates of a level."""
        return len(CELLS[self.cell].gates)

    def dumps(self) -> str:
        """The metadata's JSON, in format 1 where that is enough."""
        values = {"format": OF_LSTMS} | {name: getattr(self, name) for name in FIELDS[1:]}
        if self.cell != LSTM:
            values |= {"format": OF_CELLS, "cell": self.cell}
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
    version = values.get("format") if isinstance(values, dict) else None
    fields = (*FIELDS, "cell") if version == OF_CELLS else FIELDS
    if not isinstance(values, dict) or set(values) != set(fields):
        raise CheckpointError(f"the metadata must hold exactly the fields {', '.join(fields)}")
    if type(version) is not int or version not in FORMATS:
        raise CheckpointError(f"format {version!r} is not known, expected 1 or 2")
    others = [name for name in CELLS if name != LSTM]
    cell = values.get("cell", LSTM)
    if version == OF_CELLS and cell not in others:
        raise CheckpointError(f"the cell of a format 2 must be {' or '.join(others)}: {cell!r}")
    if values["task"] not in TASKS:
        raise CheckpointError(f"task {values['task']!r} is not known, expected charlm or glimpses")
    deepest = CELLS[cell].max_depth
    for name, most in (("layers", MAX_LAYERS), ("depth", deepest), ("hidden", MOST_CELLS)):
        if type(values[name]) is not int or not 1 <= values[name] <= most:
            span = f"an integer from 1 to {most}" if most > 1 else f"1 for a {cell}"
            raise CheckpointError(f"{name} must be {span}: {values[name]!r}")
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
    known = {name: values[name] for name in FIELDS[1:] if name != "vocabulary"}
    return Card(**known, vocabulary=vocabulary, cell=cell)
