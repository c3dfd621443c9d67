"""A inspection about one character: the exact state after it, in every model that is shown.

Pure. The columns are kept as bytes and the states at some characters only, so the answer is read
again from the nearest kept state.
"""

from app.live.messages import Inspect, Predict
from app.live.transcript import Segment, SegmentResult, Snapshot, Transcript


class Inspection:
    """`snapshots` holds the states found so far, by model."""

    def __init__(self, asked: Inspect | Predict) -> None:
        self.asked = asked
        self.snapshots: dict[str, Snapshot] = {}
        self._segments: dict[str, Segment] = {}

    def work(self, transcripts: dict[str, Transcript]) -> list[tuple[str, Segment]]:
        """What to read for it now, with the model's name."""
        position, found = self.asked.position, []
        for name, transcript in transcripts.items():
            if name in self.snapshots or name in self._segments or transcript.done <= position:
                continue
            segment = transcript.approach(position)
            if segment.wanted:
                self._segments[name] = segment
                found.append((name, segment))
            else:
                self.snapshots[name] = segment.before
        return found

    def accept(self, name: str, segment: Segment, result: SegmentResult) -> bool:
        """Take what became of a part of a segment; False if the segment is none of its own."""
        if self._segments.get(name) is not segment:
            return False
        if result.start + len(result.h) == segment.cut:
            del self._segments[name]
            self.snapshots[name] = Snapshot(result.h[-1], result.c[-1])
        return True

    def start_again(self) -> None:
        """The text or the panels changed."""
        for segment in self._segments.values():
            segment.cut = segment.start
        self._segments, self.snapshots = {}, {}
