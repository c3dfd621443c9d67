"""One signal of a model along a known text, read in pieces: only the signal asked for is kept."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.http.trace_request import Selection
from models import CharacterModel
from models.memories import as_bytes, displayed
from models.overflow import require_finite
from models.reading.engine import Engine
from models.reading.plan import Under
from models.states import Internals

Values = NDArray[np.float32] | NDArray[np.float16] | NDArray[np.int8]

KEPT = 16_000_000
"""Numbers that the internals of one span may hold (64 MB); a span is that long."""
LONGEST = 2048


def span(layers: int, depth: int, hidden: int) -> int:
    """The number of characters that are read at once."""
    numbers = hidden * layers * (1 + 5 * depth)  # h, and c and four gates of every level
    return max(16, min(LONGEST, KEPT // numbers))


@torch.inference_mode()
def read(
    model: CharacterModel,
    engine: Engine,
    symbols: list[int],
    selection: Selection,
    wanted: Callable[[], bool] = lambda: True,
) -> Values | None:
    """The values of `selection` along a text.

    Args:
        symbols: as the vocabulary encodes the text.
        wanted: asked after every span; the work stops when nobody waits for it any more.

    Returns:
        an array of `selection.shape`, or None if it was not wanted to the end.

    Raises:
        NotFinite: int8 is asked for, which has no such number.
    """
    values: Values = np.empty(selection.shape, selection.dtype)
    card, start = model.card, 0
    if not symbols:
        return values
    changed = selection.interventions
    for internals, _ in engine.read_long(
        torch.tensor(symbols),
        engine.start(),
        gates=selection.signal == "gates",
        span=span(card.layers, card.depth, card.hidden),
        under=Under(engine.plan(changed), 0) if changed else None,
    ):
        if not wanted():
            return None
        chosen = narrow(signal(model, internals, selection.signal), selection)
        if selection.dtype == "int8":
            require_finite(chosen)
            chosen = as_bytes(chosen)
        with np.errstate(over="ignore"):  # beyond float16 it is infinite
            values[start : start + len(chosen)] = chosen.numpy()
        start += len(chosen)
    return values


def signal(model: CharacterModel, internals: Internals, name: str) -> Tensor:
    """One signal of the first text of the batch, time first."""
    if name == "display":
        c = internals.c[0]
        return displayed(c) if c.shape[2] else internals.h[0].unsqueeze(2)
    if name == "cell":
        return internals.c[0]
    if name == "hidden":
        return internals.h[0]
    if name == "gates":
        return internals.gates[0]
    return model.head(internals.h[0, :, -1])  # type: ignore[no-any-return]


def narrow(values: Tensor, selection: Selection) -> Tensor:
    """The chosen entries of every axis, in the order given."""
    for axis, indices in selection.indices.items():
        values = values.index_select(selection.axes.index(axis), torch.tensor(indices))
    return values
