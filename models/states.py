"""What a recurrent network carries from step to step, and what it went through on the way.

Axes: B batch, T time, L layer, D level (0 the outermost), G gate, H cell. A cell that keeps nothing
but h (a GRU) has no c: D is 0 there, while its gates stand at a single level.
"""

from typing import NamedTuple

from torch import Tensor


class State(NamedTuple):
    """What is carried from one character to the next."""

    h: Tensor  # (B, L, H)
    c: Tensor  # (B, L, D, H)

    def detach(self) -> "State":
        """The same state, cut from the graph that made it."""
        return State(self.h.detach(), self.c.detach())


class Internals(NamedTuple):
    """Everything a network went through while it read."""

    h: Tensor  # (B, T, L, H)
    c: Tensor  # (B, T, L, D, H)
    gates: Tensor  # (B, T, L, D, G, H), in the order of the cell's `gates`, after their activations


class Window(NamedTuple):
    """Everything one layer went through in T steps; time is the first axis here."""

    h: Tensor  # (T, B, H)
    c: Tensor  # (T, D, B, H)
    gates: Tensor  # (T, D, B, G*H), after their activations
