"""Files that are written whole or not at all: beside their place first, then renamed."""

import errno
import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = ".part"


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; what lies there at the end becomes `path`.

    A full disk or a crash leaves the old file. Two processes do not write to one path. A link
    stays a link: what it leads to is written.

    Raises:
        OSError: it cannot be written, or is a device or a pipe; nothing new is left.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "not a file, but a folder, a device or a pipe", path)
    part = path.with_name(f".{path.name}.{os.getpid()}{ENDING}")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_aside(path: Path, content: bytes) -> None:
    """Write a file, or leave the old one.

    Raises:
        OSError: see `aside`.
    """
    with aside(path) as part:
        part.write_bytes(content)


def left_over(path: Path) -> list[Path]:
    """The files that writers of `path` left beside it when they were killed."""
    path = path.resolve()
    return list(path.parent.glob(f".{glob.escape(path.name)}.*{ENDING}"))
