"""Attributes a prediction, a surprisal or a cell's value to the earlier characters.

Two answers to one question, for one target after character p of a text:

- *gradient*: the derivative of the target by the input of step t (Distill's "connectivity"). Where
  gates or tanh saturate it is 0 although a large change would get through: a gradient of 0 is not
  "no memory".
- *occlusion*: the target minus the target with the input of step t the zero vector, all else read
  as it was. It is exact and costs more, because every step is left out once.

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
from models.overflow import require_finite
from models.reading.adjoint import adjoint, has_adjoint
from models.reading.engine import Engine
from models.reading.intervention import Interventions
from models.reading.plan import Under
from models.states import Internals, State

FURTHEST = 2000
"""The most characters that the look back covers."""
SPAN = 2048
"""Characters read at once on the way to the first of them."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Symbol:
    """The log2 of the probability of a symbol after character p; its negative is a surprisal."""

    symbol: int
    sign: int = 1

    def value(self, model: CharacterModel, step: Internals) -> Tensor:
        """The target at the last step of every row, (B)."""
        logits = model.head(step.h[:, -1, -1])
        return self.sign * F.log_softmax(logits, -1)[:, self.symbol] / math.log(2)


@dataclass(frozen=True)
class Cell:
    """The displayed value of a cell after character p; level None is the layer's h."""

    layer: int
    level: int | None
    cell: int

    def value(self, model: CharacterModel, step: Internals) -> Tensor:
        """The target at the last step of every row, (B)."""
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

    def __post_init__(self) -> None:
        """Raises: NotFinite, the model overflows."""
        require_finite(self.value, self.values, *(() if self.signed is None else (self.signed,)))


Wanted = Callable[[], bool]


def first_of(length: int, back: int | None = None) -> int:
    """The first character that is looked at, of a text up to the target's character."""
    return max(0, length - min(FURTHEST, back or FURTHEST))


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
        known: tuple[int, State] | None = None,
    ) -> None:
        """Read up to where the look back begins.

        Args:
            model: what reads.
            engine: its engine.
            symbols: of the text up to the target's character, at least one.
            interventions: under which it is read.
            back: the characters that the look back covers, at most FURTHEST.
            wanted: asked on the way; when nobody waits, what is read is of no use.
            known: a number of characters, at most `first_of`, and the state after them.
        """
        self.model, self.engine, self.made = model, engine, interventions
        self.start = first_of(len(symbols), back)
        self.symbols = torch.tensor(symbols[self.start :])
        count, self.before = known or (0, engine.start())
        if count < self.start:
            pieces = engine.read_long(
                torch.tensor(symbols[count : self.start]),
                self.before,
                gates=False,
                span=SPAN,
                under=self.under(count),
            )
            for _, state in pieces:
                self.before = state
                if not wanted():
                    break

    def under(self, position: int) -> Under | None:
        """The interventions a row is read under from a place of the text on."""
        return Under(self.engine.plan(self.made), position) if self.made else None

    def gradient(self, target: Symbol | Cell) -> Attribution:
        """The Euclidean norm of the target's derivative by the input of every step."""
        value, slope = self._slope(target)
        known = self.symbols >= 0
        own = slope.gather(1, self.symbols.clamp(min=0).unsqueeze(1)).squeeze(1) * known
        return Attribution(
            value, self.start, slope.norm(dim=-1).double().numpy(), own.double().numpy()
        )

    def _slope(self, target: Symbol | Cell) -> tuple[float, Tensor]:
        """The target, and its derivative by the input of every step (T, V)."""
        rnn, under = self.model.rnn, self.under(self.start)
        # Copies: what inference made takes no part in a gradient.
        before = State(*(part.clone() for part in self.before))
        if not has_adjoint(rnn):
            V = len(self.model.vocabulary)
            x = F.one_hot(self.symbols + 1, V + 1)[None, :, 1:].to(before.h).requires_grad_()
            for step, _ in rnn.steps(x, before, [under]):
                last = step
            value = target.value(self.model, last)
            (slope,) = torch.autograd.grad(value.sum(), x)
            return float(value.detach()), slope[0]
        read, _ = self.engine.read(self.symbols[None], self.before, under=[under])
        h, c = (part[:, -1:].clone().requires_grad_() for part in (read.h, read.c))
        value = target.value(self.model, Internals(h, c, h.new_empty(0)))
        by_h, by_c = torch.autograd.grad(value.sum(), (h, c), allow_unused=True)
        end = State(*(_or_nothing(*part)[:, 0] for part in ((by_h, h), (by_c, c))))
        return float(value.detach()), adjoint(rnn, before, read, end, under)

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


def _or_nothing(slope: Tensor | None, like: Tensor) -> Tensor:
    """A derivative; zeros where autograd found that there is none."""
    return torch.zeros_like(like) if slope is None else slope
