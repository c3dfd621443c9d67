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
    if not path.exists():
        return
    lines = [line for line in path.read_text().splitlines() if line]
    kept = [line for line in lines if _epoch_of(line) <= epoch]
    if len(kept) < len(lines):
        write_aside(path, "".join(line + "\n" for line in kept).encode())


def _epoch_of(line: str) -> float:
    """The epoch of a line of the log; infinity if the line is incomplete."""
    try:
        return int(json.loads(line)["epoch"])
    except json.JSONDecodeError:
        return math.inf
