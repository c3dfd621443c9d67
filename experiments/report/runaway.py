"""The figure of the runaway of innermost cells: four rows of curves over the first updates."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Curve = dict[str, Any]
"""`name`, `updates`, and for each of ROWS a list of the same length."""

ROWS = (
    ("gradient_constant", "share of its gradient that is constant over time", 1.0),
    ("size", "root mean square of the innermost cell", None),
    ("saturated", "share of cells that are saturated", 1.0),
    ("forget", "mean of its forget gate", 1.0),
)
COLOURS = {"zero": "#c0392b", "frequency": "#2471a3"}
"""Line styles, by the initial value of the head's bias."""

WIDTH, PANEL, GAP, LEFT, TOP = 300, 110, 38, 44, 40
FONT = 'font-family="system-ui, sans-serif" font-size="11"'


def figure(groups: Mapping[str, Sequence[Curve]]) -> str:
    """An SVG with a column of panels for each network: its curves, by the initial bias of the head.

    Args:
        groups: the networks in words, each with its curves; `name` is a key of COLOURS.
    """
    width = LEFT + len(groups) * (WIDTH + LEFT)
    height = TOP + len(ROWS) * (PANEL + GAP) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" {FONT}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for column, (title, curves) in enumerate(groups.items()):
        x = LEFT + column * (WIDTH + LEFT)
        parts.append(f'<text x="{x}" y="18" font-weight="bold">{escape(title)}</text>')
        for row, (key, words, most) in enumerate(ROWS):
            y = TOP + row * (PANEL + GAP)
            top = most or max(max(c[key]) for each in groups.values() for c in each)
            parts += _panel(curves, key, words, top, x, y)
        y = TOP + len(ROWS) * (PANEL + GAP) - 6
        for k, name in enumerate(COLOURS):
            parts.append(
                f'<text x="{x + 150 * k}" y="{y + 14}" fill="{COLOURS[name]}">'
                f"— head bias {name}</text>"
            )
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    curves: Sequence[Curve], key: str, words: str, top: float, x: float, y: float
) -> list[str]:
    last = max(curve["updates"][-1] for curve in curves)
    parts = [
        f'<text x="{x}" y="{y - 6}">{escape(words)}</text>',
        f'<path d="M{x} {y}V{y + PANEL}H{x + WIDTH}" fill="none" stroke="#888"/>',
        f'<text x="{x - 4}" y="{y + 8}" text-anchor="end">{top:.3g}</text>',
        f'<text x="{x - 4}" y="{y + PANEL}" text-anchor="end">0</text>',
        f'<text x="{x + WIDTH}" y="{y + PANEL + 13}" text-anchor="end">{last} updates</text>',
    ]
    for curve in curves:
        points = " ".join(
            f"{x + WIDTH * update / last:.1f},{y + PANEL * (1 - value / top):.1f}"
            for update, value in zip(curve["updates"], curve[key], strict=True)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[curve["name"]]}" '
            'stroke-width="1.5"/>'
        )
    return parts
