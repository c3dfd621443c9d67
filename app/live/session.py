"""One visitor's text and what is shown of it: what to read next, and what to send next.

Pure: no threads, no sockets. The shell (`app.live.channel`) hands in messages and readings, and
takes pieces to read and messages to send, when there is room for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch

from app.catalogue import Catalogue
from app.frames import compact, finite, frame
from app.live.budget import Memory
from app.live.columns import memories
from app.live.inspection import Question
from app.live.messages import PROTOCOL, Edit, Inspect, Panel, Predict, Show
from app.live.transcript import NEAR, Bytes, Piece, Point, Reading, Track, room
from app.refusal import Refusal
from models import CharacterModel
from models.card import Card

MOST_BYTES = 1 << 17
"""Values in one frame of columns: what a screen shows at once, and a few milliseconds to send."""


@dataclass(eq=False)
class Pane:
    """A panel being shown. `sent` columns are with the page; `owed`: it waits for an answer."""

    panel: Panel
    track: Track
    sent: int = 0
    owed: bool = True

    @property
    def cells(self) -> list[int] | None:
        """The cells shown; None for all."""
        return None if self.panel.cells == "all" else list(self.panel.cells)

    @property
    def width(self) -> int:
        """Values of one column."""
        card, cells = self.track.card, self.cells
        return memories(card.layers, card.depth) * (card.hidden if cells is None else len(cells))


class Session:
    """See the module. Refused messages raise `Refusal` and change nothing."""

    def __init__(self, catalogue: Catalogue, memory: Memory, max_text: int) -> None:
        self.catalogue, self.memory, self.max_text = catalogue, memory, max_text
        self.text = ""
        self.revision = -1
        self.view = -1
        self.panes: list[Pane] = []
        self.tracks: dict[str, Track] = {}  # by model: panels of one model share theirs
        self._in_step = True
        self._questions: dict[str, Question] = {}  # the newest of each type

    def edit(self, edit: Edit) -> None:
        """Change the text."""
        insert = edit.insert.replace("\r\n", "\n")
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
        self._check_room([t.card for t in self.tracks.values()], length, "insert")
        self._in_step = True
        self.revision = edit.revision
        self.text = self.text[: edit.at] + insert + self.text[edit.at + delete :]
        for name, track in self.tracks.items():
            track.edit(edit.at, delete, self.model(name).vocabulary.encode(insert))
        for pane in self.panes:
            pane.sent, pane.owed = min(pane.sent, edit.at), True
        self._start_questions_again()

    def show(self, show: Show) -> None:
        """Change what is shown. What a panel already has is not sent again."""
        if show.view <= self.view:
            message = f"view {show.view} is not above {self.view}: it is ignored."
            raise Refusal(409, "stale_view", message, "view")
        for panel in show.panels:
            hidden = self.model(panel.model).card.hidden
            if panel.cells != "all" and max(panel.cells) >= hidden:
                message = f"The cells of {panel.model} are 0 to {hidden - 1}."
                raise Refusal(422, "invalid", message, "cells")
        cards = {panel.model: self.model(panel.model).card for panel in show.panels}
        self._check_room(cards.values(), len(self.text), "panels")
        self.view = show.view
        tracks, panes = {}, []
        for k, panel in enumerate(show.panels):
            name = panel.model
            if name not in tracks:
                tracks[name] = self.tracks.get(name) or Track(
                    self.model(name).card, self.model(name).vocabulary.encode(self.text)
                )
            pane = Pane(panel, tracks[name])
            old = self.panes[k] if k < len(self.panes) else None
            if old and (old.panel.model, old.panel.cells) == (name, panel.cells):
                pane.sent, pane.owed = old.sent, old.owed
            panes.append(pane)
        for name in self.tracks.keys() - tracks.keys():
            self._leave(self.tracks[name])
        self.tracks, self.panes = tracks, panes
        self._start_questions_again()

    def ask(self, asked: Inspect | Predict) -> None:
        """Ask for the exact values, or the logits, at a character; the newest question counts."""
        if asked.type in self._questions:
            self._questions[asked.type].start_again()
        self._questions[asked.type] = Question(asked)

    def close(self) -> None:
        """Forget everything: nothing that is being read is wanted any more."""
        self.panes = []
        self._start_questions_again()
        self._questions = {}
        for track in self.tracks.values():
            self._leave(track)

    def _leave(self, track: Track) -> None:
        """A track is not shown any more."""
        track.forget()
        self.memory.release(track)

    def work(self) -> list[tuple[str, Piece]]:
        """What to read now, with the model's name."""
        found = [
            (name, piece)
            for name, track in self.tracks.items()
            if self._is_needed(track)
            and not track.is_idle
            and self.memory.admit(track)
            and (piece := track.piece())
        ]
        for question in self._questions.values():
            found += question.work(self.tracks)
        return found

    def accept(self, name: str, piece: Piece, reading: Reading) -> None:
        """Take what became of a part of a piece."""
        if not any(q.accept(name, piece, reading) for q in self._questions.values()):
            piece.track.accept(piece, reading)

    def outgoing(self) -> bytes | str | None:
        """The next message for the page; None if there is none now."""
        for question in self._questions.values():
            if answer := self._answer(question):
                del self._questions[question.asked.type]
                return answer
        ready = [pane for pane in self.panes if self._ready(pane)]
        if not ready:
            return None
        # What is on the screen comes first, then whoever is behind.
        pane = min(ready, key=lambda p: (p.sent >= p.panel.visible[1], p.sent))
        return self._frame(pane)

    @property
    def is_far_behind(self) -> bool:
        """Whether there is much to read before the page has all: more than is near an edit."""
        return any(t.done + NEAR < len(t) and self._is_needed(t) for t in self.tracks.values())

    @property
    def is_hungry(self) -> bool:
        """Whether it waits for memory that others hold."""
        return any(
            not track.is_idle and track.flight is None and self._is_needed(track)
            for track in self.tracks.values()
        )

    def _is_needed(self, track: Track) -> bool:
        """Whether the page waits for it. What was dropped after it was sent is not read again."""
        length = len(self.text)
        asked = any(q.asked.position < length for q in self._questions.values())
        return asked or any(p.sent < length for p in self.panes if p.track is track)

    def _ready(self, pane: Pane) -> bool:
        """Whether there is something to send."""
        done = pane.track.done
        return done > pane.sent or (pane.owed and pane.sent == len(self.text))

    def _frame(self, pane: Pane) -> bytes:
        """The next columns of a panel."""
        start = pane.sent
        stop = min(pane.track.done, start + max(1, MOST_BYTES // pane.width))
        stop = max(stop, start)
        about: dict[str, Any] = {
            "revision": max(0, self.revision),
            "view": self.view,
            "panel": self.panes.index(pane),
            "start": start,
            "length": len(self.text),
        }
        if unknown := pane.track.unknown(start, stop):
            about["unknown"] = unknown
        columns: Bytes = pane.track.columns(start, stop, pane.cells)
        pane.sent, pane.owed = stop, False
        return frame(about, columns)

    def _check_room(self, cards: Iterable[Card], length: int, field: str) -> None:
        """Refuse a text whose states alone are more than the server keeps."""
        need = sum(room(card, length) for card in cards)
        if need > self.memory.limit:
            message = (
                f"The states of this text need {need / 1e6:.0f} MB; the server keeps "
                f"{self.memory.limit / 1e6:.0f}: shorten the text, or show one smaller model."
            )
            raise Refusal(413, "no_room", message, field)

    def _start_questions_again(self) -> None:
        """The text or the panels changed."""
        for question in self._questions.values():
            question.start_again()

    def _answer(self, question: Question) -> str | None:
        """The answer to a question; None if it is not known yet."""
        asked, panels = question.asked, []
        if asked.position < len(self.text):
            if not question.points.keys() >= self.tracks.keys():
                return None
            for pane in self.panes:
                point = question.points[pane.panel.model]
                if asked.type == "inspect":
                    values = point.columns()
                    cells = pane.cells
                    panels.append((values if cells is None else values[:, cells]).tolist())
                else:
                    panels.append(logits(self.model(pane.panel.model), point))
        return compact(
            {
                "type": "values" if asked.type == "inspect" else "predictions",
                "request": asked.request,
                "revision": max(0, self.revision),
                "position": asked.position,
                "panels": finite(panels),
            }
        )

    def model(self, name: str) -> CharacterModel:
        """The model of that name."""
        entry = self.catalogue.get(name)
        if entry is None:
            raise Refusal(404, "unknown_model", "There is no model of this name.", "model")
        if not isinstance(entry.model, CharacterModel):
            raise Refusal(422, "reads_no_text", "This model reads no text.", "model")
        return entry.model


def logits(model: CharacterModel, point: Point) -> list[float]:
    """What the model expects after that state, one number a symbol."""
    with torch.inference_mode():
        found: list[float] = model.head(torch.from_numpy(point.h[-1])).tolist()
    return found


def hello(max_text: int, max_message: int) -> str:
    """The server's first message."""
    return compact(
        {"type": "hello", "protocol": PROTOCOL, "max_text": max_text, "max_message": max_message}
    )
