"""Inputs of this package's commands: a checkpoint by its name, a text from a file."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

from models import CharacterModel, load_checkpoint


def checkpoint_path(name: str) -> Path:
    """A path as given, or the name of a checkpoint in NESTSCOPE_CHECKPOINTS (or checkpoints/)."""
    folder = Path(os.environ.get("NESTSCOPE_CHECKPOINTS") or "checkpoints")
    return Path(name) if name.endswith(".safetensors") else named_in(folder, name)


def named_in(folder: Path, name: str) -> Path:
    """The path of a checkpoint of that name in a folder or one level down, as on the server."""
    here = folder / f"{name}.safetensors"
    below = sorted(folder.glob("*/")) if folder.is_dir() and not here.exists() else []
    places = [one / here.name for one in below if not one.name.startswith(".")]
    return next((place for place in places if place.is_file()), here)


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


def lines_of(path: Path, strip: bool = False) -> Iterator[str]:
    """The lines of a UTF-8 text, plain or .gz; every line end becomes a newline.

    Args:
        strip: strip every line, as Penn Treebank is prepared.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not UTF-8.
    """
    with (
        gzip.open(path, "rt", encoding="utf-8-sig")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8-sig")
    ) as lines:
        try:
            for line in lines:
                yield line.strip() + "\n" if strip else line
        except UnicodeDecodeError:
            raise ValueError(f"{path} is not UTF-8 text") from None


def read_text(path: Path, start: int, count: int, strip: bool) -> str:
    """`count` characters of a text from character `start`, no more of the file than that.

    Args:
        strip: as in `lines_of`.
    """
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
