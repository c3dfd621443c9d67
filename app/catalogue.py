"""A folder of checkpoints as the models that are served, and what of it is refused.

The folder may change at any time: `scan` looks at it anew. A file is described once, as long as it
stays as it is; its weights are read when somebody uses them (see `app.weights`). Who uses a model
whose file was changed or removed keeps it until he leaves: it is then called NAME@SHA, with the
first twelve digits of its sha256.
"""

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.entry import Entry, entry_of
from app.refusal import Refusal, printable
from app.stamp import Stamp, stamp_of
from app.weights import Weights
from models import CheckpointError

LOG = logging.getLogger("nestscope")

ENDING = ".safetensors"
SETTLING = 1.0
"""Seconds: a younger file that is refused is perhaps still being written."""
MOST_NAMED = 30
"""Names told to whoever asks for one that there is not."""


@dataclass(frozen=True, order=True)
class RefusedFile:
    """A file that is not served."""

    file: str  # its path in the folder
    reason: str  # one sentence


class Catalogue:
    """See the module. One thread scans; any may ask."""

    def __init__(self, folder: Path, weights: Weights | None = None) -> None:
        self.folder = folder
        self.weights = weights or Weights()
        self.closed = False  # the server stops: what is not described yet need not be
        self.refused: tuple[RefusedFile, ...] = ()
        self._files: dict[Path, tuple[Stamp, Entry | RefusedFile]] = {}
        self._entries: dict[str, Entry] = {}  # replaced, never changed in place
        self._old: dict[str, Entry] = {}

    def load(self) -> None:
        """Describe every checkpoint for the first time."""
        self.scan()
        if not self._entries and not self.closed:
            LOG.warning("there is no checkpoint in %s: no model is served", self.folder)

    def scan(self) -> bool:
        """Look at the folder anew; whether anything that is served or refused has changed."""
        files: dict[Path, tuple[Stamp, Entry | RefusedFile]] = {}
        for path in self._paths():
            if self.closed:
                return False
            stamp = stamp_of(path)
            if stamp is None:  # it has gone meanwhile
                continue
            known = self._files.get(path)
            if known is None or known[0] != stamp:
                found = self._describe(path)
                # What cannot be read yet is perhaps still being written: it is looked at again.
                if not (isinstance(found, RefusedFile) and self._files and is_young(path)):
                    known = stamp, found
            if known:
                files[path] = known
        entries: dict[str, Entry] = {}
        refused: list[RefusedFile] = []
        for _, described in files.values():
            if isinstance(described, RefusedFile):
                refused.append(described)
            elif other := entries.get(described.name):
                reason = f"{self._inside(other.path)} has the same name: rename one of them"
                refused.append(RefusedFile(self._inside(described.path), reason))
            else:
                entries[described.name] = described
        entries = dict(sorted(entries.items()))
        if (entries, tuple(refused)) == (self._entries, self.refused):
            self._files = files
            return False
        old = {name: one for name, one in self._old.items() if self.weights.retire(one)}
        for name, one in self._entries.items():
            if entries.get(name) != one and self.weights.retire(one):
                old[one.old_name] = one
        self._old = old
        for new in sorted(set(refused) - set(self.refused)):
            LOG.error("%s is not served: %s", new.file, new.reason)
        self._files, self._entries, self.refused = files, entries, tuple(refused)
        return True

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def get(self, name: str) -> Entry | None:
        """The model of that name; of one that was changed or removed, while somebody reads it."""
        old = self._old.get(name)
        return self._entries.get(name) or (old if old and self.weights.retire(old) else None)

    def find(self, name: str) -> Entry:
        """The model of that name.

        Raises:
            Refusal: 404, there is none.
        """
        entry = self.get(name)
        if entry is None:
            some = list(self._entries)[:MOST_NAMED]
            more = ", ..." if len(self._entries) > len(some) else ""
            known = ", ".join(some) + more or "none"
            message = f"There is no model of this name; served are: {known}."
            raise Refusal(404, "unknown_model", message, "model")
        return entry

    def _paths(self) -> list[Path]:
        """The checkpoints in the folder and in its sub-folders, one level down."""
        found = [*self.folder.glob(f"*{ENDING}"), *self.folder.glob(f"*/*{ENDING}")]
        seen = [path for path in found if not is_hidden(path.relative_to(self.folder))]
        return sorted(seen, key=lambda path: (len(path.parts), path))

    def _describe(self, path: Path) -> Entry | RefusedFile:
        """The entry of a file, or why it is refused."""
        try:
            return entry_of(path)
        except CheckpointError as error:
            reason = error.reason
        except Exception:  # a defect in reading one must not keep the others from the visitors
            LOG.exception("%s is not served", path)
            reason = "it cannot be read: the server's log has the reason"
        return RefusedFile(self._inside(path), reason)

    def _inside(self, path: Path) -> str:
        """A path in the folder, as people read it; half a surrogate pair cannot be sent."""
        return printable(str(path.relative_to(self.folder)))


def is_hidden(path: Path) -> bool:
    """Return whether it, or a folder it lies in, is hidden."""
    return any(part.startswith(".") for part in path.parts)


def is_young(path: Path) -> bool:
    """Return whether a file was written to a moment ago."""
    try:
        return path.is_file() and abs(time.time() - os.path.getmtime(path)) < SETTLING
    except OSError:
        return False
