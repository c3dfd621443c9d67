"""The corpora that can be asked: folders that were indexed, and texts that are when first asked.

In the folder of the corpora every sub-folder with a corpus.json is a corpus of its own. Every text
file in it (`*.txt`) is one for each served model that can read it: its index is made in a cache
when somebody asks for it, by a process of its own, at a low priority.
"""

import codecs
import hashlib
import io
import logging
import os
import tempfile
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analysis.corpus.layout import DESCRIPTION
from app.catalogue import Catalogue
from app.entry import Entry as Served
from app.indexing import CorpusEntry, Indexing
from app.refusal import printable
from app.stamp import Stamp, stamp_of
from models.text import START, NotText, encoding_of, not_text
from models.vocabulary import UNKNOWN

if TYPE_CHECKING:  # pyarrow takes longer to import than the server may take to start
    from analysis.corpus.corpus import Corpus
    from analysis.corpus.description import CorpusError

LOG = logging.getLogger("nestscope")

CACHE = "cache"
MOST_UNKNOWN = 0.5
"""A model to which more of a text is out of vocabulary does not read it."""
MOST_OPEN = 8
"""Corpora that are kept open (their descriptions, not their values)."""
PIECE = 1 << 16
"""Bytes of a text that are counted at once: no other thread waits longer (some ms)."""

Status = Literal["ready", "not indexed", "indexing", "damaged"]


@dataclass(frozen=True)
class Facts:
    """The known facts about a text file."""

    sha256: str
    symbols: Counter[str]

    @property
    def characters(self) -> int:
        """Its length."""
        return self.symbols.total()


