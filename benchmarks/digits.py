"""Measures the page's path from a drawing to an image: a classifier's accuracy on MNIST.

Each test digit is enlarged ten times, smoothly, laid somewhere on a larger sheet, and goes through
the page's own code (static/pages/digits/raster.js, run by Node). The classifiers name the images
that come out, and the originals.
"""

import argparse
import base64
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from benchmarks.figures import finish, table
from experiments.datasets import mnist
from experiments.datasets.files import raw
from models import GlimpseClassifier, load_checkpoint
from models.glimpses import glimpses

ENLARGED = 10
SHEET = 340
"""Points of a side of the sheet that an enlarged digit, of 280, is laid on."""
SCRIPT = """
import { normalised } from "./static/pages/digits/raster.js";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { side, ink } = JSON.parse(line);
  const values = Float32Array.from(Buffer.from(ink, "base64"), (byte) => byte / 255);
  const { image } = normalised({ values, width: side, height: side });
  console.log(JSON.stringify([...image]));
}
"""

Images = NDArray[np.float32]


def digits(data: Path, count: int) -> tuple[Images, NDArray[np.int64]]:
    """The first test digits, (N, 28, 28) in [0, 1], and their labels."""
    images, labels = (
        mnist.read_idx(raw(data / "mnist" / name, sha256, f"{mnist.MIRROR}{name}.gz"), shape)
        for name, (sha256, shape) in mnist.FILES.items()
        if name.startswith("t10k")
    )
    ink = images[:count].astype(np.float32) / np.float32(255)
    return ink, labels[:count].astype(np.int64)


def redrawn(images: Images, seed: int = 0) -> Images:
    """The images enlarged, laid on a sheet at random, and centred and scaled by the page's code."""
    large = interpolate(torch.from_numpy(images)[:, None], scale_factor=ENLARGED, mode="bilinear")
    generator = np.random.default_rng(seed)
    lines = []
    for digit in large[:, 0].numpy():
        sheet = np.zeros((SHEET, SHEET), np.uint8)
        x, y = generator.integers(0, SHEET - len(digit) + 1, 2)
        sheet[y : y + len(digit), x : x + len(digit)] = np.rint(255 * digit)
        ink = base64.b64encode(sheet.tobytes()).decode()
        lines.append(json.dumps({"side": SHEET, "ink": ink}))
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    return np.array(found, np.float32).reshape(-1, 28, 28)


@torch.no_grad()
def accuracy(model: GlimpseClassifier, images: Images, labels: NDArray[np.int64]) -> float:
    """The share of the images that are named rightly."""
    logits, _ = model(torch.from_numpy(glimpses(images)))
    return float((logits.argmax(1).numpy() == labels).mean())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.digits")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with mnist/")
    parser.add_argument("--count", type=int, default=200, help="test digits (%(default)s)")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    options = parser.parse_args()
    images, labels = digits(options.data, options.count)
    drawn = redrawn(images)
    figures = {}
    for path in sorted(options.checkpoints.glob("*.safetensors")):
        model = load_checkpoint(path)
        if isinstance(model, GlimpseClassifier):
            figures[f"{path.stem}, originals"] = accuracy(model, images, labels)
            figures[f"{path.stem}, redrawn"] = accuracy(model, drawn, labels)
    table("Accuracy", ["network", "share"], list(figures.items()))
    finish("digits", figures, {})
