"""The stamp of a file, by which what was made of it is kept until it changes."""

from pathlib import Path

Stamp = tuple[int, ...]
"""Changes when the file does: its number, length and times."""


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file; None if there is no file."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None if not path.is_symlink() else ()
    except OSError:
        return ()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
