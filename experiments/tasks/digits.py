"""Digits as sequences of glimpses; one prediction, after the last."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from experiments.datasets.mnist import Digits
from experiments.tasks.task import Saturation, Task, device_of, late, order_of
from experiments.train.settings import Settings
from models.networks import GlimpseClassifier, Network
from models.states import State
from models.vocabulary import DIGITS

BATCH = 500  # digits read at once when scoring


class Glimpses(Task):
    """MNIST digits as 20 glimpses of 49 pixels, shuffled every epoch."""

    metric = "nll"
    criterion = "valid_nll"
    each_epoch = ("valid", "test")
    carries = False
    vocabulary = DIGITS

    def __init__(self, digits: Digits, settings: Settings) -> None:
        self.digits, self.size, self.seed = digits, settings.streams, settings.seed
        self.data = digits.name
        self.glimpses, self.labels = (torch.from_numpy(values) for values in digits.train)
        self.updates = math.ceil(len(self.labels) / self.size)
        self.predictions = len(self.labels)

    def network(
        self, layers: int, depth: int, hidden: int, cell: str = "lstm"
    ) -> GlimpseClassifier:
        """See `Task`."""
        return GlimpseClassifier(layers, depth, hidden, cell)

    @property
    def targets(self) -> Tensor:
        """See `Task`."""
        return self.labels

    @property
    def arrays(self) -> Sequence[NDArray[Any]]:
        """See `Task`."""
        return *self.digits.train, *self.digits.valid, *self.digits.test

    def batch(self, epoch: int, k: int) -> tuple[Tensor, Tensor]:
        """Batch k of the epoch's shuffle; the last one may be smaller."""
        order = order_of(len(self.labels), self.seed, epoch)
        rows = order[k * self.size : (k + 1) * self.size]
        return self.glimpses[rows], self.labels[rows]

    def read(
        self, network: Network, x: Tensor, state: State | None
    ) -> tuple[Tensor, Tensor, State | None]:
        """See `Task`."""
        logits, c = network(x)
        return logits, c, None

    @torch.no_grad()
    def evaluate(self, network: Network, part: str, full: bool = False) -> dict[str, float]:
        """`nll` in nats, and `accuracy`."""
        glimpses, labels = (torch.from_numpy(values) for values in getattr(self.digits, part))
        nats, right, saturation = 0.0, 0, Saturation()
        for start in range(0, len(labels), BATCH):
            x, y = (v[start : start + BATCH].to(device_of(network)) for v in (glimpses, labels))
            logits, c = network(x)
            nats += F.cross_entropy(logits, y, reduction="sum").item()
            right += int((logits.argmax(1) == y).sum())
            saturation.add(c, late(x))
        count = len(labels)
        return {"nll": nats / count, "accuracy": right / count, "saturated": saturation.share}
