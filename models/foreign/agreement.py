"""Checks a converted network: its values against torch.nn, and the order of its vocabulary."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from models.foreign.network import ForeignNetwork
from models.networks import CharacterModel
from models.reading.engine import Engine
from models.vocabulary import UNKNOWN

LOGITS = 1 << 20
"""Numbers predicted at once, about: the memory they take does not grow with the vocabulary."""


@torch.no_grad()
def largest_difference(network: ForeignNetwork, model: CharacterModel, symbols: Tensor) -> float:
    """The largest difference in a logit between `torch.nn` and our engine, over symbols (T)."""
    engine = Engine(model.rnn)
    internals, _ = engine.read(symbols[None], engine.start(), gates=False)
    ours = model.head(internals.h[0, :, -1])
    return float((ours - network.logits(symbols)).abs().max())


class Bits(NamedTuple):
    """The bits per character of a model on a text."""

    per_character: float
    uniform: float  # of a uniform prediction: log2 V
    characters: int  # predicted characters
    unknown: int  # characters out of vocabulary, not predicted


@torch.no_grad()
def bits(model: CharacterModel, text: str) -> Bits | None:
    """Bits per character of a text, read from the zero state; None if no character is predicted.

    Only this shows a vocabulary in the wrong order.
    """
    symbols = torch.tensor(model.vocabulary.encode(text), dtype=torch.long)
    engine = Engine(model.rnn)
    size = max(1, LOGITS // len(model.vocabulary))
    total, at, predicted = 0.0, 0, 0
    for internals, _ in engine.read_long(symbols, engine.start(), gates=False):
        h = internals.h[0, :, -1]
        targets = symbols[at + 1 : at + len(h) + 1]
        at += len(h)
        for some, its in zip(h[: len(targets)].split(size), targets.split(size), strict=True):
            known = its != UNKNOWN
            logs = model.head(some).double().log_softmax(-1)[known]
            total -= float(logs.gather(1, its[known, None]).sum())
            predicted += int(known.sum())
    if not predicted:
        return None
    unknown = int((symbols == UNKNOWN).sum())
    per_character = total / predicted / math.log(2)
    return Bits(per_character, math.log2(len(model.vocabulary)), predicted, unknown)
