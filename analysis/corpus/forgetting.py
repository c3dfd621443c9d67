"""Measures after how many characters a network has forgotten its initial state.

A text is read in stretches side by side only if the state before a stretch can be found without
reading all that comes before it. At a few places of the text, two companions start beside the true
reading. One starts from the zero state: once it agrees with the true reading in everything, raw
cells included, a stretch may start that way. The other starts with correct innermost cells, as the
chunks of `models.reading.parallel` nearly do: once its values as read agree with the true reading,
chunks agree too.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from models.memories import displayed
from models.reading.engine import Engine
from models.states import State

PLACES = 8
LEAD = 1024
"""Characters read before a place, to reach the text's own state there."""
LONGEST = 4096
"""A longer warm-up would not pay."""
LOOK = 32
"""Characters between two comparisons."""
TOLERANCE = 5e-6
"""The largest difference between two states that count as one. Twice that is allowed at a seam."""
DOUBTFUL = 1e-2
"""A network whose states differ by more after a quarter of LONGEST does not forget."""
MARGIN = 1.5
"""Safety factor on the longest measured: other places may take longer."""


@dataclass(frozen=True)
class Forgetting:
    """The characters that the companions took; None if they did not merge."""

    warm_up: int | None  # before a stretch
    memory: int | None  # see `Engine.read_long`


@torch.inference_mode()
def forgetting(engine: Engine, symbols: Tensor) -> Forgetting:
    """Measure forgetting on a text (T); independent of how the text is read afterwards."""
    longest = min(LONGEST, (len(symbols) - LEAD) // 2) // LOOK * LOOK
    if longest < LOOK:
        return Forgetting(None, None)
    places = torch.linspace(0, len(symbols) - LEAD - longest, PLACES).long().tolist()
    rows = torch.stack([symbols[p : p + LEAD + longest] for p in places])
    true = engine.start(PLACES)
    for piece in rows[:, :LEAD].split(LOOK, 1):  # in pieces: little is held at once
        _, true = engine.read(piece, true, gates=False)
    zero, near = engine.start(PLACES), engine.start(PLACES)
    if near.c.shape[2]:
        near.c[:, :, -1] = true.c[:, :, -1]
    states = State(
        torch.cat([true.h, zero.h, near.h]), torch.cat([true.c, zero.c, near.c])
    )  # all three in one batch
    raw = shown = 0
    for read, piece in zip(range(0, longest, LOOK), rows[:, LEAD:].split(LOOK, 1), strict=True):
        _, states = engine.read(piece.repeat(3, 1), states, gates=False)
        true, zero, near = (
            State(h, c) for h, c in zip(states.h.split(PLACES), states.c.split(PLACES), strict=True)
        )
        gap = apart(true, zero)
        raw = read + LOOK if gap > TOLERANCE else raw
        shown = read + LOOK if apart(as_read(true), as_read(near)) > TOLERANCE else shown
        if read >= MARGIN * raw or (read >= longest // 4 and gap > DOUBTFUL):
            break
    memory = shown + LOOK if shown < read else None
    return Forgetting(_rounded(MARGIN * (raw + LOOK)) if read >= MARGIN * raw else None, memory)


def as_read(state: State) -> State:
    """The values of a state as they are read: tanh(c) of the innermost cells."""
    return State(state.h, displayed(state.c))


def apart(a: State, b: State) -> float:
    """The largest difference of two states (of any B), large cells in parts of their size.

    Everything counts, displayed or not: the raw content of an innermost cell decides its later
    display values.
    """
    gap = 0.0
    for x, y in ((a.h, b.h), (a.c, b.c)):
        if x.numel():
            gap = max(gap, float(((x - y).abs() / x.abs().clamp(min=1)).max()))
    return gap


def _rounded(characters: float) -> int:
    """The number rounded up to a multiple of LOOK."""
    return -int(-characters // LOOK) * LOOK
