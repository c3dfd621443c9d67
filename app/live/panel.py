"""A panel as the session shows it: which columns the page has, and which are sent next."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.live.messages import Panel
from app.live.segment import Cells
from app.live.transcript import Key, Transcript
from app.weights import Loaded

MOST_BYTES = 1 << 17
"""Values in one frame of columns: what a screen shows at once, and a few milliseconds to send."""


@dataclass(eq=False)
class ShownPanel:
    """A panel being shown. `sent` columns are with the page; `owed`: it waits for an answer."""

    panel: Panel
    loaded: Loaded
    key: Key
    transcript: Transcript
    sent: int = 0
    owed: bool = True

    @cached_property
    def cells(self) -> Cells | None:
        """The cells shown; None for all."""
        return None if self.panel.cells == "all" else np.array(self.panel.cells, np.intp)

    @cached_property
    def width(self) -> int:
        """Values of one column."""
        card, cells = self.transcript.card, self.cells
        return card.columns * (card.hidden if cells is None else len(cells))

    @property
    def is_ready(self) -> bool:
        """Return whether there is something to send."""
        done = self.transcript.done
        return done > self.sent or (self.owed and self.sent == len(self.transcript))

    def next_columns(self) -> range:
        """Those that the next frame holds; it may have none."""
        start = self.sent
        stop = min(self.transcript.done, start + max(1, MOST_BYTES // self.width))
        return range(start, max(stop, start))
