"""The log of a run: a line of JSON an epoch."""

import json
import math
from pathlib import Path

from models.checkpoint import write_aside


def forget_later_lines(path: Path, epoch: int) -> None:
    """Keep the lines up to `epoch`, whole ones.

    A run killed between its log and its state, or in mid-line, repeats the epoch.
    """
    if not path.exists():
        return
    lines = [line for line in path.read_text().splitlines() if line]
    kept = [line for line in lines if _epoch_of(line) <= epoch]
    if len(kept) < len(lines):
        write_aside(path, "".join(line + "\n" for line in kept).encode())


def _epoch_of(line: str) -> float:
    """Of a line of the log; never, if it was not written to its end."""
    try:
        return int(json.loads(line)["epoch"])
    except json.JSONDecodeError:
        return math.inf
