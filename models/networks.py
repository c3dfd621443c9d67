"""The paper's two networks: a character model and a classifier of digits."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.card import LSTM, Card, described
from models.glimpses import GLIMPSE_PIXELS, SIDE, GlimpseTrace, glimpses
from models.linear import linear
from models.reading.engine import Engine
from models.reading.intervention import Interventions, parse
from models.reading.plan import Under
from models.rnn import RNN
from models.states import Internals, State
from models.text import normalised
from models.trace import Trace
from models.vocabulary import DIGITS, UNKNOWN, Vocabulary


class Network(nn.Module):
    """An `RNN` and a linear head on the top layer's h."""

    task: str
    card: Card
    sha256: str = ""  # of the file it came from
    name: str = ""  # see `models.checkpoint.model_name`

    def __init__(
        self, vocabulary: Vocabulary, inputs: int, layers: int, depth: int, hidden: int, cell: str
    ) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.card = Card(self.task, layers, depth, hidden, vocabulary, cell=cell)
        self.rnn = RNN(inputs, layers, depth, hidden, cell)
        self.head = nn.Linear(hidden, len(vocabulary))

    def initialise(self, input_gain: float = 1.0) -> None:
        """The paper's initialisation; the head is not an H x H block and gets Glorot's."""
        self.rnn.initialise(input_gain)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def parse(self, asked: object) -> Interventions:
        """Interventions in this network, from plain JSON.

        Raises:
            InterventionError: one of them cannot be made.
        """
        return parse(asked, self.rnn.layers, self.rnn.memories, self.rnn.hidden)

    @property
    def parameters_count(self) -> int:
        """The number of trained weights."""
        return sum(p.numel() for p in self.parameters())

    def __repr__(self) -> str:
        card = self.card
        return (
            f"{type(self).__name__}{f' {self.name}' if self.name else ''}: "
            f"{described(card.layers, card.depth, card.hidden, card.cell)}, "
            f"{len(self.vocabulary)} symbols, {self.parameters_count:,} parameters"
        )


class CharacterModel(Network):
    """Reads one-hot characters and predicts the next (charlm)."""

    task = "charlm"

    def __init__(
        self, vocabulary: Vocabulary, layers: int, depth: int, hidden: int, cell: str = LSTM
    ) -> None:
        """cell: a key of `models.cells.CELLS`."""
        super().__init__(vocabulary, len(vocabulary), layers, depth, hidden, cell)

    def forward(self, x: Tensor, state: State | None = None) -> tuple[Tensor, Tensor, State]:
        """x (B, T) symbols -> logits (B, T, V), cells (B, T, L, D, H), last state."""
        h, c, end = self.rnn(x, state)
        # Time first, as the layers leave h, so that nothing need be moved.
        logits = linear(h.transpose(0, 1), self.head.weight, self.head.bias).transpose(0, 1)
        return logits, c, end

    @torch.no_grad()
    def trace(self, text: str, interventions: Sequence[Mapping[str, object]] = ()) -> Trace:
        """Read `text` from the zero state: every internal, float32, one row per code point.

        Line ends become LF and a byte order mark before the text is left out, as everywhere.

        Args:
            interventions: changes made to the network's memories while it reads, each
                `{"layer": l, "level": d, "cells": [..], "set": x, "from": a, "to": b}`: see
                `models.reading.intervention.parse`.

        Raises:
            InterventionError: one of them cannot be made.
        """
        text = normalised(text)
        symbols = self.vocabulary.encode(text)
        engine = Engine(self.rnn)
        made = self.parse(interventions)
        under = Under(engine.plan(made), 0) if made else None
        x = torch.tensor(symbols, dtype=torch.long)
        pieces = engine.read_long(x, engine.start(), under=under)
        parts = zip(*(internals for internals, _ in pieces), strict=True)
        internals = Internals(*(torch.cat(part, 1) for part in parts))
        return Trace(
            text=text,
            c=internals.c[0].contiguous().numpy(),
            h=internals.h[0].contiguous().numpy(),
            gates=internals.gates[0].contiguous().numpy(),
            logits=self.head(internals.h[0, :, -1]).numpy(),
            unknown=[k for k, symbol in enumerate(symbols) if symbol == UNKNOWN],
            read_as=self.vocabulary.read_as(text),
            interventions=made,
            vocabulary=self.vocabulary,
            model=self.name,
            cell=self.rnn.cell,
        )


