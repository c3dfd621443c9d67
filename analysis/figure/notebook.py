"""The figure of one model for a notebook, as a `plotly.graph_objects.Figure`."""

from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from analysis.figure.layout import places, visible
from analysis.figure.palettes import Palette
from analysis.figure.sheet import Sheet
from analysis.figure.svg import LINE, MONO


def to_plotly(text: str, sheet: Sheet, colours: Palette, most: int) -> Any:
    """The figure of one model as a `plotly.graph_objects.Figure`, for a notebook.

    A block is a heat map with a cell per character; hovering shows the exact value.

    Raises:
        ValueError: the sheet has no cell.
    """
    if not sheet.cells:
        raise ValueError("no cell was given, expected at least one")
    # Imported here: it takes half a second, and only notebooks need it.
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
