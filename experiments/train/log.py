"""The log of a run: one line of JSON per epoch."""

import json
import math
from pathlib import Path

from models.files import write_aside


def forget_later_lines(path: Path, epoch: int) -> None:
    """Keep only the complete lines up to `epoch`.

    A run that was killed between writing its log and its state, or within a line, repeats the
    epoch.
    """
    try:
        lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line]
    except FileNotFoundError:
        return
    except OSError as error:
        raise SystemExit(f"{path} cannot be read: {error.strerror}") from None
    kept = [line for line in lines if _epoch_of(line) <= epoch]
    if len(kept) < len(lines):
        write_aside(path, "".join(line + "\n" for line in kept).encode())


def _epoch_of(line: str) -> float:
    """The epoch of a line of the log; infinity if the line is incomplete or damaged."""
    try:
        return int(json.loads(line)["epoch"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return math.inf
