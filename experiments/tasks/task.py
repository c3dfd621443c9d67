"""The contract of a task: the batches of an epoch, and the scores of a network."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from models import Vocabulary
from models.memories import SATURATED_SHARE, SATURATED_VALUE
from models.networks import Network
from models.states import State

METRICS: dict[str, Callable[[float], float]] = {
    "bpc": lambda nats: nats / math.log(2),
    "perplexity": lambda nats: math.exp(min(nats, 700.0)),  # beyond, exp overflows
    "nll": lambda nats: nats,
}
"""The conversion of the mean loss, in nats per prediction, to each metric."""


class Task(ABC):
    """A data set in batches. Batch k of an epoch is always the same."""

    data: str  # its name
    vocabulary: Vocabulary
    metric: str  # one of METRICS
    criterion: str  # the validation score that picks the best epoch
    each_epoch: tuple[str, ...]  # the parts that are scored after every epoch
    carries: bool  # whether the state is carried from one batch to the next
    updates: int  # batches in an epoch
    predictions: int  # in an epoch

    @abstractmethod
    def network(self, layers: int, depth: int, hidden: int, cell: str = "lstm") -> Network:
        """The network for this task, its weights not yet set."""

    @property
    @abstractmethod
    def targets(self) -> Tensor:
        """(N,), every predicted symbol of the training part, with repetitions."""

    @property
    @abstractmethod
    def arrays(self) -> Sequence[NDArray[Any]]:
        """All that is read and predicted, of the training, validation and test part."""

    @abstractmethod
    def batch(self, epoch: int, k: int) -> tuple[Tensor, Tensor]:
        """Input (B, ...) and targets (B, T) or (B) of the whole batch, on the CPU."""

    @abstractmethod
    def read(
        self, network: Network, x: Tensor, state: State | None
    ) -> tuple[Tensor, Tensor, State | None]:
        """Logits (B, T, V) or (B, V), cells (B, T, L, D, H), and the state to carry."""

    @abstractmethod
    def evaluate(self, network: Network, part: str, full: bool = False) -> dict[str, float]:
        """Scores on `valid` or `test`, including `saturated`; `full`: every score of the task."""

    def scores(
        self, network: Network, parts: tuple[str, ...], full: bool = False
    ) -> dict[str, float]:
        """`{part}_{score}` for every part; `saturated` is that of the validation part."""
        scores: dict[str, float] = {}
        for part in parts:
            found = self.evaluate(network, part, full)
            saturated = found.pop("saturated")
            if part == "valid":
                scores["saturated"] = saturated
            scores |= {f"{part}_{name}": value for name, value in found.items()}
        return scores


def late(x: Tensor) -> Tensor:
    """(B, T), true in the second half of every sequence of x (B, T, ...).

    A separate sequence starts from zero, so no cell is at +-1 at the first step. Of 20 steps, that
    one alone is the 5 % that `Saturation` allows: nothing would ever count as saturated.
    """
    steps = torch.arange(x.shape[1], device=x.device)
    return (steps >= x.shape[1] // 2).expand(x.shape[:2])


class Saturation:
    """Counts for how many steps every innermost cell has |tanh(c)| > 0.99.

    A GRU has no such cell.
    """

    def __init__(self) -> None:
        self._flat: Tensor | float = 0.0
        self._count = 0

    def add(self, c: Tensor, read: Tensor) -> None:
        """c (B, T, L, D, H); read (B, T), whether the step counts."""
        innermost = c[..., -1:, :].flatten(3).tanh().abs() > SATURATED_VALUE
        self._flat = self._flat + (innermost & read[:, :, None, None]).sum((0, 1)).double()
        self._count += int(read.sum())

    @property
    def share(self) -> float:
        """The share of cells for which that holds at more than 95 % of the steps."""
        assert isinstance(self._flat, Tensor)
        full = self._flat / self._count > SATURATED_SHARE
        return full.double().mean().item() if full.numel() else 0.0


@lru_cache(maxsize=2)
def order_of(count: int, seed: int, epoch: int) -> Tensor:
    """A permutation that depends only on its arguments."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(count, generator=generator)


def device_of(network: Network) -> torch.device:
    """The device of the network's weights."""
    return next(network.parameters()).device
