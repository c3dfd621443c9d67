"""MNIST Glimpses: every digit as 20 glimpses of 7 x 7 pixels (Ba et al. 2016; paper, section 4).

Source: LeCun, Cortes, Burges. Terms: usually stated as CC BY-SA 3.0. The last 10,000 training
digits are the validation part.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.datasets.files import DataError, raw
from models.glimpses import glimpses

MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"
"""A mirror of yann.lecun.com/exdb/mnist, which is offline."""

FILES = {  # sha256 of the unpacked file, and its shape
    "train-images-idx3-ubyte": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        (60_000, 28, 28),
    ),
    "train-labels-idx1-ubyte": (
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        (60_000,),
    ),
    "t10k-images-idx3-ubyte": (
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        (10_000, 28, 28),
    ),
    "t10k-labels-idx1-ubyte": (
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        (10_000,),
    ),
}
TRAIN = 50_000

Part = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Digits:
    """train, valid, test: glimpses (N, 20, 49) in [0, 1], and labels (N)."""

    name: str
    train: Part
    valid: Part
    test: Part


def load(data: Path) -> Digits:
    """The digits as glimpses.

    Args:
        data: a folder with `mnist/` and the four idx files in it, plain or .gz; fetched if missing.
    """
    images, labels, test_images, test_labels = (
        read_idx(raw(data / "mnist" / name, sha256, f"{MIRROR}{name}.gz"), shape)
        for name, (sha256, shape) in FILES.items()
    )
    x, y = normalised(images), labels.astype(np.int64)
    return Digits(
        "mnist",
        (x[:TRAIN], y[:TRAIN]),
        (x[TRAIN:], y[TRAIN:]),
        (normalised(test_images), test_labels.astype(np.int64)),
    )


def read_idx(content: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The bytes of an idx file: two zeros, type 8 (uint8), the number of axes, their lengths."""
    axes = len(shape)
    header = 4 + 4 * axes
    found = tuple(int(n) for n in np.frombuffer(content[4:header], ">u4"))
    if content[:4] != bytes((0, 0, 8, axes)) or found != shape:
        raise DataError(f"an idx file of {shape} was expected, its header says {found}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def normalised(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 28, 28) bytes -> their glimpses (N, 20, 49) in [0, 1]."""
    return glimpses(images).astype(np.float32) / np.float32(255)
