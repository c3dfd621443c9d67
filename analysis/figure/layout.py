"""Places the characters of a text in a block of equally wide columns."""

import re
import unicodedata
from dataclasses import dataclass

LEAST_COLUMNS = 8


@dataclass(frozen=True)
class Places:
    """The row and column of each code point in a block of equally wide columns."""

    row: list[int]
    column: list[int]
    width: list[int]
    rows: int
    columns: int


def places(text: str, most: int) -> Places:
    """Break `text` into rows of at most `most` columns, at spaces where it can.

    A newline has a place of its own at the end of its row; East Asian wide characters take two
    columns and combining marks none.

    Raises:
        ValueError: fewer than LEAST_COLUMNS columns.
    """
    if most < LEAST_COLUMNS:
        raise ValueError(f"{most} columns are too few, expected at least {LEAST_COLUMNS}")
    row, column, width = [], [], []
    at_row, at = 0, 0
    for word in re.findall(r"\s|\S+", text):
        widths = [columns_of(character) for character in word]
        room = most + word.isspace()  # one space or newline may extend past the edge
        if at > 0 and at + sum(widths) > room:
            at_row, at = at_row + 1, 0
        for wide in widths:
            if at + wide > room:
                at_row, at = at_row + 1, 0
            row.append(at_row)
            column.append(at)
            width.append(wide)
            at += wide
        if word == "\n":
            at_row, at = at_row + 1, 0
    widest = max((x + w for x, w in zip(column, width, strict=True)), default=0)
    return Places(row, column, width, max(row, default=0) + 1, max(most, widest))


def columns_of(character: str) -> int:
    """The number of columns a character takes."""
    if unicodedata.combining(character) or character in "\u200b\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def visible(character: str) -> bool:
    """Return whether a character leaves ink."""
    return not character.isspace() and unicodedata.category(character)[0] != "C"
