"""The loaded weights: read when a model is first used; the least recently used are dropped.

Whoever reads with a model holds its `Loaded`. A model is in memory as long as somebody does, and
beyond that while there is room for it.
"""

import threading
from collections import OrderedDict
from weakref import WeakValueDictionary

from app.entry import Entry
from app.refusal import Refusal
from models import CheckpointError, load_checkpoint
from models.card import Card
from models.checkpoint import Model
from models.reading.engine import Engine

MOST_BYTES = 2_000_000_000
"""The bytes of all weights in memory."""
BYTES_A_WEIGHT = 8
"""Each is kept twice, in float32: in the network, and laid out for reading."""


class Loaded:
    """A served model in memory."""

    def __init__(self, entry: Entry, model: Model) -> None:
        self.entry, self.model, self.engine = entry, model, Engine(model.rnn)

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.entry.name

    @property
    def card(self) -> Card:
        """The card of its checkpoint."""
        return self.entry.card

    @property
    def sha256(self) -> str:
        """The SHA-256 of its file."""
        return self.entry.sha256

    @property
    def size(self) -> int:
        """Bytes of its weights."""
        return size(self.entry)


def size(entry: Entry) -> int:
    """Bytes that the weights of a model take in memory."""
    return BYTES_A_WEIGHT * entry.parameters


class Weights:
    """See the module. Several threads may use it at once."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self._lock = threading.Lock()  # of what follows; held for a moment only
        self._in_memory: WeakValueDictionary[str, Loaded] = WeakValueDictionary()
        self._recent: OrderedDict[str, Loaded] = OrderedDict()  # the newest last
        self._loading: dict[str, threading.Lock] = {}

    @property
    def held(self) -> int:
        """Bytes of all weights in memory."""
        return sum(loaded.size for loaded in list(self._in_memory.values()))

    def get(self, entry: Entry) -> Loaded | None:
        """The model, if it is in memory."""
        with self._lock:
            loaded = self._in_memory.get(entry.sha256)
            if loaded:
                self._recent[entry.sha256] = loaded
                self._recent.move_to_end(entry.sha256)
        return loaded

    def load(self, entry: Entry) -> Loaded:
        """The model, read from its file if it is not in memory; takes a moment then.

        Raises:
            Refusal: 409 if the file is not what it was; 429 if there is no room beside the models
                that are being used.
        """
        with self._lock:
            one_at_a_time = self._loading.setdefault(entry.sha256, threading.Lock())
        with one_at_a_time:
            if loaded := self.get(entry):
                return loaded
            self._make_room(entry)
            try:
                model = load_checkpoint(entry.path)
            except CheckpointError as error:
                message = f"{entry.name} cannot be read any more: {error.reason}."
                raise Refusal(409, "unreadable_model", message, "model") from None
            if model.sha256 != entry.sha256:
                message = f"The file of {entry.name} has just changed: ask again in a moment."
                raise Refusal(409, "changed_model", message, "model")
            loaded = Loaded(entry, model)
            with self._lock:
                self._in_memory[entry.sha256] = self._recent[entry.sha256] = loaded
                self._loading.pop(entry.sha256, None)
            return loaded

    def retire(self, entry: Entry) -> bool:
        """Drop a model whose file is gone; return whether somebody still reads with it."""
        with self._lock:
            self._recent.pop(entry.sha256, None)
        return entry.sha256 in self._in_memory

    def _make_room(self, entry: Entry) -> None:
        """Drop the least recently used weights until there is room."""
        while self.held + size(entry) > self.most:
            with self._lock:
                if not self._recent:
                    break
                self._recent.popitem(last=False)
        if self.held and self.held + size(entry) > self.most:
            message = (
                f"The models that others are using leave no room for {entry.name}: choose one of "
                "those, or try again in a while."
            )
            raise Refusal(429, "busy", message, "model")
