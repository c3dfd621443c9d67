"""What one text did to one model: every internal of every step, as numpy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.memories import display
from models.reading.intervention import Interventions

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Trace:
    """Axes: T character, L layer, D level, G gate (i f g o of an LSTM), H cell, V vocabulary."""

    text: str
    c: Array  # (T, L, D, H), raw cells
    h: Array  # (T, L, H)
    gates: Array  # (T, L, D, G, H), g after its own activation
    logits: Array  # (T, V); row t predicts character t+1
    unknown: list[int]  # positions read as the zero vector
    read_as: list[tuple[int, str]]  # positions read by a plain form, and the symbol read
    interventions: Interventions = ()  # what was changed while it was read

    @property
    def display(self) -> Array:
        """(T, L, D, H): tanh(c) of the innermost level, c of every other; h where there is no c."""
        return display(self.c) if self.c.shape[2] else self.h[:, :, None]

    def figure(
        self,
        cells: Sequence[int] = range(7),
        *,
        title: str = "",
        columns: int = 60,
        palette: str = "paper",
        theme: str = "light",
    ) -> Any:
        """The paper's figure for a notebook: a `plotly.graph_objects.Figure`.

        Args:
            cells: a row of blocks each; the first seven, as the paper has them.
            title: what stands over it.
            columns: characters in a row of a block.
            palette: "paper", red and blue, or "safe", orange and violet.
            theme: "light" or "dark".

        Raises:
            ValueError: there is no such cell or palette, or too few columns.
        """
        # Imported when a figure is drawn: the networks need no drawing, a notebook does.
        from analysis.figure import notebook, palettes
        from analysis.figure.sheet import sheet

        colours = palettes.palette(palette, theme)
        return notebook.to_plotly(self.text, sheet(self, title, cells), colours, columns)
