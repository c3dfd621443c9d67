"""Initialises a network for training: draws it from the seed, or takes it from another run."""

from dataclasses import replace

import torch
from torch import Tensor

from experiments.tasks.task import Task
from experiments.train.settings import Settings
from models import CheckpointError, load_checkpoint
from models.card import Card
from models.networks import Network


def blank(task: Task, settings: Settings) -> Network:
    """The task's network, its weights not yet set."""
    return task.network(settings.layers, settings.depth, settings.hidden, settings.cell)


def initialised(task: Task, settings: Settings) -> Network:
    """The task's network, drawn from the seed or loaded from the checkpoint `start`."""
    torch.manual_seed(settings.seed)
    network = blank(task, settings)
    if settings.start:
        try:
            earlier = load_checkpoint(settings.start)
        except CheckpointError as error:
            raise SystemExit(f"--start {error}") from None
        if replace(earlier.card, training={}, scores={}) != network.card:
            ours, theirs = network.card, earlier.card
            only = sorted(set(ours.vocabulary) ^ set(theirs.vocabulary))
            odd = f"; {', '.join(map(repr, only[:8]))} is in one alphabet only" if only else ""
            raise SystemExit(
                f"--start {settings.start} is of another network or alphabet: expected "
                f"{_described(ours)}, it is {_described(theirs)}{odd}"
            )
        network.load_state_dict(earlier.state_dict())
        return network
    network.initialise(settings.input_gain)
    if settings.orthogonal != "none":
        orthogonal_blocks(network.head.weight)
    if settings.orthogonal == "head-input":
        matrix, _ = network.rnn.cells[0].reading()
        for gate in matrix.detach().split(network.rnn.hidden):
            orthogonal_blocks(gate, settings.input_gain)
    if settings.head_bias == "frequency":
        network.head.bias.detach().copy_(log_frequencies(task.targets, len(task.vocabulary)))
    if settings.chrono:
        chrono_initialise(network, settings.chrono)
    return network


def log_frequencies(targets: Tensor, symbols: int) -> Tensor:
    """(symbols,), the log frequency of each among the targets (N,).

    With this bias of the head, the first gradients have hardly a part that is the same at every
    step; a large one drives innermost cells to saturation. A symbol that does not occur counts as
    half an occurrence.
    """
    counts = torch.bincount(targets, minlength=symbols).double()
    return (counts.clamp(min=0.5) / len(targets)).log().float()


@torch.no_grad()
def orthogonal_blocks(matrix: Tensor, gain: float = 1.0) -> None:
    """Fill a matrix with square orthogonal blocks of its shorter side; the last is cut."""
    rows, columns = matrix.shape
    side = min(rows, columns)
    for i in range(0, rows, side):
        for j in range(0, columns, side):
            part = matrix[i : i + side, j : j + side]
            block = torch.nn.init.orthogonal_(torch.empty(side, side), gain)
            part.copy_(block[: part.shape[0], : part.shape[1]])


def chrono_initialise(network: Network, longest: float) -> None:
    """Chrono initialisation: innermost cells keep their content for up to `longest` characters.

    Forget biases are log U(1, longest - 1), input biases their negative (Tallec & Ollivier 2018).
    """
    for l in range(network.rnn.layers):
        bias = network.rnn.layer(l)[-1].bias
        input_gate, forget_gate, _, _ = bias.detach().chunk(4)
        forget_gate.uniform_(1, longest - 1).log_()
        input_gate.copy_(-forget_gate)


def _described(card: Card) -> str:
    size = f"{card.layers} x depth {card.depth}, {card.hidden} cells"
    return f"{card.task}, {card.cell}, {size}, {len(card.vocabulary)} symbols"
