"""Measures whether what drives the innermost cells early in training is the same at every step.

A gradient with the same direction at every step and in every sequence asks the cells for a
constant. Adam turns it into rank-one steps, the cells become that constant, and tanh ends their
gradient. The shares here are |mean|^2 / mean of |.|^2, means over time and batch: 1 for a constant
vector, about 1 / (B T) for independent ones.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from experiments.tasks.task import Task, late
from experiments.train.gradient import Gradient
from experiments.train.initialisation import initialised
from experiments.train.optimizer import optimizer_of
from experiments.train.settings import Settings
from models.memories import SATURATED_SHARE, SATURATED_VALUE
from models.networks import CharacterModel
from models.states import State


class Drive(NamedTuple):
    """Measurements of the innermost cells of one layer along a batch."""

    gradient_constant: float  # share of the gradient at c that is the same at every step
    forget_constant: float  # the same share, of the gradient at the forget gate before its sigmoid
    cell_constant: float  # share of c itself that is the same at every step
    size: float  # root mean square of c
    saturated: float  # |tanh(c)| > 0.99 on more than 95 % of the steps of the second half
    forget: float  # mean of the forget gate


def constant_share(values: Tensor) -> float:
    """values (B, T, H) -> |mean over B and T|^2 / mean over B and T of |.|^2; 0 if all are 0."""
    whole = values.square().sum(-1).mean()
    return float(values.mean((0, 1)).square().sum() / whole) if whole else 0.0


class Reached(NamedTuple):
    """Gradients at every innermost cell and step, each (B, T, L, H)."""

    at_c: Tensor  # the gradient of the summed loss at c
    at_forget: Tensor  # the gradient at its forget gate, before the sigmoid
    c: Tensor
    forget: Tensor


def reached(network: CharacterModel, x: Tensor, y: Tensor) -> Reached:
    """Gradients of the loss at y (B, T) at the innermost cells, reading x (B, T) from zero.

    The gradient at c_t is the full one, through this step and all later ones. The gradient at
    c_{t-1} as step t reads it is f_t times the gradient at c_t.
    """
    state = network.rnn.start(len(x))
    probes, logits, c, forget = [], [], [state.c[:, :, -1]], []
    for t in range(x.shape[1]):
        probe = torch.zeros_like(state.c[:, :, -1]).requires_grad_()
        moved = torch.cat([state.c[:, :, :-1], (state.c[:, :, -1] + probe)[:, :, None]], 2)
        step, state = next(network.rnn.steps(x[:, t : t + 1], State(state.h, moved)))
        probes.append(probe)
        logits.append(network.head(step.h[:, 0, -1]))
        c.append(step.c[:, 0, :, -1])
        forget.append(step.gates[:, 0, :, -1, 1])
    loss = F.cross_entropy(torch.stack(logits, 1).flatten(0, 1), y.flatten(), reduction="sum")
    c_, f = (torch.stack(part, 1).detach() for part in (c, forget))
    at_c = torch.stack(torch.autograd.grad(loss, probes), 1) / f
    return Reached(at_c, at_c * c_[:, :-1] * f * (1 - f), c_[:, 1:], f)


def drive(network: CharacterModel, x: Tensor, y: Tensor) -> list[Drive]:
    """The drive of every layer along a batch: x, y (B, T) symbols."""
    found = reached(network, x, y)
    saturated = (found.c.tanh().abs() > SATURATED_VALUE)[late(x)].double().mean(0) > SATURATED_SHARE
    drives = []
    for l in range(found.c.shape[2]):
        at_c, at_forget, c, forget = (values[:, :, l] for values in found)
        drives.append(
            Drive(
                constant_share(at_c),
                constant_share(at_forget),
                constant_share(c),
                float(c.square().mean().sqrt()),
                float(saturated[l].double().mean()),
                float(forget.mean()),
            )
        )
    return drives


def driven(task: Task, settings: Settings, at: Sequence[int]) -> list[list[Drive]]:
    """The drive of every layer after each of these numbers of updates, in rising order.

    The updates are those of the training loop at a constant rate, every window from the zero state.
    The drive is measured on the batch of the next update.
    """
    network = initialised(task, settings)
    assert isinstance(network, CharacterModel)
    gradient, optimizer = Gradient(task, network), optimizer_of(network, settings)
    penalties = torch.tensor((settings.penalty, settings.drift, 1.0))
    penalty = penalties if settings.penalised else None
    found = []
    for k in range(at[-1] + 1):
        x, y = task.batch(*divmod(k, task.updates))
        if k in at:
            found.append(drive(network, x, y))
        gradient(x, y, None, torch.tensor(float(y.numel())), penalty)
        torch.nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
        optimizer.step()
    return found
