"""The memory all sessions share: who may keep the states of a text, and who has to forget.

A track reserves what its whole text will need before it is read. When there is no room, tracks
that are read to their end forget, the least recently used first: the page has their columns, and
they can be read again. Tracks that are being read keep their room, so they finish, and then can
forget.
"""

from app.live.transcript import Track


class Memory:
    """Room for `limit` bytes of states."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.reserved = 0
        self._rooms: dict[Track, int] = {}  # the least recently used first

    def admit(self, track: Track) -> bool:
        """Whether `track` may be read on; if so it has room for its whole text."""
        self.release(track)
        need = track.size_when_read()
        for other in list(self._rooms):
            if self.reserved + need <= self.limit:
                break
            if other.is_idle:
                self.release(other)
                other.forget()
        if self.reserved + need > self.limit:
            track.forget()
            return False
        self._rooms[track] = need
        self.reserved += need
        return True

    def release(self, track: Track) -> None:
        """Give back the room of a track."""
        self.reserved -= self._rooms.pop(track, 0)
