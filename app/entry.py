"""One served model: what is known of it without its weights."""

import errno
from dataclasses import asdict, dataclass
from pathlib import Path

from app.frames import compact
from app.refusal import printable
from models import CheckpointError
from models.card import Card
from models.checkpoint import describe_checkpoint
from models.memories import memories

DIGITS_OF_SHA = 12
MOST_BESIDE = 4_000_000
"""Bytes of a file beside a checkpoint; a larger one was not written by our commands."""


@dataclass(frozen=True)
class Entry:
    """A served model, its weights in memory or not."""

    name: str
    path: Path
    card: Card
    sha256: str
    parameters: int
    listing: str  # as GET /api/models gives it, in JSON

    @property
    def reads_text(self) -> bool:
        """Return whether it is a character model."""
        return self.card.task == "charlm"

    @property
    def old_name(self) -> str:
        """Its name once its file was changed or removed."""
        return f"{self.name}@{self.sha256[:DIGITS_OF_SHA]}"

    def beside(self, kind: str) -> Path:
        """The file of that kind that belongs to the checkpoint: NAME.timescales.json."""
        return self.path.with_name(f"{self.path.stem}.{kind}.json")

    def read_beside(self, kind: str) -> bytes:
        """The content of that file.

        Raises:
            OSError: there is none, or it has more than MOST_BESIDE bytes.
        """
        path = self.beside(kind)
        if not path.is_file():  # opening a pipe would wait for its writer, for ever
            raise FileNotFoundError(path)
        if path.stat().st_size > MOST_BESIDE:
            raise OSError(errno.EFBIG, f"has more than {MOST_BESIDE:,} bytes", str(path))
        return path.read_bytes()


def entry_of(path: Path) -> Entry:
    """The checkpoint as a served model.

    Raises:
        CheckpointError: it is refused.
    """
    if printable(path.stem) != path.stem:
        raise CheckpointError("its name is not UTF-8 text: rename it")
    described = describe_checkpoint(path)
    card = described.card
    listing = {
        "name": path.stem,
        "task": card.task,
        "layers": card.layers,
        "depth": card.depth,
        "hidden": card.hidden,
        "vocabulary": card.vocabulary,
        "parameters": described.parameters,
        "training": card.training,
        "scores": card.scores,
        "sha256": described.sha256,
        "cell": card.cell,
        "memories": [asdict(memory) for memory in memories(card.layers, card.depth, card.cell)],
    }
    try:
        text = compact(listing)
    except RecursionError:
        raise CheckpointError("its metadata is nested too deeply") from None
    return Entry(path.stem, path, card, described.sha256, described.parameters, text)
