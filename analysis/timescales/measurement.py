"""Takes all measures of one network in one reading of a text."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.timescales import measures
from analysis.timescales.activity import Activity
from analysis.timescales.blocks import Cut, cut, lag_grid
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.decay import Floats
from analysis.timescales.halves import Half, halves
from analysis.timescales.measures.measure import Loss, Measure, OfGroups, OfUnits, Setup
from analysis.timescales.memories import Memory, memories
from analysis.timescales.passages import Reader
from analysis.timescales.statistics import block_weights
from models.networks import CharacterModel
from models.reading.engine import Engine
from models.vocabulary import UNKNOWN

Progress = Callable[[str, int, int], None]
"""Called with the name of the work, the amount done, and the whole amount."""


@dataclass(frozen=True)
class Settings:
    """The settings that a result depends on, besides the model and the text."""

    characters: int = 100_000  # at most
    resamples: int = 2000
    seed: int = 1
    halves: bool = False  # transplant the slow and the fast half of every memory as well


@dataclass(frozen=True)
class Measurement:
    """The measurements of M memories with H units each, in the order of `memories`."""

    memories: list[Memory]
    cut: Cut
    lags: NDArray[np.int64]
    text_sha256: str
    unknown: int  # characters that the model has no input for
    dead: NDArray[np.bool_]  # (M, H)
    saturated: NDArray[np.bool_]  # (M, H), innermost cells, read and raw
    estimates: dict[str, list[Estimates | None]]  # by measure of units, one for each memory
    shuffled: dict[str, list[Estimates | None]]  # the same on shuffled text, of some measures
    between: dict[str, Floats]  # (lags, states, M), from each state to each memory, of some
    losses: dict[str, list[Loss]]  # by measure of groups
    halves: list[Half]


def measure(
    model: CharacterModel,
    text: str,
    settings: Settings = Settings(),
    progress: Progress = lambda what, done, of: None,
) -> Measurement:
    """All measures of `model` on the first `settings.characters` of `text`.

    Needs about 1 GB whatever the text's length.

    Raises:
        TooShort: the text cannot carry the statistics.
        NotFinite: the model overflows.
    """
    text = text[: settings.characters]
    plan = cut(len(text))
    rnn = model.rnn
    like = next(rnn.parameters()).detach().new_empty(rnn.hidden)  # for its type
    rows = memories(rnn.layers, rnn.depth, rnn.cell)
    setup = Setup(model, rows, plan, lag_grid(plan.window), like, settings.seed)
    taken = [kind(setup) for kind in measures.MEASURES]
    controls = [kind(setup) for kind in measures.MEASURES if kind.shuffled]
    activity = Activity(rows, rnn.depth, like)
    reader = Reader(Engine(rnn), model.vocabulary, text, plan, settings.seed)
    _read(reader, activity, taken, controls, progress)
    weights = block_weights(plan.bins, settings.resamples, settings.seed)
    of_units = [each for each in taken if isinstance(each, OfUnits)]

    def bootstrap(n: int) -> Callable[[int, int], None]:
        """Progress of the n-th measure."""
        return lambda m, of: progress("bootstrap", n * of + m, len(of_units) * of)

    estimates = {each.key: each.estimate(weights, bootstrap(n)) for n, each in enumerate(of_units)}
    # A measure that means nothing for any memory of this kind of cell is left out.
    estimates = {key: found for key, found in estimates.items() if any(found)}
    once = np.ones((1, plan.bins), np.float32)  # a control is not resampled
    dead = _dead(activity, estimates.get(measures.PRIMARY))
    apart: list[Half] = []
    if settings.halves:
        used = ~(dead | activity.saturated())
        reading = reader.count
        apart = halves(
            setup,
            reader,
            estimates[measures.PRIMARY],
            used,
            weights,
            lambda n: progress("reading with halves of memories transplanted", n, reading),
        )
    return Measurement(
        memories=rows,
        cut=plan,
        lags=setup.lags,
        text_sha256=hashlib.sha256(text[: plan.characters].encode()).hexdigest(),
        unknown=model.vocabulary.encode(text[: plan.characters]).count(UNKNOWN),
        dead=dead,
        saturated=activity.saturated(),
        estimates=estimates,
        shuffled={
            each.key: each.estimate(once, lambda m, of: None)
            for each in controls
            if isinstance(each, OfUnits)
        },
        between={each.key: between for each in of_units if (between := each.between()) is not None},
        losses={each.key: each.estimate(weights) for each in taken if isinstance(each, OfGroups)},
        halves=apart,
    )


def _read(
    reader: Reader,
    activity: Activity,
    taken: Sequence[Measure],
    controls: Sequence[Measure],
    progress: Progress,
) -> None:
    """Read the text for all measures at once, then the shuffled text for the controls."""
    for n, passage in enumerate(reader.passages()):
        progress("reading", n, 2 * reader.count)
        activity.add(passage)
        for each in taken:
            each.add(passage)
    for n, passage in enumerate(reader.passages(shuffled=True)):
        progress("reading shuffled text", reader.count + n, 2 * reader.count)
        for each in controls:
            each.add(passage)


def _dead(activity: Activity, contexts: list[Estimates | None] | None) -> NDArray[np.bool_]:
    """The units without a timescale, (M, H).

    A unit that does not tell two contexts apart has nothing to forget.
    """
    dead = activity.dead()
    if contexts:
        dead |= np.stack([e is not None and e.curves[0] <= 0 for e in contexts])
    return dead
