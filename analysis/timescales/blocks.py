"""Cuts a text into blocks for the bootstrap, each read as a few passages after a burn-in.

Passages are where contexts are swapped and memories pushed, so they decide how far a lag can reach;
blocks are what the bootstrap draws, so they must be many (40 or more) and long beside a timescale
(ten times the longest one that is believed).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BURN_IN = 500
"""Characters read before a block, to forget the zero state."""
PASSAGES = 5
"""The number of passages per block."""
LEAST_BLOCKS = 40
LEAST_WINDOW, MOST_WINDOW = 40, 400
MOST_BINS = 64
"""Sums are kept for so many blocks; longer texts merge neighbours, so memory does not grow."""
LEAST_TEXT = BURN_IN + LEAST_BLOCKS * PASSAGES * LEAST_WINDOW


class TooShort(ValueError):
    """The text is too short for the statistics. The message says how much is enough."""


@dataclass(frozen=True)
class Cut:
    """`blocks` blocks of PASSAGES passages of `window` characters, from character BURN_IN on."""

    window: int
    blocks: int

    @property
    def block(self) -> int:
        """The number of characters of a block."""
        return PASSAGES * self.window

    @property
    def bins(self) -> int:
        """Blocks as the bootstrap sees them."""
        return min(self.blocks, MOST_BINS)

    @property
    def characters(self) -> int:
        """Characters used, burn-in included."""
        return BURN_IN + self.blocks * self.block

    def bin(self, block: int) -> int:
        """The bin for the sums of a block."""
        return block * self.bins // self.blocks

    def groups(self, most: int) -> list[range]:
        """The blocks in runs of nearly equal length, at least 2 and at most about `most` each."""
        count = max(1, min(-(-self.blocks // max(most, 2)), self.blocks // 2))
        edges = [k * self.blocks // count for k in range(count + 1)]
        return [range(a, b) for a, b in pairwise(edges)]


def cut(characters: int) -> Cut:
    """The cut of a text of so many characters.

    Raises:
        TooShort: fewer than LEAST_TEXT.
    """
    if characters < LEAST_TEXT:
        raise TooShort(
            f"the text has {characters:,} characters; timescales need {LEAST_TEXT:,} "
            f"({LEAST_BLOCKS} blocks of {PASSAGES * LEAST_WINDOW}) and are sharper with 100,000"
        )
    usable = characters - BURN_IN
    window = min(MOST_WINDOW, usable // (LEAST_BLOCKS * PASSAGES))
    return Cut(window, usable // (PASSAGES * window))


def lag_grid(longest: int) -> NDArray[np.int64]:
    """Lags 0, 1, 2, ... up to `longest`, evenly spaced on a log axis where that is coarser."""
    spaced = np.geomspace(1, longest, 56).round().astype(np.int64)
    return np.unique(np.concatenate([[0], spaced]))
