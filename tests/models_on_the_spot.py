"""Small random models as checkpoint files: what the server's tests are run against."""

import functools

import torch

from models import CharacterModel, GlimpseClassifier, Vocabulary, save_checkpoint

VOCABULARY = Vocabulary(["\n", " ", *"abcdefghijklmnopqrstuvwxyz", ".", "'", "<R>"])
SIZES = {"nested": (1, 2, 9), "stacked": (2, 1, 9), "lstm": (1, 1, 11), "deep": (2, 3, 5)}


@functools.cache
def model(name):
    """The character model of that name, the same at every call."""
    torch.manual_seed(len(name))
    net = CharacterModel(VOCABULARY, *SIZES[name])
    return randomised(net)


def randomised(net):
    """Weights large enough that the states move, forget slowly and reach both signs."""
    net.initialise()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter += 0.4 * torch.randn_like(parameter)
    return net


def write_checkpoints(folder):
    """All of them, and a classifier that reads no text."""
    for name in SIZES:
        save_checkpoint(folder / f"{name}.safetensors", model(name), scores={"test_bpc": 4.2})
    torch.manual_seed(0)
    save_checkpoint(folder / "glimpses.safetensors", randomised(GlimpseClassifier(1, 2, 6)))
