"""The contract of a measure: its question, its sums while a text is read, its estimates.

A new measure is a file beside this one and a line in `MEASURES`: report, table, page and docs take
the rest from its class.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from analysis.timescales.blocks import Cut
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.decay import Floats
from analysis.timescales.memories import Memory
from analysis.timescales.passages import Passage
from models.networks import CharacterModel

Progress = Callable[[int, int], None]
"""Called with the amount done and the whole amount."""


@dataclass(frozen=True)
class Setup:
    """The set-up of a measure, known before the first passage."""

    model: CharacterModel
    memories: list[Memory]  # M
    cut: Cut
    lags: NDArray[np.int64]
    like: Tensor  # of the type that sums are kept in
    seed: int


class Measure(ABC):
    """A measure: it adds up its sums, one passage after another."""

    key: ClassVar[str]
    """Its name in result files."""
    label: ClassVar[str]
    """Its name in words."""
    question: ClassVar[str]
    """Its question, and what it cannot say: two sentences for the page."""
    method: ClassVar[str]
    """The way it is taken, in plain text for the page."""
    axis: ClassVar[str]
    """The label of its curves' axis."""
    value: ClassVar[str] = "read"
    """The value that decides where the innermost cell is measured twice: "read" or "raw"."""
    of_gates: ClassVar[bool] = False
    """True if it reads only gates, which also move where the cell is dead or saturated."""
    shuffled: ClassVar[bool] = False
    """True if it is also taken of shuffled text, as a control."""

    of_units: ClassVar[bool]
    """True if it has a timescale for each unit, false if one for each group of states."""

    @classmethod
    def card(cls) -> dict[str, str | bool]:
        """The description of the measure for a page."""
        return {
            "key": cls.key,
            "label": cls.label,
            "question": cls.question,
            "method": cls.method,
            "axis": cls.axis,
            "value": cls.value,
            "of_units": cls.of_units,
        }

    @abstractmethod
    def __init__(self, setup: Setup) -> None: ...

    @abstractmethod
    def add(self, passage: Passage) -> None:
        """Add a passage's sums to those of its blocks."""


class OfUnits(Measure):
    """A measure with one timescale for each unit."""

    of_units = True

    @abstractmethod
    def estimate(self, weights: NDArray[np.float32], progress: Progress) -> list[Estimates | None]:
        """M estimates in the order of `setup.memories`; None where the measure means nothing.

        Args:
            weights: (resamples, bins), how often each bin is drawn.
        """

    def between(self) -> Floats | None:
        """(lags, states, M), how a change of each state shows in each memory; None if unknown."""
        return None


@dataclass(frozen=True)
class Group:
    """States taken together."""

    members: tuple[tuple[int, int | None], ...]  # (layer, level; None for h)
    cells: tuple[int, ...] | None = None  # of each of them; None: all


@dataclass(frozen=True)
class Loss:
    """The cost of changing one group."""

    group: Group
    curve: Floats  # (K,), bits at the k-th character
    total: float  # bits
    total_low: float
    total_high: float
    tau: float
    low: float
    high: float
    samples: NDArray[np.float32]  # (resamples,), of tau

    @property
    def status(self) -> str:
        """ "dead" if the loss cannot be told from none, else "ok" or "censored"."""
        if self.total_low <= 0:
            return "dead"
        return "ok" if np.isfinite(self.tau) else "censored"


class OfGroups(Measure):
    """A measure with one timescale for each group of states."""

    of_units = False

    @abstractmethod
    def estimate(self, weights: NDArray[np.float32]) -> list[Loss]:
        """One loss per group."""