class GlimpseClassifier(Network):
    """Reads a digit's glimpses of 49 pixels and classifies the digit from the last h."""

    task = "glimpses"

    def __init__(self, layers: int, depth: int, hidden: int, cell: str = LSTM) -> None:
        """cell: a key of `models.cells.CELLS`."""
        super().__init__(DIGITS, GLIMPSE_PIXELS, layers, depth, hidden, cell)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, 49) -> logits (B, 10), cells (B, T, L, D, H)."""
        h, c, _ = self.rnn(x)
        return self.head(h[:, -1]), c

    @torch.no_grad()
    def trace(
        self, image: NDArray[np.float32], interventions: Sequence[Mapping[str, object]] = ()
    ) -> GlimpseTrace:
        """Read the glimpses of one image from the zero state: every internal, one row per glimpse.

        Args:
            image: (28, 28), from 0 (paper) to 1 (ink), centred as MNIST's are.
            interventions: as those of `CharacterModel.trace`; `from` and `to` count glimpses.

        Raises:
            ValueError: the image has another shape.
            InterventionError: an intervention cannot be made.
        """
        if np.shape(image) != (SIDE, SIDE):
            raise ValueError(f"the image has the shape {np.shape(image)}, expected (28, 28)")
        seen = glimpses(np.asarray(image, np.float32)[None])[0]
        engine = Engine(self.rnn)
        made = self.parse(interventions)
        under = [Under(engine.plan(made), 0)] if made else None
        internals, _ = engine.read(torch.from_numpy(seen)[None], engine.start(), under=under)
        return GlimpseTrace(
            glimpses=seen,
            c=internals.c[0].contiguous().numpy(),
            h=internals.h[0].contiguous().numpy(),
            gates=internals.gates[0].contiguous().numpy(),
            logits=self.head(internals.h[0, :, -1]).numpy(),
        )

    @torch.no_grad()
    def occlusion(
        self, image: NDArray[np.float32], interventions: Sequence[Mapping[str, object]] = ()
    ) -> tuple[int, NDArray[np.float64]]:
        """The contribution of each glimpse to the answer: the digit, and bits per glimpse.

        For each glimpse: log2 of the odds p / (1 - p) of the digit after the last glimpse, minus
        the same with that glimpse read as the zero vector. This is exact. Odds are used because the
        probability of a confident network is near 1 with and without any one glimpse.

        Args:
            image, interventions: as those of `trace`.

        Raises:
            InterventionError: an intervention cannot be made.
        """
        seen = torch.from_numpy(glimpses(np.asarray(image, np.float32)[None])[0])
        rows = seen.repeat(
            len(seen) + 1, 1, 1
        )  # (1 + 20, 20, 49): the original, then without each glimpse
        rows[torch.arange(1, len(rows)), torch.arange(len(seen))] = 0
        engine = Engine(self.rnn)
        made = self.parse(interventions)
        under = [Under(engine.plan(made), 0)] * len(rows) if made else None
        internals, _ = engine.read(rows, engine.start(len(rows)), gates=False, under=under)
        logits = self.head(internals.h[:, -1, -1]).double()
        digit = int(logits[0].argmax())
        others = torch.arange(logits.shape[1]) != digit
        odds = (logits[:, digit] - logits[:, others].logsumexp(1)) / math.log(2)
        return digit, (odds[0] - odds[1:]).numpy()
