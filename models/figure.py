"""The paper's figure: one text in blocks, a block a cell, each character on that cell's state.

Pure: values in, a plotly figure or the text of an SVG file out. Axes: T character, M memory, H
cell.
"""

import functools
import itertools
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

ADVANCE = 7.6  # pixels from one character to the next
LINE = 18
SIZE = 12.6
GAP = 22
TITLE = 20
MONO = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
SANS = "system-ui, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Sheet:
    """One model's part of the figure."""

    name: str
    memories: list[str]  # what stands over the columns
    cells: list[int]
    values: Array  # (T, M, H): what is shown of `cells`, within [-1, 1]


@dataclass(frozen=True)
class Palette:
    """Colours as "#rrggbb"; `steps[127 + k]` is that of k / 127."""

    ink: str
    steps: list[str]


@functools.cache
def palette(name: str = "paper", theme: str = "light") -> Palette:
    """The page's palette of that name, "paper" or "safe", for "light" or "dark" paper.

    Raises:
        ValueError: there is none of that name.
    """
    # Worked out in static/colour.js; its test holds the two equal.
    every = json.loads((Path(__file__).parent / "palettes.json").read_text())
    if theme not in every.get(name, {}):
        raise ValueError(
            f"palette {name!r} on {theme!r} is not known, expected {' or '.join(every)} on "
            "light or dark"
        )
    found = every[name][theme]
    steps = [f"#{found['steps'][k : k + 6]}" for k in range(6, len(found["steps"]), 6)]
    return Palette(f"#{found['ink']}", steps)


def columns(c: Array, h: Array) -> tuple[list[str], Array]:
    """The memories as one sees them: top layer first, innermost level first.

    A single plain LSTM has its h beside its only cell.

    Args:
        c: (T, L, D, H), by the display rule.
        h: (T, L, H).

    Returns:
        Their names, and (T, M, H).
    """
    layers, depth = c.shape[1:3]
    if layers == depth == 1:
        return ["cell tanh(c)", "output h"], np.concatenate([c[:, 0], h], axis=1)
    names = []
    for layer in reversed(range(layers)):
        for level in reversed(range(depth)):
            words = [f"layer {layer + 1}"] if layers > 1 else []
            if depth > 1:
                middle = "middle" if depth == 3 else f"level {level}"
                words.append({0: "outer", depth - 1: "inner"}.get(level, middle))
            symbol = "c" + "\u0303" * level
            names.append(" ".join([*words, f"tanh({symbol})" if level == depth - 1 else symbol]))
    return names, c[:, ::-1, ::-1].reshape(len(c), layers * depth, -1)


@dataclass(frozen=True)
class Places:
    """Where each code point stands in a block of equally wide columns."""

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
        ValueError: fewer than 8 columns.
    """
    if most < 8:
        raise ValueError(f"{most} columns are too few, expected at least 8")
    row, column, width = [], [], []
    at_row, at = 0, 0
    for word in re.findall(r"\s|\S+", text):
        widths = [columns_of(character) for character in word]
        room = most + word.isspace()  # one space or newline may hang over the edge
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
    """How many columns a character takes."""
    if unicodedata.combining(character) or character in "\u200b\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def visible(character: str) -> bool:
    """Whether a character leaves ink."""
    return not character.isspace() and unicodedata.category(character)[0] != "C"


def scaled(values: Array) -> Array:
    """Each memory and cell of (T, M, H) divided by its largest magnitude over the text."""
    most = np.abs(values).max(axis=0, initial=0.0)
    return (values / np.where(most > 0, most, 1)).astype(np.float32)


def to_svg(text: str, sheets: Sequence[Sheet], colours: Palette, most: int, about: str) -> str:
    """The figure as an SVG file: the models side by side, a memory a column, a cell a row.

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
    """`text` without what XML cannot hold."""
    return re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def words(text: str, x: float, y: float, ink: str, weight: int) -> str:
    """A line of words."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{SANS}" font-size="13" font-weight="{weight}" '
        f'fill="{ink}">{escape(printable(text))}</text>'
    )


def grounds(at: Places, fills: Sequence[str], x: float, y: float) -> list[str]:
    """The coloured stripes of one block; neighbours of one colour are one rectangle."""
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
    """The characters of one block, a row a line of text; marks go with the letter they stand on."""
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
    """Letters with their places, together as far as one list of places can say where they stand.

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


def to_plotly(text: str, sheet: Sheet, colours: Palette, most: int) -> Any:
    """The figure of one model as a `plotly.graph_objects.Figure`, for a notebook.

    A block is a heat map with a place a character; the exact value is in the hover.
    """
    # Here, not above: it takes half a second, and only notebooks need it.
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    at = places(text, most)
    ends = np.linspace(0, 254, 65).round().astype(int)
    scale = [[float(end) / 254, colours.steps[end]] for end in ends]
    figure = make_subplots(
        rows=len(sheet.cells),
        cols=len(sheet.memories),
        column_titles=sheet.memories,
        row_titles=[str(cell) for cell in sheet.cells],
        shared_xaxes="all",
        shared_yaxes="all",
        horizontal_spacing=0.02,
        vertical_spacing=0.1 / max(len(sheet.cells), 1),
    )
    letters = np.full((at.rows, at.columns), "", dtype=object)
    positions = np.full((at.rows, at.columns), -1)
    for k, character in enumerate(text):
        for column in range(at.column[k], at.column[k] + at.width[k]):
            positions[at.row[k], column] = k
        if visible(character) or character == "\n":
            letters[at.row[k], at.column[k]] = "↵" if character == "\n" else escape(character)
    for k, cell in enumerate(sheet.cells):
        for m, memory in enumerate(sheet.memories):
            row = np.append(sheet.values[:, m, k].astype(float), np.nan)  # -1: no character
            block = go.Heatmap(
                z=row[positions],
                text=letters,
                customdata=positions,
                name=f"cell {cell}, {memory}",
                zmin=-1,
                zmax=1,
                colorscale=scale,
                showscale=(k, m) == (0, 0),
                hoverongaps=False,
                texttemplate="%{text}",
                textfont={"family": MONO, "color": colours.ink, "size": 11},
                hovertemplate="%{text} at %{customdata}: %{z:.6f}<extra>%{fullData.name}</extra>",
            )
            figure.add_trace(block, row=k + 1, col=m + 1)
    ground = colours.steps[127]
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, autorange="reversed")
    figure.update_layout(
        title=sheet.name,
        paper_bgcolor=ground,
        plot_bgcolor=ground,
        font={"color": colours.ink},
        width=140 + len(sheet.memories) * at.columns * 8,
        height=110 + len(sheet.cells) * (at.rows * LINE + 12),
        margin={"l": 20, "r": 20, "t": 70, "b": 20},
    )
    return figure
