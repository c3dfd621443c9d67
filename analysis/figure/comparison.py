"""Compares two traces of one text: their surprisal, and where their cells differ."""

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from analysis.figure.reading import ROWS, Row, liveliest, to_html
from models.trace import Trace

Array = NDArray[np.float32]


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two traces, `one` and `other`, of the same text."""

    one: Trace
    other: Trace

    @property
    def surprisal(self) -> Array:
        """(T): the second minus the first, in bits; above 0 where the first predicted better."""
        return self.other.surprisal - self.one.surprisal

    @property
    def display(self) -> Array | None:
        """(T, L, D, H): the other's displayed values minus the one's; None if not of one kind."""
        if self.one.display.shape != self.other.display.shape:
            return None
        return self.other.display - self.one.display

    def names(self) -> tuple[str, str]:
        """The names of the two traces."""
        one, other = (trace.model or trace.kind for trace in (self.one, self.other))
        if one != other:
            return one, other
        if self.other.interventions and not self.one.interventions:
            return one, f"{one}, changed"
        return f"{one} (one)", f"{one} (other)"

    def __repr__(self) -> str:
        one, other = self.names()
        bits = f"{self.one.bits_per_character:.3f} and {self.other.bits_per_character:.3f}"
        characters = f"{len(self.one.text):,} characters"
        return f"Comparison of {one} and {other} over {characters}: {bits} bits per character"

    def _repr_html_(self) -> str:
        return to_html(escape(repr(self)), self.one.text, self.rows())

    def rows(self) -> list[Row]:
        """The rows a reader can pick: the difference in surprisal, then cells."""
        one, other = self.names()
        bits = self.surprisal
        scale = max(1.0, float(np.abs(np.nan_to_num(bits)).max(initial=0)))
        gained = Row(f"bits saved by {one}", f"over {other}", bits, scale)
        return [gained, *(self._changed() or self._side_by_side(one, other))]

    def _changed(self) -> list[Row]:
        """The cells that differ most, where both are of one kind of network."""
        difference = self.display
        if difference is None or not len(difference):
            return []
        most = np.abs(difference).max(axis=0)  # (L, D, H)
        places = np.argsort(-most, axis=None, kind="stable")[: ROWS - 1]
        labels = {(m.layer, m.level): m.label for m in self.one.memories}
        rows = []
        for place in places:
            l, d, k = np.unravel_index(place, most.shape)
            memory = labels[l, d if self.one.c.shape[2] else None]
            group = f"difference in {memory}"
            rows.append(Row(group, f"cell {k}", difference[:, l, d, k], scale=2.0))
        return sorted(rows, key=lambda row: row.group)

    def _side_by_side(self, one: str, other: str) -> list[Row]:
        """Rows for cells of both traces."""
        return [
            Row(f"{name}: {row.group}", row.name, row.values)
            for name, trace in ((one, self.one), (other, self.other))
            for row in liveliest(trace, ROWS // 2)
        ]


def compare(one: Trace, other: Trace) -> Comparison:
    """Two traces of one text.

    Raises:
        ValueError: the texts differ.
    """
    if one.text != other.text:
        pairs = zip(one.text, other.text, strict=False)
        at = next((k for k, (a, b) in enumerate(pairs) if a != b), None)
        where = "one is longer" if at is None else f"they differ at character {at}"
        raise ValueError(f"both traces must be of the same text: {where}")
    return Comparison(one, other)
