"""The state that a recurrent network carries from step to step, and its internals.

Axes: B batch, T time, L layer, D level (0 the outermost), G gate, H cell. A cell that keeps only h
(a GRU) has no c: D is 0, while its gates have a single level.
"""

from typing import NamedTuple

from torch import Tensor


class State(NamedTuple):
    """The state carried from one character to the next."""

    h: Tensor  # (B, L, H)
    c: Tensor  # (B, L, D, H)

    def detach(self) -> "State":
        """The same state, detached from its graph."""
        return State(self.h.detach(), self.c.detach())


class Internals(NamedTuple):
    """Every internal of a network along a text."""

    h: Tensor  # (B, T, L, H)
    c: Tensor  # (B, T, L, D, H)
    gates: Tensor  # (B, T, L, D, G, H), in the order of the cell's `gates`, after their activations


class Window(NamedTuple):
    """Every internal of one layer in T steps; time is the first axis here."""

    h: Tensor  # (T, B, H)
    c: Tensor  # (T, D, B, H)
    gates: Tensor  # (T, D, B, G*H), after their activations
