"""One visitor's text and what is shown of it: what to read next, and what to send next.

No threads, no sockets, no clock. The shell (`app.live.channel`) hands in messages and results, and
takes segments to read and messages to send, when there is room for them. The shell also reads the
models of a view from their files, beside the loop, and hands them in with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.catalogue import Catalogue
from app.entry import Entry
from app.interventions import interventions_in
from app.live.budget import Budget
from app.live.gates import CellGates
from app.live.inquiries import Inquiries
from app.live.inspection import Inspection
from app.live.messages import Edit, Gates, Inspect, Predict, Show
from app.live.panel import ShownPanel
from app.live.replies import answer, columns_frame, gates_frame
from app.live.segment import Segment, SegmentResult, Symbols
from app.live.transcript import BLOCK, NEAR, Key, Transcript, room
from app.refusal import Refusal
from app.weights import Loaded
from models.card import Card
from models.text import with_newlines
from models.vocabulary import Vocabulary

MOST_ENCODINGS = 8
"""Vocabularies by which the text is kept encoded, for models shown in turn."""


@dataclass(frozen=True)
class Work:
    """Something that can be read now: more of a transcript, or what an inquiry asks for."""

    loaded: Loaded  # the model that reads it
    key: Key
    transcript: Transcript
    inquiry: Inspection | CellGates | None = None


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
        self._inquiries = Inquiries()
        self._encodings: dict[Vocabulary, Symbols] = {}  # of the text, the newest last

    def edit(self, edit: Edit) -> None:
        """Change the text."""
        insert = with_newlines(edit.insert)  # inside a text U+FEFF is a character
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
        self._inquiries.start_again()

    def entries(self, show: Show) -> list[Entry]:
        """The models of the panels of a view, in their order: to be read before it is shown.

        Of a model that is shown it is the same one, also where its file has changed since.
        """
        if show.view <= self.view:
            message = f"view {show.view} is not above {self.view}: it is ignored."
            raise Refusal(409, "stale_view", message, "view")
        known = {shown.panel.model: shown.loaded.entry for shown in self.shown}
        entries = [known.get(p.model) or self.catalogue.find(p.model) for p in show.panels]
        if not all(entry.reads_text for entry in entries):
            raise Refusal(422, "reads_no_text", "This model reads no text.", "model")
        return entries

    def show(self, show: Show, models: Sequence[Loaded]) -> None:
        """Change what is shown. What a panel already has is not sent again.

        Args:
            models: of `entries`, in memory.
        """
        keys: list[Key] = []
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
                old_one = self.transcripts.get(key)  # of an empty text it is falsy
                transcripts[key] = (
                    old_one if old_one is not None else self._transcript(loaded.card, key)
                )
            new = ShownPanel(panel, loaded, key, transcripts[key])
            old = self.shown[k] if k < len(self.shown) else None
            if old and (old.key, old.panel.cells) == (key, panel.cells):
                new.sent, new.owed = old.sent, old.owed
            shown.append(new)
        for gone in self.transcripts.keys() - transcripts.keys():
            self._leave(self.transcripts[gone])
        self.transcripts, self.shown = transcripts, shown
        self._inquiries.start_again()

    def ask(self, asked: Inspect | Predict | Gates) -> None:
        """Ask for values or logits at a character, or for gates; the newest of each type counts."""
        if isinstance(asked, Gates):
            self._inquiries.ask_gates(asked, self.shown)
            return
        self._inquiries.ask(asked)

    def close(self) -> None:
        """Forget everything: nothing that is being read is wanted any more."""
        self.shown = []
        self._inquiries.close()
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
        """The work that can begin now; `begin` begins it."""
        models = {shown.key: shown.loaded for shown in self.shown}
        return [
            Work(models[key], key, transcript)
            for key, transcript in self.transcripts.items()
            if self._can_be_read(transcript)
        ] + [
            Work(models[key], key, transcript, inquiry)
            for inquiry in self._inquiries
            for key, transcript in self.transcripts.items()
            if inquiry.wants(key, transcript)
        ]

    def begin(self, work: Work) -> Segment | None:
        """Start to read; None where nothing need be read, or there is no room for it yet."""
        transcript = work.transcript
        if work.inquiry:
            return work.inquiry.begin(work.key, transcript)
        first = min(len(transcript), transcript.done + BLOCK)
        if not self.budget.admit(transcript, room(transcript.card, first), self.wake):
            return None
        return transcript.segment()

    def settle(self) -> None:
        """Drop transcripts that nobody waits for any more."""
        for transcript in self.transcripts.values():
            unread = not transcript.is_idle and transcript.pending is None
            if unread and not self._is_needed(transcript):
                self._leave(transcript)

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Take the result of a part of a segment, if there is room for it."""
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
        self._inquiries.forget_failed()
        return wanted

    def outgoing(self) -> bytes | str | None:
        """The next message for the page; None if there is none now."""
        revision = max(0, self.revision)
        for kind, inspection in self._inquiries.inspections.items():
            if self._is_answered(inspection):
                del self._inquiries.inspections[kind]
                inside = inspection.asked.position < len(self.text)
                return answer(inspection, self.shown if inside else [], revision)
        for gates in self._inquiries.gates:
            if gates.ready:
                return gates_frame(gates, gates.ready.popleft(), revision)
        ready = [one for one in self.shown if one.is_ready]
        if not ready:
            return None
        # What is on the screen comes first, then whoever is behind.
        shown = min(ready, key=lambda p: (p.sent >= p.panel.visible[1], p.sent))
        columns = shown.next_columns()
        shown.sent, shown.owed = columns.stop, False
        return columns_frame(shown, self.shown.index(shown), columns, revision, self.view)

    @property
    def is_far_behind(self) -> bool:
        """Return whether much is to be read before the page has all: more than is near an edit."""
        return any(t.done + NEAR < len(t) and self._is_needed(t) for t in self.transcripts.values())

    def _can_be_read(self, transcript: Transcript) -> bool:
        """Return whether something wanted is to be read, and is not being read yet."""
        if transcript.is_idle or transcript.pending or transcript.failed:
            return False
        return self._is_needed(transcript)

    def _is_needed(self, transcript: Transcript) -> bool:
        """Return whether the page waits for it: what it has been sent is not read again."""
        length = len(self.text)
        return any(
            p.sent < length or self._inquiries.need(p)
            for p in self.shown
            if p.transcript is transcript
        )

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

    def _is_answered(self, inspection: Inspection) -> bool:
        """Return whether all states are found; beyond the text there are none."""
        beyond = inspection.asked.position >= len(self.text)
        return beyond or inspection.snapshots.keys() >= self.transcripts.keys()
