"""A question about one character: the exact state after it, in every model that is shown.

Pure. The columns are kept as bytes and the states at some characters only, so the answer is read
again from the nearest kept state.
"""

from app.live.messages import Inspect, Predict
from app.live.transcript import Piece, Point, Reading, Track


class Question:
    """`points` holds the states found so far, by model."""

    def __init__(self, asked: Inspect | Predict) -> None:
        self.asked = asked
        self.points: dict[str, Point] = {}
        self._pieces: dict[str, Piece] = {}

    def work(self, tracks: dict[str, Track]) -> list[tuple[str, Piece]]:
        """What to read for it now, with the model's name."""
        position, found = self.asked.position, []
        for name, track in tracks.items():
            if name in self.points or name in self._pieces or track.done <= position:
                continue
            piece = track.approach(position)
            if piece.wanted:
                self._pieces[name] = piece
                found.append((name, piece))
            else:
                self.points[name] = piece.before
        return found

    def accept(self, name: str, piece: Piece, reading: Reading) -> bool:
        """Take what became of a part of a piece; False if the piece is none of its own."""
        if self._pieces.get(name) is not piece:
            return False
        if reading.start + len(reading.h) == piece.cut:
            del self._pieces[name]
            self.points[name] = Point(reading.h[-1], reading.c[-1])
        return True

    def start_again(self) -> None:
        """The text or the panels changed."""
        for piece in self._pieces.values():
            piece.cut = piece.start
        self._pieces, self.points = {}, {}
