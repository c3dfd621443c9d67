"""Tiny tasks made on the spot, for the tests of the training loop."""

import numpy as np

from experiments.datasets.corpus import Corpus
from experiments.datasets.mnist import Digits
from experiments.datasets.quatrains import Quatrains
from experiments.digits import Glimpses
from experiments.poems import Poems
from experiments.settings import Settings
from experiments.streams import Streams

SMALL = Settings(hidden=8, epochs=4, streams=4, window=10, seed=3)


def text(count, seed=0):
    letters = np.random.default_rng(seed).choice(list("abcd "), count)
    return "".join(letters)


def task(settings, count=500):
    return Streams(Corpus.of("tiny", text(count), text(120, 1), text(120, 2)), settings)


def poems(settings):
    def part(first):
        poems = (text(20, seed).replace(" ", "e") for seed in range(first, first + 30))
        return "\n".join(" ".join(poem) for poem in poems)

    return Poems(Quatrains.of("tiny", part(0), part(30), part(60)), settings)


def digits(settings):
    random = np.random.default_rng(0)

    def part(n):
        return random.random((n, 20, 49), dtype=np.float32), random.integers(0, 10, n)

    return Glimpses(Digits("tiny", part(30), part(20), part(20)), settings)
