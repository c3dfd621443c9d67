"""Notebook output of traces.

The drawing code is in `analysis.figure`, and is imported only when something is drawn.
"""

from collections.abc import Sequence
from typing import Any


def figure(
    trace: Any, cells: Sequence[int], title: str, columns: int, palette: str, theme: str
) -> Any:
    """See `Trace.figure`."""
    from analysis.figure import notebook, palettes
    from analysis.figure.sheet import sheet

    colours = palettes.palette(palette, theme)
    return notebook.to_plotly(trace.text, sheet(trace, title, cells), colours, columns)


def html(trace: Any, cells: Sequence[int] | None = None, start: int = 0) -> Any:
    """See `Trace.html`."""
    from analysis.figure.reading import reading

    return reading(trace, cells, start)


def comparison(one: Any, other: Any) -> Any:
    """See `Trace.compare`."""
    from analysis.figure.comparison import compare

    return compare(one, other)


def cell_map(trace: Any) -> str:
    """The HTML of a map, cells by steps."""
    from analysis.figure.map import to_html

    return to_html(trace)
