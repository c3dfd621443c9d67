"""The memory all sessions share: who may keep the states of a text, and who has to forget.

A transcript reserves what its whole text will need before it is read. When there is no room,
transcripts that are read to their end forget, the least recently used first: the page has their
columns, and they can be read again. Transcripts that are being read keep their room, so they
finish, and then can forget.
"""

from app.live.transcript import Transcript


class Budget:
    """Room for `limit` bytes of states."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.reserved = 0
        self._rooms: dict[Transcript, int] = {}  # the least recently used first

    def admit(self, transcript: Transcript) -> bool:
        """Whether `transcript` may be read on; if so it has room for its whole text."""
        self.release(transcript)
        need = transcript.size_when_read()
        for other in list(self._rooms):
            if self.reserved + need <= self.limit:
                break
            if other.is_idle:
                self.release(other)
                other.forget()
        if self.reserved + need > self.limit:
            transcript.forget()
            return False
        self._rooms[transcript] = need
        self.reserved += need
        return True

    def release(self, transcript: Transcript) -> None:
        """Give back the room of a transcript."""
        self.reserved -= self._rooms.pop(transcript, 0)
