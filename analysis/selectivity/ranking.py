"""All cells of a corpus ranked by how well they tell a feature.

Axes: T character, M cell, V value, B block of text, R resample.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.cells import Cell, Network
from analysis.corpus.stretch import Bytes
from analysis.selectivity.chance import LEVEL, SHIFTS, chance
from analysis.selectivity.counts import auc, count, occurrences
from analysis.selectivity.features.feature import Label, points
from analysis.timescales.statistics import block_weights, percentile_interval

BLOCKS = 64
"""The most blocks of text for the bootstrap of the interval."""
LEAST_BLOCK = 200
"""The least characters of a block: characters are not independent, stretches nearly are."""
RESAMPLES = 1000
TIE = 1e-12
"""Scores that differ by no more count as equal, up to rounding."""
RECENT = 4
"""The number of last characters in the comparison with memory."""
WEIGHT = 1.0
"""The weight, in places, of what fewer characters predict."""
SETTLED = 0.99
"""AUC of the last characters above which they settle the feature without memory."""
LEAST = 20
"""The least characters with the feature, and without it, for a ranking."""


class Source(Protocol):
    """A source of values, such as a corpus."""

    @property
    def network(self) -> Network:
        """The network that read the text."""

    @property
    def characters(self) -> int:
        """T."""

    def values(
        self, cells: Sequence[Cell] | None = None, start: int = 0, stop: int | None = None
    ) -> Iterator[Bytes]:
        """Values of characters `start` to `stop`, (t, M) after (t, M)."""


class Rare(ValueError):
    """Too few characters have the feature, or lack it, for a ranking."""


@dataclass(frozen=True)
class Ranked:
    """The score of one cell for the feature. The AUC is that of sign * value: at least 0.5."""

    cell: Cell
    sign: int  # 1: high where the feature is; -1: low
    auc: float
    low: float  # 95 % interval over blocks of text
    high: float
    first: float  # the same sign's AUC in the first half of the text, and in the second
    second: float
    inside: float  # mean display value
    outside: float
    p: float  # over all cells (see `analysis.selectivity.chance`)
    real: bool  # neither chance over all cells nor the last characters explain it


@dataclass(frozen=True)
class Ranking:
    """The ranking of all cells for one feature."""

    characters: int
    share: float  # of them with the feature
    runs: int  # stretches with it
    chance: float  # the AUC that the best cell reaches by chance in 5 % of all shifts
    shifts: int
    character: float  # the AUC of the character alone, without any memory
    recent: float  # that of the last RECENT characters
    rows: list[Ranked]  # the best first


def rank(
    source: Source,
    text: str,
    label: Label,
    *,
    start: int = 0,
    stop: int | None = None,
    listed: int = 20,
    shifts: int = SHIFTS,
    seed: int = 1,
    keep: Callable[[Cell], bool] = lambda cell: True,
    check: Callable[[int], object] = lambda done: None,
) -> Ranking:
    """Rank the cells by the AUC of their values for `label` on characters `start` to `stop`.

    Args:
        text: the source's, for `Ranking.character`.
        label: (T), of the whole text.
        keep: which cells are listed; chance is over all of them all the same.
        check: called with the characters that a pass over the text has done, from 0 on, again and
            again; what it raises ends the work.

    Raises:
        Rare: fewer than LEAST characters have the feature, or have it not.
    """
    stop = source.characters if stop is None else stop
    label = label[start:stop]
    require_enough(label)

    def pieces(cells: Sequence[Cell] | None = None) -> Iterator[Bytes]:
        done = 0
        for piece in source.values(cells, start, stop):
            check(done)
            yield piece
            done += len(piece)

    counts = count(pieces(), label)
    found = chance(pieces(), counts, label, shifts, seed)
    cells = source.network.cells()
    size = counts.auc()
    order = [k for k in np.argsort(-np.abs(size - 0.5), kind="stable").tolist() if keep(cells[k])]
    chosen = order[:listed]
    blocks = Blocks.of(pieces([cells[k] for k in chosen]), label) if chosen else None
    inside, outside = counts.means()
    p = found.p(size)
    recent = recent_auc(text[start:stop], label)
    rows = []
    for n, k in enumerate(chosen):
        assert blocks
        sign = 1 if size[k] >= 0.5 else -1  # noqa: PLR2004
        low, high = blocks.interval(n, sign, seed)
        rows.append(
            Ranked(
                cell=cells[k],
                sign=sign,
                auc=_signed(float(size[k]), sign),
                low=low,
                high=high,
                first=_signed(blocks.auc(n, slice(None, blocks.middle)), sign),
                second=_signed(blocks.auc(n, slice(blocks.middle, None)), sign),
                inside=float(inside[k]),
                outside=float(outside[k]),
                p=float(p[k]),
                real=bool(p[k] < LEVEL and (low > recent or recent > SETTLED)),
            )
        )
    return Ranking(
        characters=len(label),
        share=float(label.mean()),
        runs=int((label & ~np.concatenate([[False], label[:-1]])).sum()),
        chance=found.auc,
        shifts=shifts,
        character=recent_auc(text[start:stop], label, 1),
        recent=recent,
        rows=rows,
    )


def require_enough(label: Label) -> None:
    """Refuse a label that is nearly always, or nearly never, true.

    Raises:
        Rare: with the numbers.
    """
    ones = int(label.sum())
    if min(ones, len(label) - ones) < LEAST:
        raise Rare(
            f"{ones:,} of {len(label):,} characters have the feature: at least {LEAST} must have "
            f"it, and at least {LEAST} not"
        )


def recent_auc(text: str, label: Label, characters: int = RECENT) -> float:
    """The AUC of the last few characters: what it takes no memory beyond them to tell.

    Each place is scored by how often the feature follows the same characters, drawn towards what
    fewer of them say (by WEIGHT), in the half of the text that the place is not in: of blocks of
    LEAST_BLOCK characters every second one. Halves that alternate both hold what only a part of the
    text has; of a first and a second half one would be judged on what it cannot know.
    """
    half = np.arange(len(label)) // min(LEAST_BLOCK, -(-len(label) // 2)) % 2
    symbols, inverse = np.unique(points(text), return_inverse=True)
    scores = np.full(len(label), label.mean())
    context = np.zeros(len(label), np.int64)
    for back in range(characters):
        before = np.concatenate([np.full(back, len(symbols)), inverse])[: len(label)]
        _, context = np.unique(context * (len(symbols) + 1) + before, return_inverse=True)
        own, other = 2 * context + half, 2 * context + 1 - half
        size = 2 * int(context.max()) + 2
        ones = np.bincount(own, label, size)[other]
        seen = np.bincount(own, minlength=size)[other]
        scores = (ones + WEIGHT * scores) / (seen + WEIGHT)
    # Places of one score are ties, also where rounding made two numbers of it.
    found, level = np.unique(scores, return_inverse=True)
    level = np.concatenate([[0], np.cumsum(np.diff(found) > TIE)])[level]
    size = int(level.max()) + 1
    true, false = (np.bincount(level[chosen], minlength=size) for chosen in (label, ~label))
    return float(auc(true, false))


def _signed(size: float, sign: int) -> float:
    """The AUC of sign * value."""
    return size if sign > 0 else 1 - size


@dataclass(frozen=True)
class Blocks:
    """Counts of a few cells in every block of text: both (B, M, V)."""

    inside: NDArray[np.int64]
    outside: NDArray[np.int64]

    @classmethod
    def of(cls, pieces: Iterator[Bytes], label: Label) -> "Blocks":
        """Cut a text into BLOCKS nearly equal blocks (fewer if it is short), an even number."""
        B = max(2, min(BLOCKS, len(label) // LEAST_BLOCK) // 2 * 2)
        values = np.concatenate(list(pieces))
        edges = [len(label) * b // B for b in range(B + 1)]
        spans = [slice(a, b) for a, b in pairwise(edges)]
        return cls(
            np.stack([occurrences(values[s][label[s]]) for s in spans]),
            np.stack([occurrences(values[s][~label[s]]) for s in spans]),
        )

    @property
    def middle(self) -> int:
        """The block that opens the second half."""
        return len(self.inside) // 2

    def auc(self, m: int, blocks: slice) -> float:
        """The AUC of cell m in some blocks; NaN where all or none of it has the feature."""
        return float(auc(self.inside[blocks, m].sum(0), self.outside[blocks, m].sum(0)))

    def interval(self, m: int, sign: int, seed: int) -> tuple[float, float]:
        """The 95 % interval of sign * value's AUC, blocks drawn with replacement."""
        weights = block_weights(len(self.inside), RESAMPLES, seed)
        sizes = auc(weights @ self.inside[:, m], weights @ self.outside[:, m])
        sizes = sizes if sign > 0 else 1 - sizes
        low, high = percentile_interval(sizes[np.isfinite(sizes)], len(self.inside))
        return float(low), float(high)
