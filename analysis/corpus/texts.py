"""The text of a corpus: written once as UTF-8 with newlines, read in slices of characters."""

import codecs
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from models.files import aside

BUFFER = 1 << 20


class Text(NamedTuple):
    """A text that was written."""

    characters: int
    sha256: str  # of its bytes


class Slice(NamedTuple):
    """The next characters of a text, with some of those before."""

    text: str  # what leads in, then the slice itself
    lead: int  # characters that lead in
    offset: int  # bytes before the slice


def measure_text(
    lines: Iterable[str], most: int | None, write: Callable[[bytes], object] = len
) -> Text:
    """The first `most` characters of `lines`, handed to `write` as UTF-8."""
    digest, characters = hashlib.sha256(), 0
    for line in lines:
        kept = line if most is None else line[: most - characters]
        content = kept.encode()
        write(content)
        digest.update(content)
        characters += len(kept)
        if characters == most:
            break
    return Text(characters, digest.hexdigest())


def write_text(path: Path, lines: Iterable[str], most: int | None) -> Text:
    """Write at most `most` characters of `lines` to `path`, whole or not at all."""
    with aside(path) as part, part.open("wb") as file:
        return measure_text(lines, most, file.write)


def slices(path: Path, length: int, lead: int) -> Iterator[Slice]:
    """A text in slices of `length` characters (the last may be shorter), in order.

    Args:
        lead: characters before each slice that come with it; fewer at the beginning.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, pending, offset = "", "", 0
    with path.open("rb") as file:
        while True:
            content = file.read(BUFFER)
            pending += decoder.decode(content, final=not content)
            while len(pending) >= length or (pending and not content):
                own, pending = pending[:length], pending[length:]
                yield Slice(before + own, len(before), offset)
                offset += len(own.encode())
                before = (before + own)[-lead:] if lead else ""
            if not content:
                return
