"""Makes the index of a text when somebody asks for it: a process of its own, at a low priority."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.corpus.layout import DESCRIPTION, done_parts
from app import ROOT
from app.catalogue import Catalogue
from app.refusal import Refusal
from app.turn import Turn

PART = 32_768
"""Characters of a part of the cache: progress is told in parts."""
BYTES_A_VALUE = 1.2
"""Room on the disk that is asked for before an index is made."""


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
        """Return whether its files are there."""
        # Not `Path.exists`, which raises where the name is too long or may not be looked at.
        return os.path.exists(self.folder / DESCRIPTION)


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
            Refusal: 429 while another one is being indexed; 409 if it ended without an index,
                there is no room for one, or the cache cannot be written.
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
                reason = without_folders(self._reason(), self._folders(entry))
                self._process = None  # the next one who asks makes it try again
                raise Refusal(409, "not_indexed", f"{entry.name} was not indexed: {reason}")
            self._let_go()
            try:
                self._begin(entry)
            except OSError as error:  # the disk is full, the folder another user's, ...
                reason = error.strerror or type(error).__name__
                message = f"{entry.name} cannot be indexed: {reason}."
                raise Refusal(409, "not_indexed", message) from None

    def _begin(self, entry: CorpusEntry) -> None:
        """Start the process, if there is room and no other server is faster."""
        self._require_room(entry)
        turn = self._turn().take(entry.name)
        if turn is None:
            return  # ask again
        try:
            remove_older(entry)
            self._entry = entry
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "analysis.corpus"),
                    *("--model", str(self._catalogue.find(entry.model).path)),
                    *("--name", entry.model),
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
        finally:
            os.close(turn)
        with contextlib.suppress(OSError):  # this server's own priority may be lower already
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def done(self, entry: CorpusEntry) -> int:
        """The number of characters indexed so far."""
        return min(done_parts(entry.folder) * PART, entry.characters)

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

    def _folders(self, entry: CorpusEntry) -> list[Path]:
        """The folders that the process may speak of."""
        served = self._catalogue.get(entry.model)
        places = [entry.folder, entry.source, served and served.path]
        return [place.parent for place in places if place] + [ROOT]

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


def remove_older(entry: CorpusEntry) -> None:
    """Remove the indexes of the same text and model made of other weights, or of an older text."""
    # NAME-DIGEST, and no more: NAME may be the beginning of another corpus's.
    form = re.compile(re.escape(entry.name) + "-[0-9a-f]{12}")
    for other in entry.folder.parent.iterdir():
        if other != entry.folder and form.fullmatch(other.name):
            shutil.rmtree(other, ignore_errors=True)


def without_folders(said: str, known: Iterable[Path]) -> str:
    """The sentence with files by their names only: where they lie is no visitor's business.

    Args:
        said: the sentence.
        known: folders that it may name; their names may have spaces. Of others it is guessed.
    """
    for folder in sorted(map(str, known), key=len, reverse=True):
        said = said.replace(f"{folder}/", "")
    return re.sub(r"(?<![\w./])/(?:[^\s/'\"]+/)+", "", said)
