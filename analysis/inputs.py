"""Inputs of this package's commands: a checkpoint by its name, a text from a file."""

import gzip
import io
import json
import os
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from models import CharacterModel, load_checkpoint
from models.text import START, encoding_of, not_text
from models.vocabulary import UNKNOWN

LONGEST_NAME = 200
"""Bytes of a file's name; the system takes some more, and a file being written needs them."""


def text_name(path: Path) -> str:
    """The name of a text's file, as result files have it.

    Raises:
        ValueError: it is not text, which is said before the work and not after it.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise ValueError(f"the name of {path.name!r} is not UTF-8: rename the file") from None
    return path.name


def checkpoint_path(name: str) -> Path:
    """A path as given, or the name of a checkpoint in NESTSCOPE_CHECKPOINTS (or checkpoints/)."""
    folder = Path(os.environ.get("NESTSCOPE_CHECKPOINTS") or "checkpoints")
    return Path(name) if name.endswith(".safetensors") else named_in(folder, name)


def named_in(folder: Path, name: str) -> Path:
    """The path of a checkpoint of that name in a folder or one level down, as on the server."""
    here = folder / f"{name}.safetensors"
    # Not `Path.is_dir` and the like, which raise where this user may not look.
    below = sorted(folder.glob("*/")) if os.path.isdir(folder) and not os.path.exists(here) else []
    places = [one / here.name for one in below if not one.name.startswith(".")]
    return next(filter(os.path.isfile, places), here)


def refuse_unwritable(out: Path, option: str = "--out") -> None:
    """Refuse a result file before the work that it is for, if it could not be written after it.

    Raises:
        ValueError: it is a folder, or there is no folder for it that can be written to.
    """
    if os.path.isdir(out):
        raise ValueError(f"{option} {out} is a folder, expected the name of a file")
    if os.path.exists(out) and not os.path.isfile(out):
        raise ValueError(f"{option} {out} is a device or a pipe, expected the name of a file")
    if not os.path.isdir(out.parent):
        raise ValueError(f"{option} {out} cannot be written: create the folder {out.parent} first")
    if len(os.fsencode(out.name)) > LONGEST_NAME:
        raise ValueError(f"{option} {out} cannot be written: the name is too long")
    if not os.access(out.parent, os.W_OK):
        raise ValueError(
            f"{option} {out} cannot be written: the folder {out.parent} is not writable"
        )


def character_model(path: Path) -> CharacterModel:
    """The character model in a file.

    Raises:
        CheckpointError: the file is refused.
        ValueError: the model reads glimpses of digits, not text.
    """
    model = load_checkpoint(path)
    if not isinstance(model, CharacterModel):
        raise ValueError(f"{path.stem} reads glimpses of digits, expected a character model")
    return model


def read_result(path: Path, keys: Collection[str] = ()) -> Any:
    """The object in a result file.

    Args:
        keys: that it must have.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not JSON, or no object with these keys.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"{path} is not JSON: write it again") from None
    if not isinstance(found, dict) or set(keys) - set(found):
        lacks = ", ".join(sorted(set(keys) - set(found if isinstance(found, dict) else ())))
        raise ValueError(f"{path} is not a result file" + (f": it lacks {lacks}" if lacks else ""))
    return found


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """A text file, plain or .gz, to be read from its beginning; every line end becomes a newline.

    UTF-8, or the encoding of its byte order mark, which is left out.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no text, or a .gz that is cut off or damaged.
    """
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        start, encoding = b"", "utf-8"
        try:
            start = file.peek(START)
            encoding = encoding_of(start)
            with io.TextIOWrapper(file, encoding) as text:
                yield text
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: {not_text(encoding, start, error)}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path} cannot be unpacked ({error}): delete it and get it again"
            ) from None


def lines_of(path: Path, strip: bool = False) -> Iterator[str]:
    """The lines of a text file.

    Args:
        strip: strip every line, as Penn Treebank is prepared.

    Raises:
        OSError, ValueError: as `opened`.
    """
    with opened(path) as lines:
        for line in lines:
            yield line.strip() + "\n" if strip else line


def read_text(path: Path, start: int, count: int, strip: bool) -> str:
    """`count` characters of a text from character `start`, no more of the file than that.

    Args:
        strip: as in `lines_of`.

    Raises:
        OSError, ValueError: as `lines_of`; or `start` is below 0, or `count` below 1.
    """
    if start < 0 or count < 1:
        raise ValueError(
            f"expected a start of 0 or more and 1 character or more, not start {start} and "
            f"{count} characters"
        )
    parts: list[str] = []
    missing = count
    for text in lines_of(path, strip):
        skipped = min(start, len(text))
        start -= skipped
        parts.append(text[skipped : skipped + missing])
        missing -= len(parts[-1])
        if missing == 0:
            break
    return "".join(parts)


def unknown_in(model: CharacterModel, text: str) -> int:
    """The number of characters of a text that the model has no input for.

    Raises:
        ValueError: it has none for any of them: there is nothing to measure.
    """
    unknown = model.vocabulary.encode(text).count(UNKNOWN)
    if text and unknown == len(text):
        raise ValueError(
            "no character of the text is in the model's alphabet: choose a model of that language"
        )
    return unknown
