"""The changes of one layer's state at one step, as tensors: what an intervention does.

Axes: B batch (or 1, for all rows alike), H cell.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class Change(NamedTuple):
    """A change of one memory: x becomes `scale` x + `add`, and where it is `held`, `add`.

    `scale` is None if nothing is scaled or added to, `held` is None if nothing is held; a step then
    takes a single operation.
    """

    add: Tensor  # (B, H)
    scale: Tensor | None  # (B, H)
    held: Tensor | None  # (B, H), bool

    def __call__(self, value: Tensor) -> Tensor:
        """The memory (B, H) after the change."""
        if self.scale is not None:
            value = torch.addcmul(self.add, value, self.scale)
        return value if self.held is None else torch.where(self.held, self.add, value)

    def passed(self, slope: Tensor) -> Tensor:
        """The part of a small difference (B, H) that stays: 0 where the memory is held."""
        if self.scale is not None:
            slope = slope * self.scale
        return slope if self.held is None else slope.masked_fill(self.held, 0)

    def filled(self) -> "Change":
        """The same change without None."""
        scale = torch.ones_like(self.add) if self.scale is None else self.scale
        held = torch.zeros_like(self.add, dtype=torch.bool) if self.held is None else self.held
        return Change(self.add, scale, held)


class Changes(NamedTuple):
    """The changes of one layer at one step; None where nothing changes."""

    c: tuple[Change | None, ...]  # by level, outermost first
    h: Change | None


def changed(value: Tensor, change: Change | None) -> Tensor:
    """The memory (B, H) after the change, if there is one."""
    return value if change is None else change(value)
