"""One visitor's text and what is shown of it: what to read next, and what to send next.

Pure: no threads, no sockets. The shell (`app.live.channel`) hands in messages and results, and
takes segments to read and messages to send, when there is room for them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from app.catalogue import Catalogue
from app.entry import Entry
from app.frames import compact, finite, frame
from app.interventions import interventions_in
from app.live.budget import Budget
from app.live.gates import CellGates, Stretch
from app.live.inspection import Inspection
from app.live.messages import PROTOCOL, Edit, Gates, Inspect, Panel, Predict, Show
from app.live.transcript import (
    BLOCK,
    NEAR,
    Bytes,
    Key,
    Segment,
    SegmentResult,
    Snapshot,
    Symbols,
    Transcript,
    room,
)
from app.refusal import Refusal
from app.weights import Loaded
from models.card import Card
from models.checkpoint import Model
from models.vocabulary import Vocabulary

MOST_BYTES = 1 << 17
"""Values in one frame of columns: what a screen shows at once, and a few milliseconds to send."""
MOST_ENCODINGS = 8
"""Vocabularies by which the text is kept encoded, for models shown in turn."""


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
    def cells(self) -> list[int] | None:
        """The cells shown; None for all."""
        return None if self.panel.cells == "all" else list(self.panel.cells)

    @cached_property
    def width(self) -> int:
        """Values of one column."""
        card, cells = self.transcript.card, self.cells
        return card.columns * (card.hidden if cells is None else len(cells))


@dataclass(frozen=True)
class Work:
    """Something that can be read now: more of a transcript, or the state that is inspected."""

    loaded: Loaded  # the model that reads it
    key: Key
    transcript: Transcript
    inspection: Inspection | CellGates | None = None


class Session:
    """See the module. Refused messages raise `Refusal` and change nothing.

    `wake` is called when there may be room for a transcript that had to wait for it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        budget: Budget,
        max_text: int,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.catalogue, self.budget, self.max_text = catalogue, budget, max_text
        self.wake = wake
        self.text = ""
        self.revision = -1
        self.view = -1
        self.shown: list[ShownPanel] = []
        self.transcripts: dict[Key, Transcript] = {}  # panels of one model and change share theirs
        self._in_step = True
        self._inspections: dict[str, Inspection] = {}  # the newest of each type
        self._gates: list[CellGates] = []  # of the newest question, by panel
        self._encodings: dict[Vocabulary, Symbols] = {}  # of the text, the newest last

    def edit(self, edit: Edit) -> None:
        """Change the text."""
        insert = edit.insert.replace("\r\n", "\n").replace("\r", "\n")
        delete = len(self.text) - edit.at if edit.delete is None else edit.delete
        length = len(self.text) + len(insert) - delete
        whole = edit.at == 0 and edit.delete is None
        reason, field = None, "length"
        if edit.revision <= self.revision:
            reason = f"revision {edit.revision} is not above {self.revision}"
            field = "revision"
        elif not self._in_step and not whole:
            reason = "an edit before this one was refused"
        elif delete < 0 or edit.at + delete > len(self.text):
            reason, field = f"the text has {len(self.text)} code points", "at"
        elif length != edit.length:
            reason = f"the text would have {length} code points, not {edit.length}"
        if reason:
            self._in_step = False
            raise Refusal(409, "out_of_step", f"Send the whole text: {reason}.", field)
        self._in_step = False
        if length > self.max_text:
            message = f"The text would have {length:,} code points; at most {self.max_text:,} fit."
            raise Refusal(413, "text_too_long", message, "insert")
        self._check_room([t.card for t in self.transcripts.values()], length, "insert")
        self._in_step = True
        self.revision = edit.revision
        self.text = self.text[: edit.at] + insert + self.text[edit.at + delete :]
        self._encodings = {}
        for transcript in self.transcripts.values():
            vocabulary = transcript.card.vocabulary
            transcript.edit(edit.at, delete, vocabulary.encode(insert))
            self._encodings[vocabulary] = transcript.symbols
            self.budget.settle(transcript)
        for shown in self.shown:
            shown.sent, shown.owed = min(shown.sent, edit.at), True
        self._restart_inspections()

    def show(self, show: Show) -> None:
        """Change what is shown. What a panel already has is not sent again."""
        if show.view <= self.view:
            message = f"view {show.view} is not above {self.view}: it is ignored."
            raise Refusal(409, "stale_view", message, "view")
        keys: list[Key] = []
        models = [self.model(panel.model) for panel in show.panels]
        for panel, loaded in zip(show.panels, models, strict=True):
            hidden = loaded.card.hidden
            if panel.cells != "all" and max(panel.cells) >= hidden:
                message = f"The cells of {panel.model} are 0 to {hidden - 1}."
                raise Refusal(422, "invalid", message, "cells")
            keys.append((loaded.sha256, interventions_in(loaded.model, panel.interventions)))
        cards = {key: loaded.card for key, loaded in zip(keys, models, strict=True)}
        self._check_room(cards.values(), len(self.text), "panels")
        self.view = show.view
        transcripts: dict[Key, Transcript] = {}
        shown: list[ShownPanel] = []
        for k, (panel, key, loaded) in enumerate(zip(show.panels, keys, models, strict=True)):
            if key not in transcripts:
                old_one = self.transcripts.get(key)
                transcripts[key] = old_one or self._transcript(loaded.card, key)
            new = ShownPanel(panel, loaded, key, transcripts[key])
            old = self.shown[k] if k < len(self.shown) else None
            if old and (old.key, old.panel.cells) == (key, panel.cells):
                new.sent, new.owed = old.sent, old.owed
            shown.append(new)
        for gone in self.transcripts.keys() - transcripts.keys():
            self._leave(self.transcripts[gone])
        self.transcripts, self.shown = transcripts, shown
        self._restart_inspections()

    def ask(self, asked: Inspect | Predict | Gates) -> None:
        """Ask for values or logits at a character, or for gates; the newest of each type counts."""
        if isinstance(asked, Gates):
            self._ask_gates(asked)
            return
        if asked.type in self._inspections:
            self._inspections[asked.type].start_again()
        self._inspections[asked.type] = Inspection(asked)

    def _ask_gates(self, asked: Gates) -> None:
        if len(asked.cells) != len(self.shown):
            message = f"`cells` names a cell of each of the {len(self.shown)} panels."
            raise Refusal(422, "invalid", message, "cells")
        for cell, shown in zip(asked.cells, self.shown, strict=True):
            if cell >= shown.loaded.card.hidden:
                last = shown.loaded.card.hidden - 1
                message = f"The cells of {shown.panel.model} are 0 to {last}."
                raise Refusal(422, "invalid", message, "cells")
        self._drop_gates()
        self._gates = [
            CellGates(asked, k, shown.key, len(self.text)) for k, shown in enumerate(self.shown)
        ]

    def _drop_gates(self) -> None:
        for gates in self._gates:
            gates.drop()
        self._gates = []

    def close(self) -> None:
        """Forget everything: nothing that is being read is wanted any more."""
        self.shown = []
        self._restart_inspections()
        self._inspections = {}
        for transcript in self.transcripts.values():
            self._leave(transcript)

    def _leave(self, transcript: Transcript) -> None:
        """A transcript is not shown any more."""
        transcript.forget()
        self.budget.release(transcript)

    def _transcript(self, card: Card, key: Key) -> Transcript:
        """A new transcript of the text; its encoding is kept for the next model."""
        encoded = self._encodings.pop(card.vocabulary, None)
        if encoded is None:
            encoded = np.array(card.vocabulary.encode(self.text), np.int32)
        self._encodings[card.vocabulary] = encoded
        if len(self._encodings) > MOST_ENCODINGS:
            del self._encodings[next(iter(self._encodings))]
        sha256, interventions = key
        return Transcript(card, encoded, interventions, sha256)

    def work(self) -> list[Work]:
        """What can be read now. Nothing is begun: `begin` does that."""
        models = {shown.key: shown.loaded for shown in self.shown}
        asked: list[Inspection | CellGates] = [*self._inspections.values(), *self._gates]
        return [
            Work(models[key], key, transcript)
            for key, transcript in self.transcripts.items()
            if self._can_be_read(transcript)
        ] + [
            Work(models[key], key, transcript, inspection)
            for inspection in asked
            for key, transcript in self.transcripts.items()
            if inspection.wants(key, transcript)
        ]

    def begin(self, work: Work) -> Segment | None:
        """Start to read; None where nothing need be read, or there is no room for it yet."""
        transcript = work.transcript
        if work.inspection:
            return work.inspection.begin(work.key, transcript)
        first = min(len(transcript), transcript.done + BLOCK)
        if not self.budget.admit(transcript, room(transcript.card, first), self.wake):
            return None
        return transcript.segment()

    def settle(self) -> None:
        """Let go of what is held for nothing: of transcripts that nobody waits for any more."""
        for transcript in self.transcripts.values():
            unread = not transcript.is_idle and transcript.pending is None
            if unread and not self._is_needed(transcript):
                self._leave(transcript)

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Take what became of a part of a segment, as far as there is room for it."""
        owner = segment.owner
        if isinstance(owner, Transcript) and owner.pending is segment:
            end = min(segment.cut, result.start + len(result.columns))
            if end > owner.done:
                need = room(owner.card, end)
                if not self.budget.admit(owner, need, self.wake):
                    owner.drop(segment)
                    return
        owner.accept(segment, result)

    def fail(self, segment: Segment) -> bool:
        """A segment could not be read. Returns whether it was still wanted."""
        wanted = segment.wanted
        segment.owner.fail(segment)
        self._inspections = {k: i for k, i in self._inspections.items() if not i.failed}
        return wanted

    def outgoing(self) -> bytes | str | None:
        """The next message for the page; None if there is none now."""
        for inspection in self._inspections.values():
            if answer := self._answer(inspection):
                del self._inspections[inspection.asked.type]
                return answer
        for gates in self._gates:
            if gates.ready:
                return self._stretch(gates, gates.ready.popleft())
        ready = [one for one in self.shown if self._ready(one)]
        if not ready:
            return None
        # What is on the screen comes first, then whoever is behind.
        return self._frame(min(ready, key=lambda p: (p.sent >= p.panel.visible[1], p.sent)))

    @property
    def is_far_behind(self) -> bool:
        """Whether there is much to read before the page has all: more than is near an edit."""
        return any(t.done + NEAR < len(t) and self._is_needed(t) for t in self.transcripts.values())

    def _can_be_read(self, transcript: Transcript) -> bool:
        """Whether there is something to read that is wanted, and not being read yet."""
        if transcript.is_idle or transcript.pending or transcript.failed:
            return False
        return self._is_needed(transcript)

    def _is_needed(self, transcript: Transcript) -> bool:
        """Whether the page waits for it. What was dropped after it was sent is not read again."""
        length = len(self.text)
        asked = any(i.asked.position < length for i in self._inspections.values())
        gates = any(
            not g.is_read and self.transcripts.get(g.key) is transcript for g in self._gates
        )
        return (
            asked or gates or any(p.sent < length for p in self.shown if p.transcript is transcript)
        )

    def _ready(self, shown: ShownPanel) -> bool:
        """Whether there is something to send."""
        done = shown.transcript.done
        return done > shown.sent or (shown.owed and shown.sent == len(self.text))

    def _frame(self, shown: ShownPanel) -> bytes:
        """The next columns of a panel."""
        start = shown.sent
        stop = min(shown.transcript.done, start + max(1, MOST_BYTES // shown.width))
        stop = max(stop, start)
        about: dict[str, Any] = {
            "revision": max(0, self.revision),
            "view": self.view,
            "panel": self.shown.index(shown),
            "start": start,
            "length": len(self.text),
        }
        if unknown := shown.transcript.unknown(start, stop):
            about["unknown"] = unknown
        columns: Bytes = shown.transcript.columns(start, stop, shown.cells)
        shown.sent, shown.owed = stop, False
        return frame(about, columns)

    def _stretch(self, gates: CellGates, stretch: Stretch) -> bytes:
        """Gates of a cell, and its state before them."""
        about: dict[str, Any] = {
            "request": gates.request,
            "revision": max(0, self.revision),
            "panel": gates.panel,
            "start": stretch.start,
            "stop": stretch.start + len(stretch.gates),
            "before": finite({"h": stretch.before.h.tolist(), "c": stretch.before.c.tolist()}),
        }
        return frame(about, stretch.gates)

    def _check_room(self, cards: Iterable[Card], length: int, field: str) -> None:
        """Refuse a text whose states are more than one visitor's share."""
        need = sum(room(card, length) for card in cards)
        if need > self.budget.share:
            message = (
                f"The states of this text need {need / 1e6:.0f} MB; the server keeps "
                f"{self.budget.share / 1e6:.0f} for a visitor: shorten the text, or show "
                "fewer or smaller models."
            )
            raise Refusal(413, "no_room", message, field)

    def _restart_inspections(self) -> None:
        """The text or the panels changed: gates are asked for anew."""
        self._drop_gates()
        for inspection in self._inspections.values():
            inspection.start_again()

    def _answer(self, inspection: Inspection) -> str | None:
        """The answer to a inspection; None if it is not known yet."""
        asked, panels = inspection.asked, []
        if asked.position < len(self.text):
            if not inspection.snapshots.keys() >= self.transcripts.keys():
                return None
            for shown in self.shown:
                snapshot = inspection.snapshots[shown.key]
                if asked.type == "inspect":
                    values = snapshot.columns()
                    cells = shown.cells
                    panels.append((values if cells is None else values[:, cells]).tolist())
                else:
                    panels.append(logits(shown.loaded.model, snapshot))
        return compact(
            {
                "type": "values" if asked.type == "inspect" else "predictions",
                "request": asked.request,
                "revision": max(0, self.revision),
                "position": asked.position,
                "panels": finite(panels),
            }
        )

    def model(self, name: str) -> Loaded:
        """The model of that name; the one that is shown, also where its file has changed since.

        Raises:
            Refusal: there is none, it reads no text, or it cannot be had now.
        """
        for shown in self.shown:
            if shown.panel.model == name:
                return shown.loaded
        entry = self.catalogue.find(name)
        if not entry.reads_text:
            raise Refusal(422, "reads_no_text", "This model reads no text.", "model")
        return self.catalogue.weights.load(entry)

    def missing(self, show: Show) -> list[Entry]:
        """The models of a view that are to be read from their files first."""
        entries = [self.catalogue.get(panel.model) for panel in show.panels]
        in_memory = self.catalogue.weights.get
        return [entry for entry in entries if entry and entry.reads_text and not in_memory(entry)]


def logits(model: Model, snapshot: Snapshot) -> list[float]:
    """What the model expects after that state, one number a symbol."""
    with torch.inference_mode():
        found: list[float] = model.head(torch.from_numpy(snapshot.h[-1])).tolist()
    return found


def hello(max_text: int, max_message: int) -> str:
    """The server's first message."""
    return compact(
        {"type": "hello", "protocol": PROTOCOL, "max_text": max_text, "max_message": max_message}
    )
