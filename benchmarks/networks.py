"""Networks with a known memory, to measure with."""

import math

import torch

from models import CharacterModel
from models.vocabulary import Vocabulary

LETTERS = Vocabulary("\n abcdefghijklmnopqrstuvwxyz")


def random_model(
    layers: int, depth: int, hidden: int, half: bool, gain: float = 1.0, seed: int = 0
) -> CharacterModel:
    """The paper's initialisation, with recurrent matrices multiplied by `gain`.

    Args:
        half: round the weights to float16, as checkpoints are stored.
        gain: above 1 the network does not forget where it started: it is chaotic.
    """
    torch.manual_seed(seed)
    model = CharacterModel(LETTERS, layers, depth, hidden)
    model.initialise(input_gain=5.0)
    model.requires_grad_(False).eval()
    for l in range(layers):
        for d, level in enumerate(model.rnn.layer(l)):
            level.weight_hh.mul_(gain)
            if l or d:
                level.weight_ih.mul_(gain)
    return rounded(model) if half else model


def forgetful_model(
    layers: int, depth: int, hidden: int, half: bool, memory: float = 4.0, seed: int = 0
) -> CharacterModel:
    """A network whose slowest memory loses all but 1/e in about `memory` characters."""
    model = random_model(layers, depth, hidden, False, gain=0.5, seed=seed)
    for l in range(layers):
        for level in model.rnn.layer(l):
            _forget(level.bias, slice(None), memory)
    return rounded(model) if half else model


def planted_model(
    layers: int, depth: int, hidden: int, half: bool, memory: float, cells: int = 8, seed: int = 0
) -> CharacterModel:
    """A forgetful network whose first `cells` innermost cells keep 1/e for `memory` characters.

    Their forget gates read nothing: they are exp(-1 / memory) at every step. What they hold is
    read by all others, as in any network.
    """
    model = forgetful_model(layers, depth, hidden, False, seed=seed)
    chosen = slice(0, cells)
    for l in range(layers):
        level = model.rnn.layer(l)[-1]
        for weight in (level.weight_ih, level.weight_hh):
            weight[hidden : 2 * hidden][chosen] = 0
        _forget(level.bias, chosen, memory)
    return rounded(model) if half else model


def rounded(model: CharacterModel) -> CharacterModel:
    """Its weights as float16 holds them."""
    for parameter in model.parameters():
        parameter.copy_(parameter.half())
    return model


def _forget(bias: torch.Tensor, cells: slice, memory: float) -> None:
    """Set forget biases so that the gate is exp(-1 / memory)."""
    hidden = len(bias) // 4
    bias[hidden : 2 * hidden][cells] = -math.log(math.expm1(1 / memory))


def letters(count: int, seed: int = 0) -> torch.Tensor:
    """(count) random symbols of LETTERS."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(len(LETTERS), (count,), generator=generator)
