"""The loaded weights: read when a model is first used; the least recently used are dropped.

Whoever reads with a model holds its `Loaded`. A model is in memory as long as somebody does, and
beyond that while there is room for it.
"""

import threading
from collections import OrderedDict
from pathlib import Path
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


Key = tuple[Path, str]
"""A file and its sha256. Of two files with the same weights each is a model with its own name."""


def key_of(entry: Entry) -> Key:
    """The key of a served model."""
    return entry.path, entry.sha256


class Weights:
    """See the module. Several threads may use it at once."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self._lock = threading.Lock()  # of what follows; held for a moment only
        self._in_memory: WeakValueDictionary[Key, Loaded] = WeakValueDictionary()
        self._recent: OrderedDict[Key, Loaded] = OrderedDict()  # the newest last
        self._loading: dict[Key, threading.Lock] = {}
        self._reserved = 0  # bytes of those that are being read

    @property
    def held(self) -> int:
        """Bytes of all weights in memory."""
        return sum(loaded.size for loaded in list(self._in_memory.values()))

    def get(self, entry: Entry) -> Loaded | None:
        """The model, if it is in memory."""
        key = key_of(entry)
        with self._lock:
            loaded = self._in_memory.get(key)
            if loaded:
                self._recent[key] = loaded
                self._recent.move_to_end(key)
        return loaded

    def load(self, entry: Entry) -> Loaded:
        """The model, read from its file if it is not in memory; takes a moment then.

        Raises:
            Refusal: 409 if the file is not what it was; 429 if there is no room beside the models
                that are being used.
        """
        key = key_of(entry)
        with self._lock:
            one_at_a_time = self._loading.setdefault(key, threading.Lock())
        with one_at_a_time:
            if loaded := self.get(entry):
                return loaded
            self._reserve(entry)
            try:
                loaded = _read(entry)
            finally:
                with self._lock:
                    self._reserved -= size(entry)
                    if loaded:
                        self._in_memory[key] = self._recent[key] = loaded
                        self._loading.pop(key, None)
            return loaded

    def retire(self, entry: Entry) -> bool:
        """Drop a model whose file is gone; return whether somebody still reads with it."""
        key = key_of(entry)
        with self._lock:
            self._recent.pop(key, None)
        return key in self._in_memory

    def _reserve(self, entry: Entry) -> None:
        """Take room for a model; drop the least recently used weights until there is enough."""
        with self._lock:  # of two at once each counts the other
            while self._taken + size(entry) > self.most and self._recent:
                self._recent.popitem(last=False)
            if self._taken and self._taken + size(entry) > self.most:
                message = (
                    f"The models in use leave no room for {entry.name}: show fewer or smaller "
                    "ones, or try again in a while."
                )
                raise Refusal(429, "busy", message, "model")
            self._reserved += size(entry)

    @property
    def _taken(self) -> int:
        """Bytes of all weights in memory, or on their way there."""
        return self.held + self._reserved


def _read(entry: Entry) -> Loaded:
    """The model, read from its file.

    Raises:
        Refusal: 409, the file is not what it was.
    """
    try:
        model = load_checkpoint(entry.path)
    except CheckpointError as error:
        message = f"{entry.name} cannot be read any more: {error.reason}."
        raise Refusal(409, "unreadable_model", message, "model") from None
    if model.sha256 != entry.sha256:
        message = f"The file of {entry.name} has just changed: ask again in a moment."
        raise Refusal(409, "changed_model", message, "model")
    return Loaded(entry, model)
