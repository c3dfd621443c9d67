"""A folder of checkpoints as the models that are served."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.frames import compact
from models import CharacterModel, CheckpointError, load_checkpoint
from models.checkpoint import Model
from models.memories import memories
from models.reading.engine import Engine

LOG = logging.getLogger("nestscope")


@dataclass(frozen=True)
class Entry:
    """A served model."""

    name: str
    model: Model
    engine: Engine
    listing: str  # as GET /api/models gives it, in JSON

    @property
    def reads_text(self) -> bool:
        """Whether it is a character model."""
        return isinstance(self.model, CharacterModel)


class Catalogue:
    """The models of a folder by name. A file that is refused is logged; the others are served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.closed = False  # the server stops: what is not loaded yet need not be
        self._entries: dict[str, Entry] = {}

    def load(self) -> None:
        """Read every checkpoint, in the order of their names; takes seconds."""
        entries = {}
        for path in sorted(self.folder.glob("*.safetensors")):
            if self.closed:
                return
            try:
                entries[path.stem] = entry(path)
            except CheckpointError as error:
                LOG.error("%s is not served: %s", path, error.reason)
            except Exception:  # a defect in reading one must not keep the others from the visitors
                LOG.exception("%s is not served", path)
        if not entries:
            LOG.warning("there is no checkpoint in %s: no model is served", self.folder)
        self._entries = entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def get(self, name: str) -> Entry | None:
        """The model of that name."""
        return self._entries.get(name)


def entry(path: Path) -> Entry:
    """The checkpoint as a served model.

    Raises:
        CheckpointError: it is refused.
    """
    model = load_checkpoint(path)
    card = model.card
    listing = {
        "name": path.stem,
        "task": card.task,
        "layers": card.layers,
        "depth": card.depth,
        "hidden": card.hidden,
        "vocabulary": card.vocabulary,
        "parameters": model.parameters_count,
        "training": card.training,
        "scores": card.scores,
        "sha256": model.sha256,
        "cell": card.cell,
        "memories": [asdict(memory) for memory in memories(card.layers, card.depth, card.cell)],
    }
    try:
        text = compact(listing)
    except RecursionError:
        raise CheckpointError("its metadata is nested too deeply") from None
    return Entry(path.stem, model, Engine(model.rnn), text)
