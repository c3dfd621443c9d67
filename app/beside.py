"""Values made of the files beside the checkpoints, kept for as long as those stay as they are."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from app.entry import Entry
from app.stamp import Stamp, stamp_of

T = TypeVar("T")

MOST = 256
"""Models whose values are kept, the oldest are forgotten."""


class Beside(Generic[T]):
    """A value for each model, made of its file of one kind. Any thread may ask."""

    def __init__(self, kind: str, make: Callable[[Entry, bytes], T | None]) -> None:
        """make: of a model and the content of its file; None where that is of no use."""
        self.kind, self._make = kind, make
        self._made: dict[Path, tuple[Stamp, str, T | None]] = {}

    def of(self, entry: Entry) -> T | None:
        """The value of a model; None where it has no file, or one of no use."""
        path = entry.beside(self.kind)
        stamp, made = stamp_of(path), self._made.get(path)
        if made and made[:2] == (stamp, entry.sha256):
            return made[2]
        self._made.pop(path, None)
        try:
            found = self._make(entry, entry.read_beside(self.kind))
        except OSError:  # the next time it can perhaps be read
            return None
        if stamp:
            self._made[path] = stamp, entry.sha256, found
            for oldest in list(self._made)[:-MOST]:
                self._made.pop(oldest, None)
        return found
