"""The figure as the text of an SVG file. Pure: values in, text out."""

import itertools
import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from analysis.figure.layout import Places, places, visible
from analysis.figure.palettes import Palette
from analysis.figure.sheet import Sheet

ADVANCE = 7.6  # pixels from one character to the next
LINE = 18
SIZE = 12.6
GAP = 22
TITLE = 20
MONO = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
SANS = "system-ui, 'Liberation Sans', sans-serif"


def to_svg(text: str, sheets: Sequence[Sheet], colours: Palette, most: int, about: str) -> str:
    """The figure as an SVG file: models side by side, a column per memory, a row per cell.

    Args:
        text: T code points.
        sheets: the models.
        colours: of the page.
        most: columns of a block.
        about: what a reader of the file should know; its description.
    """
    at = places(text, most)
    wide, high = at.columns * ADVANCE, at.rows * LINE
    parts: list[str] = []
    heads = [f"{sheet.name}: {name}" for sheet in sheets for name in sheet.memories]
    for k, head in enumerate(heads):
        parts.append(words(head, GAP + k * (wide + GAP), GAP + 4, colours.ink, 600))
    left = float(GAP)
    for sheet in sheets:
        steps = np.rint(127 * np.clip(np.nan_to_num(sheet.values), -1, 1)).astype(int) + 127
        for memory in range(len(sheet.memories)):
            for k, cell in enumerate(sheet.cells):
                top = GAP + 14 + k * (TITLE + high + 12)
                parts.append(words(str(cell), left, top + 14, colours.ink, 400))
                fills = [colours.steps[step] for step in steps[:, memory, k]]
                parts += grounds(at, fills, left, top + TITLE)
                parts += inks(at, text, left, top + TITLE, colours.ink)
            left += wide + GAP
    rows = max((len(sheet.cells) for sheet in sheets), default=0)
    height = GAP + 14 + rows * (TITLE + high + 12) + GAP / 2
    size = f'width="{left:g}" height="{height:g}" viewBox="0 0 {left:g} {height:g}"'
    frame = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<desc>{escape(printable(about))}</desc>",
        f'<rect width="100%" height="100%" fill="{colours.steps[127]}"/>',
    ]
    return "\n".join([*frame, *parts, "</svg>\n"])


def printable(text: str) -> str:
    """`text` without characters that XML cannot hold."""
    return re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def words(text: str, x: float, y: float, ink: str, weight: int) -> str:
    """A line of words."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{SANS}" font-size="13" font-weight="{weight}" '
        f'fill="{ink}">{escape(printable(text))}</text>'
    )


def grounds(at: Places, fills: Sequence[str], x: float, y: float) -> list[str]:
    """The coloured stripes of one block; neighbours of the same colour share a rectangle."""
    made: list[list[Any]] = []  # row, first column, columns, fill
    for row, column, width, fill in zip(at.row, at.column, at.width, fills, strict=True):
        last = made[-1] if made else None
        if last and last[0] == row and last[1] + last[2] == column and last[3] == fill:
            last[2] += width
        elif width:
            made.append([row, column, width, fill])
    return [
        f'<rect x="{x + column * ADVANCE:g}" y="{y + row * LINE:g}" '
        f'width="{width * ADVANCE:g}" height="{LINE - 1}" fill="{fill}"/>'
        for row, column, width, fill in made
    ]


def inks(at: Places, text: str, x: float, y: float, ink: str) -> list[str]:
    """The characters of one block, one line of text per row; marks stay with their letter."""
    rows: list[list[tuple[str, str]]] = [[] for _ in range(at.rows)]  # place, letter with its marks
    for k, character in enumerate(text):
        letters = rows[at.row[k]]
        if at.width[k] == 0 and letters and character.isprintable():
            letters[-1] = letters[-1][0], letters[-1][1] + character
        elif visible(character):
            letters.append((f"{x + at.column[k] * ADVANCE:g}", character))
    lines = []
    for row, letters in enumerate(rows):
        look = (
            f'y="{y + row * LINE + 0.74 * LINE:g}" font-family="{MONO}" font-size="{SIZE}" '
            f'fill="{ink}"'
        )
        match runs(letters):
            case []:
                continue
            case [(places_x, words)]:
                lines.append(f'<text x="{places_x}" {look}>{words}</text>')
            case several:
                spans = "".join(f'<tspan x="{x}">{words}</tspan>' for x, words in several)
                lines.append(f"<text {look}>{spans}</text>")
    return lines


def runs(letters: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Letters in runs that share one list of positions.

    What is more than one UTF-16 unit has a run of its own: readers of such a list differ in how
    they count there, and a mark with a place of its own leaves its letter.
    """
    found = []
    for together, run in itertools.groupby(
        letters, lambda one: len(one[1]) == 1 and one[1] <= "\uffff"
    ):
        for part in [list(run)] if together else [[one] for one in run]:
            places_x, words = zip(*part, strict=True)
            found.append((" ".join(places_x), escape("".join(words))))
    return found
