"""The exact state after one character, in every transcript that is shown.

Pure. The columns are kept as bytes and the states at some characters only, so the answer is read
again from the nearest kept state.
"""

from app.live.messages import Inspect, Predict
from app.live.segment import Segment, SegmentResult, Snapshot
from app.live.transcript import Key, Transcript


class Inspection:
    """An inquiry into one character. `snapshots` holds the states found so far."""

    def __init__(self, asked: Inspect | Predict) -> None:
        self.asked = asked
        self.failed = False  # a model could not read up to there
        self.snapshots: dict[Key, Snapshot] = {}
        self._pending: dict[Key, Segment] = {}

    def wants(self, key: Key, transcript: Transcript) -> bool:
        """Return whether a state is still to be found, and can be now."""
        asked = key in self.snapshots or key in self._pending
        return not asked and transcript.done > self.asked.position

    def begin(self, key: Key, transcript: Transcript) -> Segment | None:
        """The segment to read for it; None where the state is kept."""
        segment = transcript.approach(self.asked.position, self)
        if not segment.wanted:
            self.snapshots[key] = segment.before
            return None
        self._pending[key] = segment
        return segment

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Take what became of a part of a segment."""
        key = self._key(segment)
        if key is not None and result.start + len(result.h) == segment.cut:
            del self._pending[key]
            self.snapshots[key] = Snapshot(result.h[-1], result.c[-1])

    def fail(self, segment: Segment) -> None:
        """A model could not read up to there: there will be no answer."""
        self.failed = self.failed or self._key(segment) is not None

    def start_again(self) -> None:
        """The text or the panels changed."""
        for segment in self._pending.values():
            segment.cut = segment.start
        self._pending, self.snapshots = {}, {}

    def _key(self, segment: Segment) -> Key | None:
        """The transcript of a segment that is still wanted."""
        return next((key for key, one in self._pending.items() if one is segment), None)
