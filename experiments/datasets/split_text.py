"""A text in three parts, as symbols of a vocabulary."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vocabulary import Vocabulary

Symbols = NDArray[np.int64]


@dataclass(frozen=True)
class SplitText:
    """train, valid, test: (N,) symbols."""

    name: str
    vocabulary: Vocabulary
    train: Symbols
    valid: Symbols
    test: Symbols

    @classmethod
    def of(cls, name: str, train: str, valid: str, test: str) -> "SplitText":
        """The vocabulary is every character of the three parts, in code point order."""
        vocabulary = Vocabulary(sorted(set(train) | set(valid) | set(test)))
        parts = (np.array(vocabulary.encode(part)) for part in (train, valid, test))
        return cls(name, vocabulary, *parts)
