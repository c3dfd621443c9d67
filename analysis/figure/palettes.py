"""The page's palettes: 255 colours from -1 to 1, and an ink that is legible on all of them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Palette:
    """Colours as "#rrggbb"; `steps[127 + k]` is the colour of k / 127."""

    ink: str
    steps: list[str]


@functools.cache
def palette(name: str = "paper", theme: str = "light") -> Palette:
    """The page's palette of that name, "paper" or "safe", for "light" or "dark" paper.

    Raises:
        ValueError: there is none of that name.
    """
    # Computed in static/base/colour.js; its test checks that the two are equal.
    every = json.loads((Path(__file__).parent / "palettes.json").read_text())
    if theme not in every.get(name, {}):
        raise ValueError(
            f"palette {name!r} on {theme!r} is not known, expected {' or '.join(every)} on "
            "light or dark"
        )
    found = every[name][theme]
    steps = [f"#{found['steps'][k : k + 6]}" for k in range(6, len(found["steps"]), 6)]
    return Palette(f"#{found['ink']}", steps)
