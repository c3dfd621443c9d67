"""Drawings become images as MNIST has them, by the data's own measure, where the data is there."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.digits import accuracy, digits, redrawn
from models import load_checkpoint

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
CHECKPOINTS = sorted((ROOT / "checkpoints").glob("*-digits.safetensors"))
pytestmark = [
    pytest.mark.skipif(not (DATA / "mnist").exists(), reason="data/mnist is not there"),
    pytest.mark.skipif(not shutil.which("node"), reason="Node is not there"),
]


@pytest.fixture(scope="module")
def pairs():
    images, labels = digits(DATA, 200)
    return images, redrawn(images), labels


def measured(images):
    """Centre of mass (x, y), the longest side of the ink's box, and the ink of each image."""
    ink = images.sum((1, 2))
    places = np.arange(28)
    x, y = images.sum(1) @ places / ink, images.sum(2) @ places / ink
    wide, high = ((images.max(axis) > 0) for axis in (1, 2))
    longest = np.maximum(*(27 - a[:, ::-1].argmax(1) - a.argmax(1) + 1 for a in (wide, high)))
    return x, y, longest, ink


def test_the_aggregates_that_the_drawings_are_held_to_are_the_datas():
    """The same numbers as in tests/js/pages/digits."""
    x, y, longest, ink = measured(digits(DATA, 10_000)[0])
    assert (longest == 20).sum() == 9997
    assert np.abs(np.concatenate([x, y]) - 14).max() <= 0.51
    assert np.percentile(ink, [1, 99]).round().tolist() == [38, 199]


def test_digits_taken_apart_come_back_as_they_were(pairs):
    images, drawn, _ = pairs
    for before, after in zip(measured(images)[:3], measured(drawn)[:3], strict=True):
        assert np.abs(after - before).max() <= 1.01  # a whole pixel, where rounding is on the edge
    shifted = [np.roll(drawn, (x, y), (1, 2)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    off = np.min([np.abs(s - images).sum((1, 2)) for s in shifted], axis=0) / images.sum((1, 2))
    assert off.max() < 0.6  # of the ink; enlarging smoothly blurs it


@pytest.mark.parametrize("path", CHECKPOINTS, ids=lambda path: path.stem)
def test_accuracy_is_the_classifiers_own_within_a_hundredth(pairs, path):
    images, drawn, labels = pairs
    model = load_checkpoint(path)
    own, through = accuracy(model, images, labels), accuracy(model, drawn, labels)
    assert own > 0.95
    assert abs(own - through) <= 0.01
