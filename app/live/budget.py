"""The memory that all sessions share: who may keep the states of a text, and who has to give way.

Room is reserved as a text is read. Where there is none left, whoever asks takes it, in this order,
from long transcripts read to their end (the page has their columns, and they can be read again),
from long ones still being read that began later (they lose their end, and go on once there is
room), and from short idle ones. Two rules keep visitors apart:

- A short transcript, a typist's, may take room from every long one, and a long one leaves the short
  ones a quarter of the memory.
- Of two long ones that are being read the earlier goes first. So somebody always finishes, and no
  two wait for one another.

Pure: no threads, no clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.live.segment import Snapshot, Symbols
from app.live.transcript import Key, Transcript, room

SHORT_BYTES = 1_000_000
SHORT_SHARE = 256
"""A transcript is short up to SHORT_BYTES, or this part of the memory where that is more."""
SHORTS_SHARE = 4
"""This part of the memory is the short ones' own."""

Wake = Callable[[], None]


def whole(transcript: Transcript) -> int:
    """Bytes of a transcript that is read to its end."""
    return room(transcript.card, len(transcript))


@dataclass
class Room:
    """The room that a transcript holds."""

    size: int
    turn: int  # when its reading began: the lower goes first
    wake: Wake  # lets its session try again


class Budget:
    """Room for `limit` bytes of states; `evicted` is called when a transcript has to give way."""

    def __init__(self, limit: int, evicted: Callable[[], None] = lambda: None) -> None:
        self.limit = limit
        self._evicted = evicted
        self.share = limit - limit // SHORTS_SHARE
        """The most that one visitor's texts may take; beyond it they are refused."""
        self.reserved = 0
        self.short = min(max(SHORT_BYTES, limit // SHORT_SHARE), limit // 8)
        self._rooms: dict[Transcript, Room] = {}  # the least recently used first
        self._waiting: set[Transcript] = set()
        self._turns = 0

    def admit(self, transcript: Transcript, size: int, wake: Wake) -> bool:
        """Return whether `transcript` may grow to `size` bytes; if so, reserve them.

        If not it waits: `feed` calls `wake` when there may be room.
        """
        held = self._rooms.pop(transcript, None) or Room(0, self._next_turn(), wake)
        self._rooms[transcript] = held
        if size > held.size:
            self._make_room(transcript, size - held.size)
            if self.reserved + size - held.size > self.limit:
                self._waiting.add(transcript)
                return False
            self._resize(transcript, size)
        self._waiting.discard(transcript)
        return True

    def settle(self, transcript: Transcript) -> None:
        """Give back what a transcript does not hold any more, as after an edit."""
        held = self._rooms.get(transcript)
        if held is None:
            return
        if held.size - transcript.room > self.short:
            # Much is to be read again: behind those that are being read.
            held.turn = self._next_turn()
        if transcript.room < held.size:
            self._resize(transcript, transcript.room)

    def release(self, transcript: Transcript) -> None:
        """Give back the room of a transcript, and its place among those who wait."""
        held = self._rooms.pop(transcript, None)
        self.reserved -= held.size if held else 0
        self._waiting.discard(transcript)

    def reached(self, key: Key, symbols: Symbols, most: int) -> tuple[int, Snapshot] | None:
        """A state on the way through a text that some visitor has read so far already.

        Args:
            key: the model, and under which interventions.
            symbols: the text.
            most: characters that it may come after.

        Returns:
            after how many characters, the most there are, and the state; None if there is none.
        """
        read = [t for t in self._rooms if (t.sha256, t.interventions) == key]
        found = [transcript.reached(symbols, most) for transcript in read]
        count, snapshot = max(found, key=lambda one: one[0], default=(0, None))
        return (count, snapshot) if snapshot and count else None

    def feed(self) -> None:
        """Let those who wait try again, in their turn, as long as there is room for the first."""
        for transcript in sorted(self._waiting, key=lambda t: self._rooms[t].turn):
            if transcript in self._waiting:
                self._waiting.discard(transcript)
                self._rooms[transcript].wake()
                if transcript in self._waiting:
                    return

    def _make_room(self, asking: Transcript, more: int) -> None:
        """Take from others until there are `more` bytes, or nobody is left to take from."""
        if self.reserved + more <= self.limit:
            return
        for other in self._givers(asking):
            missing = self.reserved + more - self.limit
            self._evicted()
            if other.is_idle:
                other.forget()
                self._rooms[other].turn = self._next_turn()
            else:
                other.shrink(self._rooms[other].size - missing)
            self._resize(other, other.room)
            self._waiting.add(other)  # its page may not have all of it yet
            if self.reserved + more <= self.limit:
                return

    def _is_short(self, transcript: Transcript) -> bool:
        """Return whether it is short: by its whole text, however little of it is read."""
        return whole(transcript) <= self.short

    def _givers(self, asking: Transcript) -> Iterator[Transcript]:
        """The transcripts that give way, in this order."""
        others = [t for t, held in self._rooms.items() if t is not asking and held.size]
        short = self._is_short(asking)
        long = [t for t in others if not self._is_short(t)]
        yield from (t for t in long if t.is_idle)
        mine = self._rooms[asking].turn
        later = [t for t in long if not t.is_idle and (short or self._rooms[t].turn > mine)]
        yield from sorted(later, key=lambda t: -self._rooms[t].turn)
        shorts = [t for t in others if self._is_short(t)]
        total = sum(self._rooms[t].size for t in shorts)
        alone = not any(t in self._rooms and self._rooms[t].size for t in long)
        for t in [t for t in shorts if t.is_idle]:
            if not (short or alone or total > self.limit // SHORTS_SHARE):
                return
            total -= self._rooms[t].size
            yield t

    def _next_turn(self) -> int:
        self._turns += 1
        return self._turns

    def _resize(self, transcript: Transcript, size: int) -> None:
        room = self._rooms[transcript]
        self.reserved += size - room.size
        room.size = size
