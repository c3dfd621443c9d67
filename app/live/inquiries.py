"""The page's inquiries about its text that were not answered yet.

Pure. The newest inquiry of each type counts; an older one is dropped with what is read for it.
"""

from collections.abc import Iterator

from app.live.gates import CellGates
from app.live.inspection import Inspection
from app.live.messages import Gates, Inspect, Predict
from app.live.panel import ShownPanel
from app.refusal import Refusal


class Inquiries:
    """The inquiries of one session: `inspections` by type, and `gates` by panel."""

    def __init__(self) -> None:
        self.inspections: dict[str, Inspection] = {}
        self.gates: list[CellGates] = []

    def __iter__(self) -> Iterator[Inspection | CellGates]:
        yield from self.inspections.values()
        yield from self.gates

    def ask(self, asked: Inspect | Predict) -> None:
        """Ask for the values or the logits at a character."""
        if asked.type in self.inspections:
            self.inspections[asked.type].start_again()
        self.inspections[asked.type] = Inspection(asked)

    def ask_gates(self, asked: Gates, shown: list[ShownPanel]) -> None:
        """Ask for the gates of a cell of every panel.

        Raises:
            Refusal: there are other panels, no such cell, or no such characters.
        """
        if len(asked.cells) != len(shown):
            message = f"`cells` names a cell of each of the {len(shown)} panels."
            raise Refusal(422, "invalid", message, "cells")
        length = len(shown[0].transcript)
        if asked.start >= max(1, length):
            message = f"`start` must be within the text of {length:,} code points."
            raise Refusal(422, "invalid", message, "start")
        for cell, panel in zip(asked.cells, shown, strict=True):
            if cell >= panel.loaded.card.hidden:
                last = panel.loaded.card.hidden - 1
                message = f"The cells of {panel.panel.model} are 0 to {last}."
                raise Refusal(422, "invalid", message, "cells")
        self._drop_gates()
        self.gates = [
            CellGates(asked, k, panel.key, len(panel.transcript)) for k, panel in enumerate(shown)
        ]

    def start_again(self) -> None:
        """The text or the panels changed: gates are asked for anew."""
        self._drop_gates()
        for inspection in self.inspections.values():
            inspection.start_again()

    def forget_failed(self) -> None:
        """A model could not read up to there: there will be no answer."""
        self.inspections = {k: i for k, i in self.inspections.items() if not i.failed}

    def close(self) -> None:
        """Nobody asks any more."""
        self.start_again()
        self.inspections = {}

    def need(self, shown: ShownPanel) -> bool:
        """Return whether one of them waits for more of a panel's transcript."""
        length = len(shown.transcript)
        asked = any(i.asked.position < length for i in self.inspections.values())
        return asked or any(not g.is_read and g.key == shown.key for g in self.gates)

    def _drop_gates(self) -> None:
        for gates in self.gates:
            gates.drop()
        self.gates = []
