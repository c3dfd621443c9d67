"""Refuses the values of a network that overflowed: what is counted on from there says nothing."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


class NotFinite(ValueError):
    """Some values are infinite or no numbers; the message is one sentence."""

    def __init__(self) -> None:
        super().__init__("some values are not finite: the model overflows on this text")


def require_finite(*values: Tensor | NDArray[np.floating] | float) -> None:
    """Do nothing if all values are finite.

    Raises:
        NotFinite: some are not.
    """
    if not all(np.isfinite(np.asarray(each)).all() for each in values):
        raise NotFinite
