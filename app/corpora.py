"""The corpora that can be asked: folders that were indexed, and texts that are when first asked.

In the folder of the corpora every sub-folder with a corpus.json is a corpus of its own. Every text
file in it (`*.txt`) is one for each served model that can read it: its index is made in a cache
when somebody asks for it, by a process of its own, at a low priority.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app import ROOT
from app.catalogue import Catalogue
from app.entry import Entry as Served
from app.refusal import Refusal
from app.turn import Turn
from models.vocabulary import UNKNOWN

if TYPE_CHECKING:  # pyarrow takes longer to import than the server may take to start
    from analysis.corpus.corpus import Corpus

CACHE = "cache"
PART = 32_768
"""Characters of a part of the cache: progress is told in parts."""
BYTES_A_VALUE = 1.2
"""Room on the disk that is asked for before an index is made."""
MOST_UNKNOWN = 0.5
"""A model to which more of a text is out of vocabulary does not read it."""
MOST_OPEN = 8
"""Corpora that are kept open (their descriptions, not their values)."""

Status = Literal["ready", "not indexed", "indexing", "damaged"]


@dataclass(frozen=True)
class Facts:
    """What is known of a text file."""

    sha256: str
    symbols: Counter[str]

    @property
    def characters(self) -> int:
        """How long it is."""
        return self.symbols.total()


@dataclass(frozen=True)
class CorpusEntry:
    """One corpus, whether it is indexed yet or not."""

    name: str
    folder: Path  # of its files
    model: str
    sha256: str  # of the model
    text: str  # the name of its file
    characters: int
    unknown: int
    source: Path | None = None  # the text it is made of when it is first asked
    damage: str = ""  # why it cannot be asked

    @property
    def is_indexed(self) -> bool:
        """Whether its files are there."""
        return (self.folder / "corpus.json").exists()


class Corpora:
    """The corpora of a folder, and the one that is being indexed."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder, self._catalogue = folder, catalogue
        self.indexing = Indexing(catalogue, self._cache)
        self._lock = threading.Lock()
        self._facts: dict[tuple[Path, int, int], Facts | None] = {}
        self._open: dict[tuple[Path, int], Corpus] = {}

    def entries(self) -> list[CorpusEntry]:
        """All of them, by name. Looks at the folder anew."""
        found = {}
        for path in sorted(filter(Path.is_file, self.folder.glob("*.txt"))):
            for served in self._catalogue:
                entry = self._of_text(path, served)
                if entry:
                    found[entry.name] = entry
        for path in sorted(filter(Path.is_file, self.folder.glob("*/corpus.json"))):
            if path.parent.name != CACHE:
                found[path.parent.name] = self._of_folder(path.parent)
        return [found[name] for name in sorted(found)]

    def get(self, name: str) -> CorpusEntry | None:
        """The corpus of that name."""
        return next((entry for entry in self.entries() if entry.name == name), None)

    def status(self, entry: CorpusEntry) -> tuple[Status, int]:
        """Whether it can be asked, and how many of its characters are indexed."""
        if entry.damage:
            return "damaged", 0
        if entry.is_indexed:
            return "ready", entry.characters
        if self.indexing.name == entry.name:
            return "indexing", self.indexing.done(entry)
        return "not indexed", self.indexing.done(entry)

    def open(self, entry: CorpusEntry) -> "Corpus":
        """Open an indexed corpus, checked whole.

        Raises:
            CorpusError: it is refused.
        """
        from analysis.corpus.corpus import CorpusError, open_corpus

        try:
            key = entry.folder, (entry.folder / "corpus.json").stat().st_mtime_ns
        except OSError:
            raise CorpusError(f"{entry.folder} was removed") from None
        with self._lock:
            corpus = self._open.pop(key, None) or open_corpus(entry.folder)
            self._open[key] = corpus
            while len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]
        return corpus

    def close(self) -> None:
        """Stop indexing; what is done of it is kept."""
        self.indexing.close()

    def _of_text(self, path: Path, served: Served) -> CorpusEntry | None:
        """The corpus of a text under a model; None if the model cannot read it."""
        facts = self._facts_of(path)
        if facts is None or not served.reads_text:
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
        from analysis.corpus.corpus import DESCRIPTION, CorpusError, parse_description

        try:
            about = parse_description((folder / DESCRIPTION).read_bytes())
        except (OSError, CorpusError) as error:
            return CorpusEntry(folder.name, folder, "", "", "", 0, 0, damage=str(error))
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

    def _facts_of(self, path: Path) -> Facts | None:
        """Of a text file, read once as long as it does not change; None if it is no text."""
        try:
            about = path.stat()
            key = path, about.st_mtime_ns, about.st_size
            if key not in self._facts:
                content = path.read_bytes()
                symbols = Counter(content.decode())
                facts = Facts(hashlib.sha256(content).hexdigest(), symbols) if symbols else None
                self._facts[key] = facts
            return self._facts[key]
        except (OSError, UnicodeDecodeError):
            return None

    def _cache(self) -> Path:
        """Where indexes go: into the folder, or where it cannot be written (a container), aside."""
        if os.access(self.folder, os.W_OK):
            return self.folder / CACHE
        return Path(tempfile.gettempdir()) / "nestscope-corpora"


