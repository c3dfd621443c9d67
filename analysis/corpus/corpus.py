"""A corpus on disk: opened, and checked as a whole before anything is asked of it."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus.cells import Cell, Network
from analysis.corpus.description import (
    AGAIN,
    CorpusError,
    Description,
    Part,
    read_description,
    unreadable,
)
from analysis.corpus.layout import STATES, TEXT, part_path
from analysis.corpus.parts import KEY, part_mark
from analysis.corpus.stretch import Bytes

MOST_TEXTS = 64
"""Parts whose text is kept in memory."""


class Gone(CorpusError):
    """The corpus was removed or changed while it was read; the message says which."""


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what goes wrong with files that were whole into one sentence.

    Raises:
        Gone: a file is missing, or is not what it was when the corpus was opened.
    """
    try:
        yield
    except (OSError, UnicodeDecodeError, pa.ArrowException):
        raise Gone("the corpus was removed or changed while it was read", folder) from None


class Corpus:
    """A whole corpus, ready to be asked. Rows are characters, columns cells (see `Network`)."""

    def __init__(self, folder: Path, description: Description) -> None:
        self.folder = folder
        self.description = description
        self._texts: dict[int, str] = {}
        self._lock = threading.Lock()

    @property
    def network(self) -> Network:
        """The sizes of the network that read it."""
        return self.description.network

    @property
    def characters(self) -> int:
        """Number of rows."""
        return self.description.characters

    @cached_property
    def paths(self) -> list[Path]:
        """The files of values, in the order of the text."""
        states = self.folder / STATES
        return [part_path(states, number) for number in range(len(self.description.parts))]

    def text(self, start: int = 0, stop: int | None = None) -> str:
        """Characters `start` to `stop` (exclusive), clipped to the text.

        Raises:
            Gone: see `reading`.
        """
        about = self.description
        start, stop = (
            max(start, 0),
            min(about.characters if stop is None else stop, self.characters),
        )
        if start >= stop:
            return ""
        first, last = start // about.part, (stop - 1) // about.part
        with self._lock, reading(self.folder):
            content = "".join(map(self._text_of_part, range(first, last + 1)))
        offset = first * about.part
        return content[start - offset : stop - offset]

    def _text_of_part(self, number: int) -> str:
        """The text of a part; those looked at last are kept."""
        kept = self._texts.pop(number, None)
        if kept is None:
            parts = self.description.parts
            with (self.folder / TEXT).open("rb") as file:
                file.seek(parts[number].text_bytes)
                if number + 1 < len(parts):
                    content = file.read(parts[number + 1].text_bytes - parts[number].text_bytes)
                else:
                    content = file.read()
            kept = content.decode()
        self._texts[number] = kept
        while len(self._texts) > MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        return kept

    def values(
        self, cells: Sequence[Cell] | None = None, start: int = 0, stop: int | None = None
    ) -> Iterator[Bytes]:
        """Values in the order of the text, a few thousand rows at a time: (t, M).

        Args:
            cells: these columns only, in this order.
            start: the first character.
            stop: the character after the last.

        Raises:
            Gone: see `reading`.
        """
        columns = [cell.column for cell in (cells or self.network.cells())]
        stop = self.characters if stop is None else stop
        first = 0
        for path, part in zip(self.paths, self.description.parts, strict=True):
            if first < stop and start < first + part.rows:
                yield from self._values_of_part(path, columns, start - first, stop - first)
            first += part.rows

    def _values_of_part(
        self, path: Path, columns: list[str], start: int, stop: int
    ) -> Iterator[Bytes]:
        """Rows `start` to `stop` of one file, clipped to the file, a row group at a time."""
        with reading(self.folder), pq.ParquetFile(path) as file:
            first = 0
            for group in range(file.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                if first < stop and start < first + rows:
                    table = file.read_row_group(group, columns)
                    values = np.stack([table[name].to_numpy() for name in columns], 1)
                    yield values[max(0, start - first) : stop - first]
                first += rows


def open_corpus(folder: Path) -> Corpus:
    """The corpus in a folder: every file of the length and form that corpus.json says.

    Raises:
        CorpusError: with the file at fault.
    """
    description = read_description(folder)
    corpus = Corpus(folder, description)
    names = [cell.column for cell in description.network.cells()]
    description.check_files(folder)
    try:
        _check_text(corpus)
        for number, (path, part) in enumerate(zip(corpus.paths, description.parts, strict=True)):
            _check_part(path, part, names, part_mark(description.key, number))
    except CorpusError as error:
        raise CorpusError(error.reason, folder) from None
    except OSError as error:
        raise CorpusError(unreadable(error), folder) from None
    return corpus


def verify(corpus: Corpus) -> None:
    """Read every byte and compare it with the sums in corpus.json.

    Raises:
        CorpusError: with the first file that has changed.
    """
    about = corpus.description
    sums = [part.sha256 for part in about.parts]
    for path, expected in zip(
        [corpus.folder / TEXT, *corpus.paths], [about.text_sha256, *sums], strict=True
    ):
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise CorpusError(
                    f"{path.name} has changed since it was written: {AGAIN}", corpus.folder
                )


def _check_text(corpus: Corpus) -> None:
    """The text is as long as the parts say (its last part is read)."""
    last = corpus.description.parts[-1]
    size = (corpus.folder / TEXT).stat().st_size
    tail = b""
    if size >= last.text_bytes:
        with (corpus.folder / TEXT).open("rb") as file:
            file.seek(last.text_bytes)
            tail = file.read()
    if len(tail.decode("utf-8", "replace")) != last.rows:
        raise CorpusError(f"{TEXT} is not the text that was indexed")


def _check_part(path: Path, part: Part, names: list[str], mark: str) -> None:
    """A part is whole, of this corpus, and has the columns of the network."""
    try:
        with pq.ParquetFile(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise CorpusError(f"{path.name} is not a Parquet file ({error})") from None
    if (metadata.metadata or {}).get(KEY.encode()) != mark.encode():
        raise CorpusError(f"{path.name} belongs to another corpus or model: {AGAIN}")
    if schema.names != names or any(kind != pa.int8() for kind in schema.types):
        raise CorpusError(
            f"{path.name} has other columns than an int8 for each of {len(names):,} cells"
        )
    if metadata.num_rows != part.rows:
        raise CorpusError(f"{path.name} has {metadata.num_rows:,} rows, expected {part.rows:,}")
