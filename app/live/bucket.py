"""A leaky bucket: how long one connection has to wait so that others have their turn."""

SHARE = 0.1
"""Part of the event loop's time that one connection may take for its messages, in the long run."""
BURST_SECONDS = 0.05
"""The time of the event loop that it may take at once."""


class Bucket:
    """Fills with the time that a connection's messages took, and leaks at its share."""

    def __init__(self) -> None:
        self._level = 0.0  # seconds
        self._at = 0.0

    def spend(self, seconds: float) -> None:
        """A message took the loop for so long."""
        self._level += seconds

    def wait(self, now: float) -> float:
        """Seconds until the next message may be taken; 0 lets others go first all the same."""
        self._level = max(0.0, self._level - (now - self._at) * SHARE)
        self._at = now
        return max(0.0, self._level - BURST_SECONDS) / SHARE