class Corpora:
    """The corpora of a folder, and the one that is being indexed."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder, self._catalogue = folder, catalogue
        self.indexing = Indexing(catalogue, self._cache)
        self._lock = threading.Lock()  # of `_locks` and `_open`; no file is read under it
        self._locks: dict[Path, threading.Lock] = {}
        self._told: set[str] = set()
        self._facts: dict[Path, tuple[Stamp, Facts | None]] = {}
        self._open: dict[tuple[Path, int], Corpus] = {}

    def entries(self) -> list[CorpusEntry]:
        """All of them, by name. Looks at the folder anew."""
        found = {}
        for path in self._files("*.txt"):
            served = [model for model in self._catalogue if model.reads_text]
            readers = [entry for model in served if (entry := self._of_text(path, model))]
            found.update({entry.name: entry for entry in readers})
            if served and not readers and self._facts_of(path):
                self._tell(f"{path} is not served: no model has half of it in its alphabet")
        for path in self._files(f"*/{DESCRIPTION}"):
            if path.parent.name != CACHE:
                found[path.parent.name] = self._of_folder(path.parent)
        return [found[name] for name in sorted(found)]

    def get(self, name: str) -> CorpusEntry | None:
        """The corpus of that name."""
        return next((entry for entry in self.entries() if entry.name == name), None)

    def status(self, entry: CorpusEntry) -> tuple[Status, int, str]:
        """The state of its index, the number of characters indexed, and why it is damaged."""
        from analysis.corpus.description import CorpusError, read_description

        damage = entry.damage
        if entry.is_indexed and not damage:
            try:
                read_description(entry.folder).check_files(entry.folder)
            except CorpusError as error:
                damage = error.reason
        if damage:
            return "damaged", 0, damage
        if entry.is_indexed:
            return "ready", entry.characters, ""
        if self.indexing.name == entry.name:
            return "indexing", self.indexing.done(entry), ""
        return "not indexed", self.indexing.done(entry), ""

    def open(self, entry: CorpusEntry) -> "Corpus":
        """Open an indexed corpus, checked whole.

        Raises:
            CorpusError: it is refused.
        """
        from analysis.corpus.corpus import open_corpus
        from analysis.corpus.description import CorpusError

        try:
            key = entry.folder, (entry.folder / DESCRIPTION).stat().st_mtime_ns
        except OSError:
            raise CorpusError("it was removed", entry.folder) from None
        with self._lock_of(entry.folder):
            with self._lock:
                known = self._open.pop(key, None)
            corpus = known or open_corpus(entry.folder)
            with self._lock:
                self._open[key] = corpus
                while len(self._open) > MOST_OPEN:
                    del self._open[next(iter(self._open))]
        return corpus

    def close(self) -> None:
        """Stop indexing; what is done of it is kept."""
        self.indexing.close()

    def _of_text(self, path: Path, served: Served) -> CorpusEntry | None:
        """The corpus of a text under a model that reads text; None if it cannot read this one."""
        facts = self._facts_of(path)
        if facts is None:
            return None
        symbol = served.card.vocabulary.symbol
        unknown = sum(n for c, n in facts.symbols.items() if symbol(c) == UNKNOWN)
        if unknown > MOST_UNKNOWN * facts.characters:
            return None
        sha256 = served.sha256
        name = f"{path.stem}--{served.name}"
        digest = hashlib.sha256(f"{sha256}{facts.sha256}".encode()).hexdigest()[:12]
        folder = self._cache() / f"{name}-{digest}"
        return CorpusEntry(
            name, folder, served.name, sha256, path.name, facts.characters, unknown, path
        )

    def _of_folder(self, folder: Path) -> CorpusEntry:
        """A corpus that was indexed beforehand."""
        from analysis.corpus.description import CorpusError, read_description

        try:
            about = read_description(folder)
        except CorpusError as error:
            return self._damaged(folder, error)
        served = self._catalogue.get(about.model)
        damage = ""
        if served and served.sha256 != about.sha256:
            damage = f"it was made with other weights of {about.model}: index the text again"
        return CorpusEntry(
            name=folder.name,
            folder=folder,
            model=about.model,
            sha256=about.sha256,
            text=about.text,
            characters=about.characters,
            unknown=about.unknown,
            damage=damage,
        )

    def _damaged(self, folder: Path, error: "CorpusError") -> CorpusEntry:
        """The entry of a folder that cannot be asked; the log has the whole error, once."""
        self._tell(f"{folder} is not served: {error.reason}")
        return CorpusEntry(folder.name, folder, "", "", "", 0, 0, damage=error.reason)

    def _tell(self, message: str) -> None:
        """Log a message the first time."""
        if message not in self._told:
            self._told.add(message)
            LOG.error("%s", message)

    def _files(self, pattern: str) -> list[Path]:
        """The files of the folder whose names are text: no answer can tell any other."""
        found = []
        for path in filter(os.path.isfile, self.folder.glob(pattern)):
            name = str(path.relative_to(self.folder))
            if name == printable(name):
                found.append(path)
            else:
                self._tell(f"{self.folder}/{name!r} is not served: its name is not UTF-8")
        return sorted(found)

    def _lock_of(self, path: Path) -> threading.Lock:
        """The lock of one file or folder: others do not wait while it is read."""
        with self._lock:
            return self._locks.setdefault(path, threading.Lock())

    def _facts_of(self, path: Path) -> Facts | None:
        """The facts of a text file, read once while it does not change.

        None if it is no text, or cannot be read; the log has the reason, once.
        """
        try:
            with self._lock_of(path):
                stamp, known = stamp_of(path) or (), self._facts.get(path)
                if known is None or known[0] != stamp:
                    known = stamp, self._counted(path)
                    self._facts[path] = known
                return known[1]
        except OSError as error:
            self._tell(f"{path} is not served: it cannot be read: {error.strerror or error}")
            return None

    def _counted(self, path: Path) -> Facts | None:
        """The facts of a text file as it is now; None if it is no text.

        Raises:
            OSError: it cannot be read.
        """
        try:
            return facts_in(path)
        except NotText as error:
            self._tell(f"{path} is not served: {error}")
            return None

    def _cache(self) -> Path:
        """The folder of indexes; aside where the corpora cannot be written (a container)."""
        if not os.access(self.folder, os.W_OK):
            with suppress(FileNotFoundError):  # nothing can be written: nothing can be indexed
                return Path(tempfile.gettempdir()) / "nestscope-corpora"
        return self.folder / CACHE


def facts_in(path: Path) -> Facts:
    """The facts of a text file; line ends count as they are read, a byte order mark does not.

    Raises:
        OSError: it cannot be read.
        NotText: it is no text, or empty.
    """
    digest = hashlib.sha256()
    symbols: Counter[str] = Counter()
    with path.open("rb") as file:
        start = file.peek(START)
        encoding = encoding_of(start)
        bytes_decoder = codecs.getincrementaldecoder(encoding)()
        decoder = io.IncrementalNewlineDecoder(bytes_decoder, translate=True)
        try:
            while piece := file.read(PIECE):
                digest.update(piece)
                symbols.update(decoder.decode(piece))
            symbols.update(decoder.decode(b"", final=True))
        except UnicodeDecodeError as error:
            raise not_text(encoding, start, error) from None
    if not symbols:
        raise NotText("it is empty")
    return Facts(digest.hexdigest(), symbols)
