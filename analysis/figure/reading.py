"""A trace as HTML for a notebook: the text coloured by cells that the reader picks.

It is self-contained: style, values and script are inside, and nothing is fetched. Where scripts do
not run, as in a notebook that is not trusted, the first cells are shown.
"""

import base64
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.figure.palettes import palette
from analysis.figure.sheet import sheet
from analysis.figure.svg import printable
from models.memories import BYTE_OF_ONE
from models.trace import Trace

ROWS = 20
"""The number of cells that a reader can pick from if none are named."""

OPEN = 2
"""Cells that are shown at first."""

MOST_VALUES = 100_000
"""Values in one piece of HTML: characters times cells."""

MOST_CHARACTERS = 2_000
ASK = "Red is negative, blue positive. Point at a character; pick cells."

HERE = Path(__file__).parent


class Html(str):
    """HTML that a notebook shows as such."""

    def _repr_html_(self) -> str:
        return self


@dataclass(frozen=True)
class Row:
    """A row that can be picked: one cell, or another number along the text."""

    group: str  # the memory
    name: str  # "cell 240"
    values: NDArray[np.float32]  # (T), within [-scale, scale]
    scale: float = 1.0


def reading(trace: Trace, cells: Sequence[int] | None = None, start: int = 0) -> Html:
    """The text of a trace, coloured by some of its cells.

    Args:
        cells: each in every memory; if None, the `ROWS` whose values vary most.
        start: the first character shown.

    Raises:
        ValueError: there is no such cell or character.
    """
    rows = liveliest(trace) if cells is None else chosen(trace, cells)
    head = escape(repr(trace))
    if len(trace.text) and not np.isnan(trace.bits_per_character):
        head += f", {trace.bits_per_character:.3f} bits per character"
    return to_html(head, trace.text, rows, start)


def chosen(trace: Trace, cells: Sequence[int]) -> list[Row]:
    """The rows of the cells asked for, of every memory.

    Raises:
        ValueError: there is no such cell.
    """
    found = sheet(trace, "", cells)
    return [
        Row(memory, f"cell {cell}", found.values[:, m, k])
        for m, memory in enumerate(found.memories)
        for k, cell in enumerate(found.cells)
    ]


def liveliest(trace: Trace, most: int = ROWS) -> list[Row]:
    """The cells of every memory whose values vary most along the text, most of all first."""
    found = sheet(trace, "", range(trace.h.shape[-1]))
    if not len(trace.text):
        return []
    each = max(1, most // len(found.memories))
    order = np.argsort(-found.values.std(axis=0), axis=1, kind="stable")[:, :each]  # (M, each)
    return [
        Row(memory, f"cell {cell}", found.values[:, m, cell])
        for m, memory in enumerate(found.memories)
        for cell in order[m].tolist()
    ]


def to_html(head: str, text: str, rows: Sequence[Row], start: int = 0) -> Html:
    """The widget: a head (HTML), and the text (T characters) coloured by the rows picked.

    Raises:
        ValueError: there is no character `start`.
    """
    if start and not 0 <= start < len(text):
        raise ValueError(
            f"there is no character {start}: characters are numbered 0 to {len(text) - 1}"
        )
    count = min(MOST_CHARACTERS, MOST_VALUES // max(1, len(rows)), len(text) - start)
    letters = list(printable(text[start : start + count]))
    bytes_of = [_bytes(row, start, count) for row in rows]
    first = _first(rows)
    about = {
        "first": start,
        "letters": letters,
        "rows": [{"group": row.group, "name": row.name, "scale": row.scale} for row in rows],
        "values": base64.b64encode(b"".join(b.tobytes() for b in bytes_of)).decode(),
    }
    return Html(
        f'<div class="nestscope"><style>{_style()}</style>'
        f"<p>{head}{_left_out(start, count, len(text))}</p>"
        f"{_buttons(rows, first)}"
        f'<p class="ns-readout" role="status">{ASK}</p>'
        f'<div class="ns-blocks">{"".join(_block(k, rows[k], letters, bytes_of[k]) for k in first)}'
        f'</div><script type="application/json">{_json(about)}</script>'
        f"<script>(() => {{\n{_script()}}})();</script></div>"
    )


def _bytes(row: Row, start: int, count: int) -> NDArray[np.int8]:
    """The values as bytes; NaN becomes 0."""
    values = np.nan_to_num(row.values[start : start + count] / row.scale, posinf=0, neginf=0)
    scaled: NDArray[np.float32] = np.rint(np.clip(values, -1, 1) * BYTE_OF_ONE)
    return scaled.astype(np.int8)


def _first(rows: Sequence[Row]) -> list[int]:
    """The rows shown at first: the first of every group, `OPEN` at most."""
    groups = [row.group for row in rows]
    return [groups.index(group) for group in dict.fromkeys(groups)][:OPEN]


def _left_out(start: int, count: int, length: int) -> str:
    if count == length:
        return ""
    return f"; characters {start:,} to {start + count - 1:,} are shown (start=... shows others)"


def _buttons(rows: Sequence[Row], first: Sequence[int]) -> str:
    """One button per row, in groups."""
    parts: list[str] = []
    group = ""
    for k, row in enumerate(rows):
        if row.group != group:
            parts.append("</fieldset><br>" if parts else "")
            parts.append(f"<fieldset><legend>{escape(row.group)}</legend>")
            group = row.group
        pressed = str(k in first).lower()
        name = escape(row.name.removeprefix("cell "))
        parts.append(
            f'<button type="button" data-row="{k}" aria-pressed="{pressed}" '
            f'aria-label="{escape(row.name)}">{name}</button>'
        )
    return "".join(parts) + ("</fieldset>" if parts else "")


def _block(k: int, row: Row, letters: Sequence[str], values: NDArray[np.int8]) -> str:
    """The text coloured by one row; `reading.js` builds the same."""
    spans = [
        f'<i class="q{value + BYTE_OF_ONE}">{"↵" if letter == chr(10) else ""}{escape(letter)}</i>'
        for letter, value in zip(letters, values.tolist(), strict=True)
    ]
    return (
        f'<div data-row="{k}"><p>{escape(row.group)}, {escape(row.name)}</p>'
        f'<p class="ns-text">{"".join(spans)}</p></div>'
    )


def _json(value: object) -> str:
    """JSON that ends no script and opens no comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@functools.cache
def _script() -> str:
    return (HERE / "reading.js").read_text("utf-8")


@functools.cache
def _style() -> str:
    """The style, and the page's palette: a class a step, light first for browsers that know one."""
    light, dark = palette("paper", "light"), palette("paper", "dark")
    steps = "".join(
        f".nestscope .q{k}{{background:{a};background:light-dark({a},{b})}}"
        for k, (a, b) in enumerate(zip(light.steps, dark.steps, strict=True))
    )
    return (HERE / "reading.css").read_text("utf-8") + steps
