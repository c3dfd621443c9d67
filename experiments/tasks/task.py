"""What a training trains on: the batches of an epoch, and how well a network does."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

from models import Vocabulary
from models.memories import SATURATED_SHARE, SATURATED_VALUE
from models.networks import Network
from models.states import State

FIGURES: dict[str, Callable[[float], float]] = {
    "bpc": lambda nats: nats / math.log(2),
    "perplexity": lambda nats: math.exp(min(nats, 700.0)),  # beyond, exp overflows
    "nll": lambda nats: nats,
}
"""How the mean loss, in nats per prediction, is told."""


class Task(ABC):
    """A data set in batches. Batch k of an epoch is the same whenever it is asked for."""

    data: str  # its name
    vocabulary: Vocabulary
    figure: str  # one of FIGURES
    criterion: str  # the score, of those of the validation part, that picks the best epoch
    each_epoch: tuple[str, ...]  # the parts that are scored after every epoch
    carries: bool  # the state from one batch to the next
    updates: int  # batches in an epoch
    predictions: int  # in an epoch

    @abstractmethod
    def network(self, layers: int, depth: int, hidden: int, cell: str = "lstm") -> Network:
        """The network that learns this, its weights not yet set."""

    @property
    @abstractmethod
    def targets(self) -> Tensor:
        """(N,), every symbol of the training part that is predicted, as often as it occurs."""

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
        """Scores on `valid` or `test`, `saturated` among them; `full`: all that are known."""

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

    A sequence of its own starts from zero, and no cell is at its end from the first step on: of 20
    steps that one alone is the 5 % that `Saturation` allows, and nothing would ever be saturated.
    """
    steps = torch.arange(x.shape[1], device=x.device)
    return (steps >= x.shape[1] // 2).expand(x.shape[:2])


class Saturation:
    """Counts how much of the time every innermost cell is at its end: |tanh(c)| > 0.99.

    A GRU has none.
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
        """The share of cells that are there more than 95 % of the time."""
        assert isinstance(self._flat, Tensor)
        full = self._flat / self._count > SATURATED_SHARE
        return full.double().mean().item() if full.numel() else 0.0


@lru_cache(maxsize=2)
def order_of(count: int, seed: int, epoch: int) -> Tensor:
    """A shuffle that depends on nothing but its arguments."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(count, generator=generator)


def device_of(network: Network) -> torch.device:
    """Where the network is."""
    return next(network.parameters()).device
