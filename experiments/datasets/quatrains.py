"""Chinese quatrains of 5-character lines: Zhang & Lapata (EMNLP 2014), their own split.

Source: `partitions_in_Table_2/rnnpg/` of the authors' `rnnpg_data_emnlp-2014`, the poems of 4 x 5
characters. Terms: "only ... for research purpose"; so they are not part of this repository.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.datasets.files import DataError, raw
from experiments.datasets.split_text import Symbols
from models.vocabulary import Vocabulary

HOME = "http://homepages.inf.ed.ac.uk/mlap/Data/EMNLP14/"
FILES = {  # sha256 of the file, and poems
    "train": ("a332119ed3b3e56cd6f5e4b8bd752f9dd507ea672bdbbffe87d2245b6a62ebec", 11_274),
    "valid": ("15dc5cd698460aaf5880021b6e5762490552ac2c923bc40dd3114286e4e5438a", 1_000),
    "test": ("3c6bf82a8d5a9e171271363978d17845e7453a84b4ec9347d5d28e2713a9b5ca", 1_025),
}
SYMBOLS, LENGTH = 5_368, 20


@dataclass(frozen=True)
class Quatrains:
    """train, valid, test: (poems, 20) symbols."""

    name: str
    vocabulary: Vocabulary
    train: Symbols
    valid: Symbols
    test: Symbols

    @classmethod
    def of(cls, name: str, train: str, valid: str, test: str) -> "Quatrains":
        """One poem a line, characters apart; `<R>`, a rare character, is one symbol."""
        parts = [[line.split() for line in part.splitlines()] for part in (train, valid, test)]
        for poem in (poem for part in parts for poem in part):
            if len(poem) != len(parts[0][0]):
                raise DataError(f"a poem has {len(poem)} characters: {' '.join(poem)}")
        vocabulary = Vocabulary(sorted({c for part in parts for poem in part for c in poem}))
        number = {symbol: k for k, symbol in enumerate(vocabulary)}
        arrays = (np.array([[number[c] for c in poem] for poem in part]) for part in parts)
        return cls(name, vocabulary, *arrays)


def load(data: Path) -> Quatrains:
    """The poems, checked against the counts of the paper's data.

    Args:
        data: a folder with `chinese_quatrains_zl2014/q{train,valid,test}5.txt`, plain or .gz: one
            poem a line, characters separated by white space.
    """
    folder = data / "chinese_quatrains_zl2014"
    if not os.path.isdir(folder):
        raise DataError(
            f"{folder} is missing: take rnnpg_data_emnlp-2014 from {HOME}, and put the lines of 20 "
            "characters of its partitions_in_Table_2/rnnpg/q{train,valid,test} there as "
            "q{train,valid,test}5.txt"
        )
    texts = [raw(folder / f"q{part}5.txt", sha256).decode() for part, (sha256, _) in FILES.items()]
    quatrains = Quatrains.of("quatrains", *texts)
    for part, (_, count) in FILES.items():
        shape = getattr(quatrains, part).shape
        if shape != (count, LENGTH):
            raise DataError(f"q{part}5 holds {shape}, expected {count} poems of {LENGTH}")
    if len(quatrains.vocabulary) != SYMBOLS:
        raise DataError(f"{len(quatrains.vocabulary)} symbols, expected {SYMBOLS}")
    return quatrains
