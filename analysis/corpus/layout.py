"""The names of a corpus's files. It needs no pyarrow: the server starts with it."""

import os
from pathlib import Path

DESCRIPTION = "corpus.json"
TEXT = "text.txt"
STATES = "states"
"""The folder of the parts."""
DONE = ".done"


def part_path(states: Path, number: int) -> Path:
    """The file of a part."""
    return states / f"part-{number:05}.parquet"


def done_path(states: Path, number: int) -> Path:
    """The done-file of a part."""
    return states / f"part-{number:05}{DONE}"


def done_parts(folder: Path) -> int:
    """The number of parts written so far of a corpus that is not whole yet; 0 without a folder."""
    try:
        names = os.listdir(folder / STATES)
    except OSError:
        return 0
    return sum(name.endswith(DONE) for name in names)
