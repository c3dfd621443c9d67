"""The visitors on the live channel: how many there may be, and who gives a place to a newcomer."""

from typing import Protocol

from app.origins import is_loopback

MOST_VISITORS = 1000
ADDRESS_SHARE = 2
"""One address takes at most this part of the places; a proxy on the same machine may take all."""
IDLE_SECONDS = 1800.0
"""Seconds of silence after which a visitor gives way to a newcomer when all places are taken."""


class Visitor(Protocol):
    """One connection."""

    heard_at: float  # seconds of the loop's clock

    def dismiss(self, code: int, reason: str) -> None:
        """End the session and close the connection."""

    def tell_models(self) -> None:
        """Say that the models served are not the same any more."""


class Visitors:
    """At most `most`, by address."""

    def __init__(self, most: int = MOST_VISITORS) -> None:
        self.most = most
        self._addresses: dict[Visitor, str] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    def admit(self, visitor: Visitor, address: str) -> bool:
        """Take a place for a newcomer until they leave, and return whether there was one."""
        if not is_loopback(address):
            same = sum(1 for other in self._addresses.values() if other == address)
            if same >= max(1, self.most // ADDRESS_SHARE):
                return False
        if len(self) >= self.most:
            idle = min(self._addresses, key=lambda other: other.heard_at, default=None)
            if idle is None or visitor.heard_at - idle.heard_at < IDLE_SECONDS:
                return False
            self.leave(idle)
            idle.dismiss(1013, "idle, and another visitor needs the place")
        self._addresses[visitor] = address
        return True

    def leave(self, visitor: Visitor) -> None:
        """A visitor has gone."""
        self._addresses.pop(visitor, None)

    def tell_models(self) -> None:
        """Say to everybody that the models served are not the same any more."""
        for visitor in self._addresses:
            visitor.tell_models()
