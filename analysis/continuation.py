"""Continues a text with a model: each character is drawn from the prediction, then read.

The draws are those of the page's *Continue* (mulberry32, then the cumulative sum of the weights in
the order of the vocabulary): the same seed writes the same text there and here.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from models import CharacterModel
from models.overflow import require_finite
from models.reading.engine import Engine
from models.reading.intervention import Interventions
from models.reading.plan import Under

MOST = 500
"""The most characters of one continuation."""
SPAN = 2048
"""Characters of the text read at once."""

Wanted = Callable[[], bool]
_WORD = 0xFFFFFFFF


def seeded(seed: int) -> Iterator[float]:
    """Numbers in [0, 1) from a seed (mulberry32)."""
    state = seed & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        z = (state ^ (state >> 15)) * (state | 1) & _WORD
        z ^= (z + ((z ^ (z >> 7)) * (z | 61) & _WORD)) & _WORD
        yield ((z ^ (z >> 14)) & _WORD) / 2**32


def drawn(logits: NDArray[np.float64], temperature: float, u: float) -> int:
    """Draw a symbol at a temperature (0 takes the likeliest) with u from [0, 1)."""
    best = int(logits.argmax())
    if temperature <= 0:
        return best
    weights = np.exp((logits - logits[best]) / temperature)
    left = u * weights.sum()
    for k, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return k
    return best


@torch.inference_mode()
def continuation(
    model: CharacterModel,
    engine: Engine,
    symbols: list[int],
    count: int,
    temperature: float,
    seed: int,
    interventions: Interventions = (),
    wanted: Wanted = lambda: True,
) -> str | None:
    """The continuation of a text; None if nobody waits for it.

    Args:
        symbols: of the text, at least one.
        count: characters that are written.
        temperature: 0 takes the likeliest, 1 draws as the model expects.
        seed: of the draws.
        interventions: made while it reads the text and its own continuation.
        wanted: called between pieces of the work; false stops it.

    Raises:
        NotFinite: the model overflows.
    """
    plan = engine.plan(interventions) if interventions else None

    def under(position: int) -> Under | None:
        return Under(plan, position) if plan else None

    state = engine.start()
    pieces = engine.read_long(torch.tensor(symbols), state, gates=False, span=SPAN, under=under(0))
    for _, after in pieces:
        if not wanted():
            return None
        state = after
    typed = np.array([len(symbol) == 1 for symbol in model.vocabulary])
    if not typed.any():
        return ""
    chance, written = seeded(seed), list[int]()
    for k in range(count):
        if not wanted():
            return None
        logits = model.head(state.h[0, -1]).double().numpy()
        require_finite(logits)
        written.append(drawn(np.where(typed, logits, -np.inf), temperature, next(chance)))
        rows = [under(len(symbols) + k)]
        _, state = engine.read(torch.tensor([[written[-1]]]), state, gates=False, under=rows)
    return "".join(model.vocabulary[symbol] for symbol in written)
