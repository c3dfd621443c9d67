"""One query of a corpus: DuckDB over its Parquet files, read-only, bounded, and ended at a word.

Every query has a connection of its own, to nothing but the corpus's folder. It keeps to a number of
threads and MB, and `Stop` ends it: after a time, or because nobody waits for it any more.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analysis.corpus.cells import Cell
from analysis.corpus.corpus import Corpus, reading
from analysis.corpus.layout import STATES
from models.memories import BYTE_OF_ONE

Columns = dict[str, NDArray[Any]]

BATCH = 1 << 17
"""Rows that are handed over at once, at most."""
BATCH_VALUES = 1 << 24
"""Values that are handed over at once, about."""
LEAST_BATCH = 2048


class Stopped(Exception):
    """The query was ended before it was done; the message says why."""


class Stop:
    """Ends a query from another thread, or after `seconds`."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._reason = ""
        self._lock = threading.Lock()
        self._connections: set[duckdb.DuckDBPyConnection] = set()
        self._timer: threading.Timer | None = None
        self._entered = 0

    def set(self, reason: str) -> None:
        """End it now."""
        with self._lock:
            self._reason = self._reason or reason
            for connection in self._connections:
                connection.interrupt()

    def check(self) -> None:
        """Go on, or not.

        Raises:
            Stopped: it was ended.
        """
        if self._reason:
            raise Stopped(self._reason)

    def __enter__(self) -> "Stop":
        self._entered += 1
        if self.seconds is not None and self._entered == 1:
            reason = f"it took longer than {self.seconds:g} s: ask for less"
            self._timer = threading.Timer(self.seconds, self.set, [reason])
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._entered -= 1
        if self._timer and not self._entered:
            self._timer.cancel()

    @contextmanager
    def watching(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Interrupt this connection, too."""
        with self._lock:
            self._connections.add(connection)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._connections.discard(connection)


class Query:
    """A connection to one corpus."""

    def __init__(self, corpus: Corpus, connection: duckdb.DuckDBPyConnection, stop: Stop) -> None:
        self.corpus, self.stop = corpus, stop
        self._connection = connection

    def batches(
        self,
        select: str,
        rest: str = "",
        span: tuple[int, int] | None = None,
        batch: int = BATCH,
    ) -> Iterator[Columns]:
        """`SELECT {select} FROM` the states `{rest}`; rows have a `position` beside the columns.

        Args:
            span: only the files that hold these characters are read; rows beyond it remain.
            batch: rows that are handed over at once, at most.

        Raises:
            Stopped: see `Stop`.
            Gone: see `analysis.corpus.corpus.reading`.
        """
        part = self.corpus.description.part
        first, last = 0, len(self.corpus.paths)
        if span:
            first, last = span[0] // part, (span[1] - 1) // part + 1
        files = [str(path) for path in self.corpus.paths[first:last]]
        statement = (
            f"SELECT {select} FROM (SELECT * EXCLUDE (file_row_number), "
            f"(file_index::BIGINT + {first}) * {part} + file_row_number AS position "
            f"FROM read_parquet($files, file_row_number = true)) {rest}"
        )
        self.stop.check()
        try:
            with self.stop.watching(self._connection):
                found = self._connection.sql(statement, params={"files": files})
                for rows in found.to_arrow_reader(batch):
                    yield {
                        name: rows.column(k).to_numpy(zero_copy_only=False)
                        for k, name in enumerate(rows.schema.names)
                    }
                    self.stop.check()
        except duckdb.InterruptException:
            self.stop.check()
            raise
        except duckdb.OutOfMemoryException:
            raise Stopped("it needs more memory than a query may take: ask for less") from None
        except OSError:  # an interrupt that pyarrow meets between two batches
            self.stop.check()
            raise
        except duckdb.Error as error:
            # What is wrong with a Parquet file has these types, or no type of its own.
            if type(error) not in (duckdb.Error, duckdb.IOException, duckdb.InvalidInputException):
                raise
            with reading(self.corpus.folder):
                raise OSError from error

    def rows(
        self,
        select: str,
        rest: str = "",
        span: tuple[int, int] | None = None,
    ) -> Columns:
        """All rows of `batches` at once, in the order of the text unless `rest` says another."""
        found = list(self.batches(select, rest, span))
        names = found[0] if found else {}
        return {name: np.concatenate([batch[name] for batch in found]) for name in names}


@contextmanager
def asking(
    corpus: Corpus, stop: Stop | None = None, *, threads: int = 1, megabytes: int = 256
) -> Iterator[Query]:
    """A query of `corpus`; its connection is closed at the end."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": f"{megabytes}MB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        # From here on it reads the files of this corpus, writes none, and stays so.
        folder = str(corpus.folder.resolve() / STATES).replace("'", "''")
        connection.execute(
            f"SET temp_directory = ''; SET allowed_directories = ['{folder}/']; "
            "SET enable_external_access = false; SET lock_configuration = true"
        )
        with stop or Stop() as ending:
            yield Query(corpus, connection, ending)
    finally:
        connection.close()


def batch_of(columns: int) -> int:
    """Rows that are handed over at once: fewer of many columns."""
    return max(LEAST_BATCH, min(BATCH, BATCH_VALUES // columns))


def level(threshold: float) -> int:
    """The least stored value q with q / 127 >= threshold, for a threshold from 0 to 1."""
    q = round(threshold * BYTE_OF_ONE)
    while q / BYTE_OF_ONE < threshold:
        q += 1
    while q > 0 and (q - 1) / BYTE_OF_ONE >= threshold:
        q -= 1
    return q


def is_on(cell: Cell, sign: int, threshold: float) -> str:
    """The condition that sign * value >= threshold, in SQL."""
    q = level(threshold)
    return f"{cell.column} >= {q}" if sign > 0 else f"{cell.column} <= {-q}"


def shown(values: NDArray[Any]) -> list[float]:
    """Stored values as display values, with the digits that a byte has."""
    return [round(int(value) / BYTE_OF_ONE, 4) for value in values]
