"""The trace of one text through one model: every internal of every step, as numpy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import notebook
from models.card import LSTM, described
from models.memories import Memory, display, memories
from models.reading.intervention import Interventions
from models.vocabulary import UNKNOWN, Vocabulary

Array = NDArray[np.float32]


@dataclass(frozen=True, repr=False)
class Trace:
    """Axes: T character, L layer, D level, G gate (i f g o of an LSTM), H cell, V vocabulary."""

    text: str
    c: Array  # (T, L, D, H), raw cells
    h: Array  # (T, L, H)
    gates: Array  # (T, L, D, G, H), g after its own activation
    logits: Array  # (T, V); row t predicts character t+1
    unknown: list[int]  # positions read as the zero vector
    read_as: list[tuple[int, str]]  # positions read by a plain form, with the symbol read
    interventions: Interventions = ()  # the changes made while it was read
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(()))
    model: str = ""  # the name of the model, where it has one
    cell: str = LSTM  # a key of `models.cells.CELLS`

    @property
    def display(self) -> Array:
        """(T, L, D, H): tanh(c) of the innermost level, c of the others; h of a GRU."""
        return display(self.c) if self.c.shape[2] else self.h[:, :, None]

    @property
    def surprisal(self) -> Array:
        """(T): -log2 of the probability of each character before it was read.

        NaN at the first character and at those out of vocabulary.
        """
        bits = np.full(len(self.text), np.nan, np.float32)
        symbols = np.array(self.vocabulary.encode(self.text), dtype=int)
        known = np.flatnonzero(symbols[1:] != UNKNOWN) + 1
        logits = self.logits[known - 1].astype(float)
        logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
        chosen = logits[np.arange(len(known)), symbols[known]]
        bits[known] = (np.log(np.exp(logits).sum(axis=1)) - chosen) / np.log(2)
        return bits

    @property
    def bits_per_character(self) -> float:
        """The mean surprisal; NaN if there is none."""
        known = self.surprisal[~np.isnan(self.surprisal)]
        return float(known.mean()) if len(known) else float("nan")

    @property
    def kind(self) -> str:
        """The network in words: "Nested LSTM of depth 2, 256 cells"."""
        layers, levels, hidden = self.c.shape[1:]
        return described(layers, max(1, levels), hidden, self.cell)

    @property
    def memories(self) -> list[Memory]:
        """The network's memories that are shown, the top layer first."""
        layers, levels = self.c.shape[1:3]
        return memories(layers, max(1, levels), self.cell)

    def __repr__(self) -> str:
        by = f" by {self.model}" if self.model else ""
        changes = len(self.interventions)
        under = f", under {changes} intervention{'s' if changes > 1 else ''}" if changes else ""
        return f"Trace of {len(self.text):,} characters{by}: {self.kind}{under}"

    def _repr_html_(self) -> str:
        return str(notebook.html(self))

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
            cells: the cells, a row of blocks each; by default the first seven, as in the paper.
            title: the heading.
            columns: characters in a row of a block.
            palette: "paper", red and blue, or "safe", orange and violet.
            theme: "light" or "dark".

        Raises:
            ValueError: there is no such cell or palette, or too few columns.
        """
        return notebook.figure(self, cells, title, columns, palette, theme)

    def html(self, cells: Sequence[int] | None = None, start: int = 0) -> Any:
        """The text coloured by its cells, as a notebook shows a trace: self-contained HTML, a str.

        Args:
            cells: each in every memory; if None, the 20 whose values vary most.
            start: the first character shown; so many fit as keep the HTML small.

        Raises:
            ValueError: there is no such cell or character.
        """
        return notebook.html(self, cells, start)

    def compare(self, other: "Trace") -> Any:
        """This trace beside another of the same text: another model, or other interventions.

        The comparison shows itself in a notebook, and has `surprisal` (T), other minus this one,
        and, where both are of one kind of network, `display` (T, L, D, H), the same.

        Raises:
            ValueError: the texts differ.
        """
        return notebook.comparison(self, other)
