"""Poems as separate sequences: every character is predicted, no state is carried between poems."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from experiments.datasets.quatrains import Quatrains
from experiments.tasks.task import METRICS, Saturation, Task, device_of, late, order_of
from experiments.train.settings import Settings
from models.networks import CharacterModel, Network
from models.states import State
from models.vocabulary import UNKNOWN

BATCH = 100  # poems read at once when scoring


class Poems(Task):
    """Quatrains, shuffled every epoch. The first character is predicted from a zero input."""

    metric = "perplexity"
    criterion = "valid_perplexity"
    each_epoch = ("valid", "test")
    carries = False

    def __init__(self, quatrains: Quatrains, settings: Settings) -> None:
        self.quatrains, self.size, self.seed = quatrains, settings.streams, settings.seed
        self.data, self.vocabulary = quatrains.name, quatrains.vocabulary
        self.poems = torch.from_numpy(quatrains.train)
        self.updates = math.ceil(len(self.poems) / self.size)
        self.predictions = self.poems.numel()

    def network(self, layers: int, depth: int, hidden: int, cell: str = "lstm") -> CharacterModel:
        """See `Task`."""
        return CharacterModel(self.vocabulary, layers, depth, hidden, cell)

    @property
    def targets(self) -> Tensor:
        """See `Task`."""
        return self.poems.flatten()

    @property
    def arrays(self) -> Sequence[NDArray[Any]]:
        """See `Task`."""
        return self.quatrains.train, self.quatrains.valid, self.quatrains.test

    def batch(self, epoch: int, k: int) -> tuple[Tensor, Tensor]:
        """Batch k of the epoch's shuffle; the last one is smaller."""
        order = order_of(len(self.poems), self.seed, epoch)
        return _pairs(self.poems[order[k * self.size : (k + 1) * self.size]])

    def read(
        self, network: Network, x: Tensor, state: State | None
    ) -> tuple[Tensor, Tensor, State | None]:
        """See `Task`."""
        logits, c, _ = network(x)
        return logits, c, None

    @torch.no_grad()
    def evaluate(self, network: Network, part: str, full: bool = False) -> dict[str, float]:
        """`perplexity` of all 20 characters and of the last 19, and `bpc` of all 20."""
        poems = torch.from_numpy(getattr(self.quatrains, part))
        nats, saturation = torch.zeros(poems.shape[1], dtype=torch.float64), Saturation()
        for start in range(0, len(poems), BATCH):
            x, y = _pairs(poems[start : start + BATCH].to(device_of(network)))
            logits, c, _ = network(x)
            each = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none")
            nats += each.view(y.shape).double().sum(0).cpu()
            saturation.add(c, late(y))
        nats /= len(poems)
        return {
            "perplexity": METRICS["perplexity"](nats.mean().item()),
            "perplexity_last_19": METRICS["perplexity"](nats[1:].mean().item()),
            "bpc": nats.mean().item() / math.log(2),
            "saturated": saturation.share,
        }


def _pairs(poems: Tensor) -> tuple[Tensor, Tensor]:
    """Inputs and targets: nothing is read before the first character."""
    nothing = torch.full_like(poems[:, :1], UNKNOWN)
    return torch.cat([nothing, poems[:, :-1]], dim=1), poems
