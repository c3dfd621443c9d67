"""Text as parallel streams: truncated backpropagation, one window of every stream per update."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from experiments.datasets.split_text import SplitText, Symbols
from experiments.tasks.task import Saturation, Task, device_of
from experiments.train.settings import Settings
from models.networks import CharacterModel, Network
from models.states import State

PIECES = 64  # of a text that is evaluated
RESET = 100  # characters after which the paper's evaluation seems to reset the state
NOTHING = -100  # no prediction here


class Streams(Task):
    """A character corpus cut into `settings.streams` equal streams, the remainder dropped."""

    metric = "bpc"
    each_epoch = ("valid",)

    def __init__(self, corpus: SplitText, settings: Settings) -> None:
        self.corpus, self.window = corpus, settings.window
        self.data, self.vocabulary = corpus.name, corpus.vocabulary
        n = len(corpus.train) // settings.streams
        streams = corpus.train[: n * settings.streams].reshape(settings.streams, n)
        self.streams = torch.from_numpy(streams)
        self.updates = (n - 1) // settings.window
        if self.updates < 1:
            raise SystemExit(
                f"{len(corpus.train)} characters are too few for {settings.streams} streams of "
                f"{settings.window}: lower --streams or --window"
            )
        self.predictions = self.updates * settings.streams * settings.window
        self.carries = settings.carry
        self.criterion = "valid_bpc" if settings.carry else "valid_bpc_reset"

    def network(self, layers: int, depth: int, hidden: int, cell: str = "lstm") -> CharacterModel:
        """See `Task`."""
        return CharacterModel(self.vocabulary, layers, depth, hidden, cell)

    @property
    def targets(self) -> Tensor:
        """See `Task`."""
        return torch.from_numpy(self.corpus.train)

    @property
    def arrays(self) -> Sequence[NDArray[Any]]:
        """See `Task`."""
        return self.corpus.train, self.corpus.valid, self.corpus.test

    def batch(self, epoch: int, k: int) -> tuple[Tensor, Tensor]:
        """Window k of every stream, without overlap, and the character that follows each one."""
        start = k * self.window
        window = self.streams[:, start : start + self.window + 1]
        return window[:, :-1], window[:, 1:]

    def read(
        self, network: Network, x: Tensor, state: State | None
    ) -> tuple[Tensor, Tensor, State | None]:
        """See `Task`."""
        logits, c, end = network(x, state)
        return logits, c, end

    def evaluate(self, network: Network, part: str, full: bool = False) -> dict[str, float]:
        """`bpc` with the state carried, `bpc_reset` with the zero state every 100 characters.

        Only the score that picks the best epoch, unless `full`.
        """
        assert isinstance(network, CharacterModel)
        text = getattr(self.corpus, part)
        scores: dict[str, float] = {}
        if full or self.carries:
            scores |= carried(network, text)
        if full or not self.carries:
            reset = reset_every(network, text)
            scores = {"bpc_reset": reset["bpc"], "saturated": reset["saturated"]} | scores
        return scores


@torch.no_grad()
def carried(
    model: CharacterModel, text: Symbols, pieces: int = PIECES, window: int = RESET
) -> dict[str, float]:
    """Bits per character with the state carried, and the share of saturated innermost cells.

    Every character but the first is predicted; the text is read as `pieces` parallel pieces that
    start from the zero state.
    """
    x, y = (part.to(device_of(model)) for part in _pairs(text, pieces))
    nats, state, saturation = 0.0, None, Saturation()
    for start in range(0, x.shape[1], window):
        y_ = y[:, start : start + window]
        logits, c, state = model(x[:, start : start + window], state)
        nats += F.cross_entropy(logits.flatten(0, 1), y_.flatten(), reduction="sum").item()
        saturation.add(c, y_ != NOTHING)
    return {"bpc": nats / (len(text) - 1) / math.log(2), "saturated": saturation.share}


@torch.no_grad()
def reset_every(
    model: CharacterModel, text: Symbols, window: int = RESET, batch: int = 256
) -> dict[str, float]:
    """Bits per character with the zero state every `window` characters."""
    x, y = _pairs(text, math.ceil((len(text) - 1) / window))
    nats, saturation = 0.0, Saturation()
    for rows in range(0, len(x), batch):
        x_, y_ = (part[rows : rows + batch].to(device_of(model)) for part in (x, y))
        logits, c, _ = model(x_)
        nats += F.cross_entropy(logits.flatten(0, 1), y_.flatten(), reduction="sum").item()
        saturation.add(c, y_ != NOTHING)
    return {"bpc": nats / (len(text) - 1) / math.log(2), "saturated": saturation.share}


def _pairs(text: Symbols, pieces: int) -> tuple[Tensor, Tensor]:
    """Inputs and targets (pieces, n), padded at the end with NOTHING."""
    count = len(text) - 1
    n = math.ceil(count / pieces)
    inputs = np.zeros(n * pieces, dtype=np.int64)
    targets = np.full(n * pieces, NOTHING, dtype=np.int64)
    inputs[:count], targets[:count] = text[:-1], text[1:]
    x, y = (torch.from_numpy(part.reshape(pieces, n)) for part in (inputs, targets))
    return x, y