class Indexing:
    """One process that indexes a text; no two at a time, of all servers that share the cache."""

    def __init__(self, catalogue: Catalogue, cache: Callable[[], Path]) -> None:
        self._catalogue, self._cache = catalogue, cache
        self._process: subprocess.Popen[bytes] | None = None
        self._entry: CorpusEntry | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str | None:
        """The corpus that is being indexed, by this server or another one."""
        if not self._process or not self._entry or self._process.poll() is not None:
            return self._turn().name()
        # Its files are there before the process has gone.
        return None if self._entry.is_indexed else self._entry.name

    def start(self, entry: CorpusEntry) -> None:
        """Begin to index, or go on; nothing if it is under way.

        Raises:
            Refusal: 429 while another one is being indexed; 409 if it ended without an index, or
                there is no room for one.
        """
        assert entry.source
        with self._lock:
            running = self.name
            if running == entry.name:
                return
            if running:
                message = f"{running} is being indexed: ask for {entry.name} when that is done."
                raise Refusal(429, "busy", message)
            if self._process and self._entry and self._entry.name == entry.name:
                reason = self._reason()
                self._process = None  # the next one who asks makes it try again
                raise Refusal(409, "not_indexed", f"{entry.name} was not indexed: {reason}")
            self._let_go()
            self._require_room(entry)
            for other in entry.folder.parent.glob(f"{entry.name}-*"):
                if other != entry.folder:  # of other weights, or of an older text
                    shutil.rmtree(other, ignore_errors=True)
            turn = self._turn().take(entry.name)
            if turn is None:
                return  # another server was faster: ask again
            self._entry = entry
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "analysis.corpus"),
                    *("--model", str(self._catalogue.find(entry.model).path)),
                    *("--text", str(entry.source)),
                    *("--out", str(entry.folder)),
                    *("--part", str(PART), "--processes", "1"),
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[turn],  # its turn ends with it
            )
            os.close(turn)
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def done(self, entry: CorpusEntry) -> int:
        """How many characters are indexed so far."""
        parts = sum(1 for _ in (entry.folder / "states").glob("*.done"))
        return min(parts * PART, entry.characters)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._process:
                self._process.terminate()
                self._let_go()

    def _turn(self) -> Turn:
        return Turn(self._cache() / "indexing.lock")

    def _let_go(self) -> None:
        """Take leave of a process that has ended, or is about to."""
        if self._process:
            self._process.communicate()
            self._process = None

    def _reason(self) -> str:
        """The last thing the process said."""
        assert self._process
        _, said = self._process.communicate()
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("error: ") if lines else "the process ended."

    def _require_room(self, entry: CorpusEntry) -> None:
        """Ask for as much room as the values may take.

        Raises:
            Refusal: 409, with the numbers.
        """
        served = self._catalogue.find(entry.model)
        card = served.card
        needed = int(entry.characters * card.layers * card.depth * card.hidden * BYTES_A_VALUE)
        entry.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(entry.folder).free
        if free < needed:
            message = (
                f"An index of {entry.name} takes {needed / 1e6:,.0f} MB, and "
                f"{free / 1e6:,.0f} MB are free: make room, or set NESTSCOPE_CORPORA."
            )
            raise Refusal(409, "no_room", message)
