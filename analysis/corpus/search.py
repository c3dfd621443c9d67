"""Find the places of a literal or of a regular expression in a text.

Expressions are those of RE2 (DuckDB's engine): no backtracking, so none explodes; look-around and
back references do not exist in it. A long one over a long text may still take a while, and nothing
can interrupt it inside: it runs in a process of its own, which is ended when its time is up.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
from numpy.typing import NDArray

Spans = NDArray[np.int64]
"""(N, 2): start and stop (exclusive) of each match, in the order of the text, none empty."""

MOST_PATTERN = 1000
"""Characters of an expression."""
MARKS = [chr(0xFDD0 + k) for k in range(32)]
"""Code points that are no characters: two that a text does not hold mark its matches."""
POLL = 0.05
"""Seconds between two looks at whether a search is still wanted."""


class SearchError(ValueError):
    """A search that is refused; the message is one sentence."""


def literal_spans(text: str, literal: str) -> Spans:
    """Every place of a text that reads `literal`; they do not overlap.

    Raises:
        SearchError: it is empty.
    """
    if not literal:
        raise SearchError("the literal is empty: give at least one character")
    found, start = [], text.find(literal)
    while start >= 0:
        found.append((start, start + len(literal)))
        start = text.find(literal, start + len(literal))
    return np.array(found, np.int64).reshape(-1, 2)


def require_expression(pattern: str) -> None:
    """Refuse what is no expression.

    Raises:
        SearchError: it is empty, too long, or none of RE2.
    """
    if not pattern:
        raise SearchError("the regular expression is empty: give at least one character")
    if len(pattern) > MOST_PATTERN:
        raise SearchError(
            f"the regular expression has {len(pattern):,} characters, expected at most "
            f"{MOST_PATTERN:,}"
        )
    _replaced("", pattern, "")


def _file() -> IO[bytes]:
    """A file without a name; in memory on Linux, where a container may have no writable disk."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("search"), "w+b")
    return tempfile.TemporaryFile()


def expression_spans(
    text: str, pattern: str, seconds: float = 5.0, check: Callable[[], object] = lambda: None
) -> Spans:
    """Every match of an expression; they do not overlap, and empty ones do not count.

    Args:
        seconds: the search is ended after so many.
        check: called again and again while it runs; what it raises ends the search.

    Raises:
        SearchError: the expression is none, is too long, or takes too long.
    """
    require_expression(pattern)
    with _file() as asked:
        asked.write(json.dumps([pattern, text]).encode())
        asked.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "analysis.corpus.search"],
            cwd=Path(__file__).parents[2],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                answer, _ = process.communicate(timeout=POLL)
                break
            except subprocess.TimeoutExpired:
                check()
                if time.monotonic() > until:
                    raise SearchError(
                        f"the regular expression took longer than {seconds:g} s: make it simpler, "
                        "or try again when less is going on"
                    ) from None
    finally:
        process.kill()
        process.communicate()
    if process.returncode:
        raise SearchError(
            "the search for the regular expression ended before it was done, perhaps for want of "
            "memory: try again"
        )
    return np.frombuffer(answer, np.int64).reshape(-1, 2)


def _replaced(text: str, pattern: str, by: str) -> str:
    """`text` with `by` in place of every match.

    Raises:
        SearchError: the expression is none.
    """
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        try:
            row = connection.execute(
                "SELECT regexp_replace($text, $pattern, $by, 'g')",
                {"text": text, "pattern": pattern, "by": by},
            ).fetchone()
        except duckdb.InvalidInputException as error:
            reason = str(error).removeprefix("Invalid Input Error: ")
            raise SearchError(f"the regular expression is refused: {reason}") from None
    assert row
    return str(row[0])


def _matches(pattern: str, text: str) -> bytes:
    """The spans of `expression_spans`."""
    free = (mark for mark in MARKS if mark not in text)
    opening, closing = next(free), next(free)
    marked = _replaced(text, pattern, f"{opening}\\0{closing}")
    points = np.frombuffer(marked.encode("utf-32-le"), np.uint32)
    marks = np.flatnonzero((points == ord(opening)) | (points == ord(closing)))
    spans = (marks - np.arange(len(marks))).reshape(-1, 2)  # where they are without the marks
    return spans[spans[:, 0] < spans[:, 1]].astype(np.int64).tobytes()


if __name__ == "__main__":
    sys.stdout.buffer.write(_matches(*json.load(sys.stdin)))
