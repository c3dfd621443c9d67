"""The exact state after one character, in every model that is shown.

Pure. The columns are kept as bytes and the states at some characters only, so the answer is read
again from the nearest kept state.
"""

from app.live.messages import Inspect, Predict
from app.live.transcript import Segment, SegmentResult, Snapshot, Transcript


class Inspection:
    """A question of the page's. `snapshots` holds the states found so far, by model."""

    def __init__(self, asked: Inspect | Predict) -> None:
        self.asked = asked
        self.failed = False  # a model could not read up to there
        self.snapshots: dict[str, Snapshot] = {}
        self._pending: dict[str, Segment] = {}

    def wants(self, name: str, transcript: Transcript) -> bool:
        """Whether a model's state is still to be found, and can be now."""
        asked = name in self.snapshots or name in self._pending
        return not asked and transcript.done > self.asked.position

    def begin(self, name: str, transcript: Transcript) -> Segment | None:
        """What to read for it; None where the state is kept."""
        segment = transcript.approach(self.asked.position, self)
        if not segment.wanted:
            self.snapshots[name] = segment.before
            return None
        self._pending[name] = segment
        return segment

    def accept(self, segment: Segment, result: SegmentResult) -> None:
        """Take what became of a part of a segment."""
        name = self._name(segment)
        if name is not None and result.start + len(result.h) == segment.cut:
            del self._pending[name]
            self.snapshots[name] = Snapshot(result.h[-1], result.c[-1])

    def fail(self, segment: Segment) -> None:
        """A model could not read up to there: there will be no answer."""
        self.failed = self.failed or self._name(segment) is not None

    def start_again(self) -> None:
        """The text or the panels changed."""
        for segment in self._pending.values():
            segment.cut = segment.start
        self._pending, self.snapshots = {}, {}

    def _name(self, segment: Segment) -> str | None:
        """The model of a segment that is still wanted."""
        return next((name for name, one in self._pending.items() if one is segment), None)
