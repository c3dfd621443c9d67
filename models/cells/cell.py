"""The contract of a cell: what network, engine, trace, analysis and page require of a layer.

A cell is one file beside this one and one entry in `models.cells.CELLS`. With that alone it is
trained (by autograd through `step`), read, traced, measured, saved and served. Three things make it
faster, and change no value: a window with its gradient written out (`models.training.window`), a
layout for reading (`models.reading.layers`), and the tangent of its step
(`analysis.timescales.tangent`).

Axes: B batch, D level, G gate, H cell.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.cells.change import Changes


class Cell(nn.ModuleList, ABC):
    """One layer of `hidden` cells. Its modules are its levels, outermost first.

    Their parameters are what a checkpoint holds of it, as `rnn.{layer}.{level}.{parameter}`.
    """

    gates: ClassVar[tuple[str, ...]]
    """A letter each, in the order of the blocks of H rows in every matrix."""

    keep_gate: ClassVar[str | None] = None
    """The gate that is the share of the memory kept at a step: f of an LSTM, z of a GRU."""

    has_c: ClassVar[bool]
    """True if every level keeps a c beside the layer's h."""

    max_depth: ClassVar[int]
    """The deepest nesting allowed."""

    def __init__(self, levels: list[nn.Module], hidden: int) -> None:
        super().__init__(levels)
        self.depth, self.hidden = len(levels), hidden

    @classmethod
    @abstractmethod
    def of(cls, inputs: int, depth: int, hidden: int) -> "Cell":
        """A layer that reads `inputs` values a step, its weights not yet set."""

    @abstractmethod
    def initialise(self, first: bool, input_gain: float = 1.0) -> None:
        """Draw the weights from torch's global generator, as the paper does.

        Args:
            first: whether it reads the network's input, not another layer.
            input_gain: factor on Glorot's range, for the matrix that reads the network's input.
        """

    @abstractmethod
    def reading(self) -> tuple[Tensor, Tensor]:
        """The matrix (G*H, in) and the bias (G*H) applied to the input of a step."""

    @abstractmethod
    def step(
        self, projected: Tensor, h: Tensor, c: Tensor, changes: Changes | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One step, straight from the equations, with gradients.

        Args:
            projected: (B, G*H), the input times the matrix of `reading`, plus its bias.
            h: (B, H), the hidden state before.
            c: (B, D, H), the cells before; D is 0 if `has_c` is false.
            changes: made to h and to every c right after it is computed, before it is read.

        Returns:
            h (B, H), c (B, D, H), and the gates (B, depth, G, H) after their activations.
        """

    def project(self, x: Tensor) -> Tensor:
        """x (...) symbols, below 0 the zero vector, or (..., in): what `step` takes, (..., G*H)."""
        weight, bias = self.reading()
        if x.is_floating_point():
            return F.linear(x, weight, bias)
        # A one-hot input picks a column of the matrix.
        known = x >= 0
        columns = F.embedding(x.clamp(min=0), weight.t())
        if not bool(known.all()):
            columns = columns * known.unsqueeze(-1)
        return columns + bias

    @property
    def memories(self) -> int:
        """D: the number of levels of c."""
        return self.depth if self.has_c else 0


def orthogonal_blocks(weight: Tensor) -> None:
    """Fill a matrix (G*H, H) with an orthogonal block a gate."""
    with torch.no_grad():
        for block in torch.split(weight, weight.shape[1]):
            nn.init.orthogonal_(block)


def glorot_blocks(weight: Tensor, hidden: int, gain: float) -> None:
    """Fill a matrix (G*H, in) by Glorot's uniform draw, a gate at a time."""
    with torch.no_grad():
        for block in torch.split(weight, hidden):
            nn.init.xavier_uniform_(block, gain=gain)
