"""Measures the cost of a layer's step in rows of a large batch, for `models.reading.cost`.

A step of K rows takes r (K + overhead) seconds, of a single row r * alone. Both are measured at two
numbers of cells: what is no matmul costs about the same at either, and so is told from what is.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.figures import finish, interleaved, table
from benchmarks.networks import forgetful_model, letters
from models.kernels import Kind
from models.reading.cost import COSTS
from models.reading.layer import Layer
from models.reading.layers import layer_of

ROWS = (24, 48, 96, 192)
STEPS = 20


def stepping(layer: Layer, rows: int) -> Callable[[], None]:
    """STEPS steps of a batch."""
    x = layer.project(letters(rows))
    h = x.new_zeros(rows, layer.hidden)
    cells = [h] * layer.memories

    def run() -> None:
        for _ in range(STEPS):
            layer.step(x.clone(), h, cells)

    return run


def costs(
    hidden: int, half: bool, repeats: int, clock: Callable[[], float]
) -> tuple[Kind, float, float]:
    """The kind of weights, the overhead, and the cost of a row alone."""
    layer = layer_of(forgetful_model(1, 2, hidden, half).rnn.cells[0], first=True)
    seconds = interleaved({str(n): stepping(layer, n) for n in (1, *ROWS)}, repeats, clock)
    row, base = np.polyfit(ROWS, [seconds[str(n)] for n in ROWS], 1)
    return layer.kind, float(base / row), float(seconds["1"] / row)


@torch.inference_mode()
def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cost",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, nargs=2, default=[300, 600], metavar="CELLS")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--processor-time", action="store_true", help="not the clock's")
    options = parser.parse_args()
    clock = time.process_time if options.processor_time else time.perf_counter
    torch.set_num_threads(options.threads)
    figures: dict[str, float] = {}
    rows: list[list[object]] = []
    small, large = sorted(options.hidden)
    for half in (True, False):
        kind, *few = costs(small, half, options.repeats, clock)
        kind, *many = costs(large, half, options.repeats, clock)
        # overhead(H) = matmuls + rest / H^2, at two H
        rest = (few[0] - many[0]) / (small**-2 - large**-2)
        overhead, alone = (value - rest / large**2 for value in many)
        known = COSTS[kind]
        rows += [
            [f"{kind}, measured", overhead, alone, rest / 600**2],
            [f"{kind}, in use", known.overhead, known.alone, known.rest / 600**2],
        ]
        figures |= {f"{kind}: overhead": overhead, f"{kind}: alone": alone, f"{kind}: rest": rest}
    table("A step, in rows", ["", "overhead", "alone", "rest / 600^2"], rows)
    finish("cost", figures, {})


if __name__ == "__main__":
    main()
