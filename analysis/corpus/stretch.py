"""Reads a stretch of a text: the display values of every cell as bytes, piece by piece.

This is the function that every engine maps over a text (see `analysis.corpus.engines`). It is pure:
the same model, text and state give the same values.

Axes: T character, L layer, D level, H cell, M = L * D * H cells in the order of the columns.
"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.memories import as_bytes, displayed
from models.reading.engine import Engine
from models.states import Internals, State

Bytes = NDArray[np.int8]

KEPT = 8_000_000
"""Numbers that the internals of one span may hold (32 MB)."""
SHORTEST_SPAN, LONGEST_SPAN = 256, 32_768
SHOWN = 1024
"""Characters whose display values are computed at once."""


def span(engine: Engine) -> int:
    """Characters read at once, so that what is held of them stays within KEPT numbers."""
    rnn = engine.rnn
    numbers = rnn.layers * rnn.hidden * (rnn.depth + 2)  # c, h and a forget gate
    return max(SHORTEST_SPAN, min(LONGEST_SPAN, KEPT // numbers))


@torch.inference_mode()
def warmed(engine: Engine, symbols: Tensor) -> State:
    """The state after `symbols` (T, may be 0), read from the zero state."""
    state = engine.start()
    for piece in symbols.split(SHORTEST_SPAN):
        _, state = engine.read(piece[None], state, gates=False)
    return state


def read_stretch(
    engine: Engine, symbols: Tensor, state: State, memory: int | None
) -> Iterator[tuple[Bytes, State]]:
    """Read `symbols` (T, at least 1) from `state` (B = 1).

    Args:
        memory: see `Engine.read_long`.

    Yields:
        round(127 * display value) of the next t characters, (t, M), and a state that is the one
        after them when the last of them all have come.
    """
    pieces = engine.read_long(symbols, state, gates=False, span=span(engine), memory=memory)
    for internals, after in pieces:
        yield from ((values, after) for values in _shown(internals))
        del internals  # before the next span is read


def _shown(internals: Internals) -> Iterator[Bytes]:
    """The values of one span, a few rows at a time: it is not held a second time beside itself."""
    for h, c in zip(internals.h[0].split(SHOWN), internals.c[0].split(SHOWN), strict=True):
        shown = displayed(c) if c.shape[2] else h.unsqueeze(2)
        yield as_bytes(shown).flatten(1).numpy()
