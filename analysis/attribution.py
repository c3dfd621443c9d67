"""Which earlier characters a prediction, a surprise or a cell's value comes from.

Two answers to one question, for one target after character p of a text:

- *gradient*: how the target would move with the input of step t, infinitely little (Distill's
  "connectivity"). Where gates or tanh saturate it is 0 although a large change would get through: a
  gradient of 0 is not "no memory".
- *occlusion*: the target minus the target with the input of step t the zero vector, all else read
  as it was. Exact, and dearer: every step is left out once.

Axes: T character, V vocabulary.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from models import CharacterModel
from models.reading.engine import Engine
from models.reading.intervention import Interventions
from models.reading.plan import Under
from models.states import Internals, State

FURTHEST = 2000
"""Characters back that are looked at."""
SPAN = 2048
"""Characters read at once on the way to the first of them."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Symbol:
    """The log2 of the probability of a symbol after character p; its negative is a surprisal."""

    symbol: int
    sign: int = 1

    def value(self, model: CharacterModel, step: Internals) -> Tensor:
        """Of the last step of every row, (B)."""
        logits = model.head(step.h[:, -1, -1])
        return self.sign * F.log_softmax(logits, -1)[:, self.symbol] / math.log(2)


@dataclass(frozen=True)
class Cell:
    """The displayed value of a cell after character p; level None is the layer's h."""

    layer: int
    level: int | None
    cell: int

    def value(self, model: CharacterModel, step: Internals) -> Tensor:
        """Of the last step of every row, (B)."""
        if self.level is None:
            return step.h[:, -1, self.layer, self.cell]
        c = step.c[:, -1, self.layer, self.level, self.cell]
        innermost = self.level == step.c.shape[3] - 1
        return c.tanh() if innermost else c  # the display rule, with a gradient


@dataclass(frozen=True)
class Attribution:
    """`values[k]` belongs to character `start` + k; the last is the target's own."""

    value: float  # the target
    start: int
    values: Array
    signed: Array | None  # the gradient times the input, of `gradient` alone


Wanted = Callable[[], bool]


class Reading:
    """A text up to the target's character, read to where the look back begins."""

    def __init__(
        self,
        model: CharacterModel,
        engine: Engine,
        symbols: list[int],
        interventions: Interventions = (),
        back: int | None = None,
        wanted: Wanted = lambda: True,
    ) -> None:
        """Read up to where the look back begins.

        Args:
            model: what reads.
            engine: its engine.
            symbols: of the text up to the target's character, at least one.
            interventions: under which it is read.
            back: characters that are looked at, at most FURTHEST.
            wanted: asked on the way; when nobody waits, what is read is of no use.
        """
        self.model, self.engine, self.made = model, engine, interventions
        self.start = max(0, len(symbols) - min(FURTHEST, back or FURTHEST))
        self.symbols = torch.tensor(symbols[self.start :])
        self.before = engine.start()
        if self.start:
            pieces = engine.read_long(
                torch.tensor(symbols[: self.start]),
                self.before,
                gates=False,
                span=SPAN,
                under=self.under(0),
            )
            for _, state in pieces:
                self.before = state
                if not wanted():
                    break

    def under(self, position: int) -> Under | None:
        """What a row is read under from a place of the text on."""
        return Under(self.engine.plan(self.made), position) if self.made else None

    def gradient(self, target: Symbol | Cell) -> Attribution:
        """The Euclidean norm of the target's derivative by the input of every step."""
        V = len(self.model.vocabulary)
        like = self.model.head.weight
        x = F.one_hot(self.symbols + 1, V + 1)[None, :, 1:].to(like).requires_grad_()
        # A copy: what inference made takes no part in a gradient.
        state = State(*(part.clone() for part in self.before))
        value = target.value(self.model, self._last(x, state, target))
        (slope,) = torch.autograd.grad(value.sum(), x)
        x = x.detach()
        return Attribution(
            float(value.detach()),
            self.start,
            slope[0].norm(dim=-1).double().numpy(),
            (slope * x)[0].sum(-1).double().numpy(),
        )

    def _last(self, x: Tensor, state: State, target: Symbol | Cell) -> Internals:
        """The last step, with its graph: by the gradient written out where that sees the target."""
        rnn = self.model.rnn
        if not self.made and not (isinstance(target, Cell) and target.level is None):
            h, c, _ = rnn(x, state)
            return Internals(h[:, -1:, None], c[:, -1:], h.new_empty(0))
        for step, _ in rnn.steps(x, state, [self.under(self.start)]):
            last = step
        return last

    @torch.inference_mode()
    def occlusion(self, target: Symbol | Cell, wanted: Wanted = lambda: True) -> Attribution | None:
        """The target minus the target without the input of a step; None if nobody waits for it."""
        own, rows = self.before, State(*(part[:0] for part in self.before))
        nothing = torch.full((1, 1), -1)
        step: Internals | None = None
        for t, symbol in enumerate(self.symbols):
            if not wanted():
                return None
            # The rows are: the text as it is, then one without step k for every k up to t.
            state = State(*(torch.cat(part) for part in zip(own, rows, own, strict=True)))
            x = torch.cat([symbol.expand(len(rows.h) + 1, 1), nothing])
            under = [self.under(self.start + t)] * len(x)
            step, end = self.engine.read(x, state, gates=False, under=under)
            own, rows = State(*(part[:1] for part in end)), State(*(part[1:] for part in end))
        assert step
        value, *without = target.value(self.model, step).double().tolist()
        return Attribution(value, self.start, value - np.array(without), None)
