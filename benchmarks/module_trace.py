"""Benchmarks `trace_module`, every step's states and gates of a layer, against the layer alone.

The layer's own forward gives h of every step and c of the last one only.
"""

import argparse
from functools import partial

import torch

from benchmarks.figures import finish, interleaved, table
from models import trace_module


def main() -> None:
    """Both ways in turn; the aim is 0.8 of the layer's own speed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.module_trace",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--batch", type=int, default=64, help="%(default)s")
    parser.add_argument("--steps", type=int, default=200, help="%(default)s")
    parser.add_argument("--hidden", type=int, default=256, help="%(default)s")
    parser.add_argument("--layers", type=int, default=2, help="%(default)s")
    parser.add_argument("--repeats", type=int, default=9, help="%(default)s")
    options = parser.parse_args()
    torch.manual_seed(1)
    B, T, H, L = options.batch, options.steps, options.hidden, options.layers
    inputs = torch.randn(B, T, H)
    figures: dict[str, float] = {}
    layers: dict[str, torch.nn.LSTM | torch.nn.GRU] = {
        "nn.LSTM": torch.nn.LSTM(H, H, L, batch_first=True).requires_grad_(False),
        "nn.GRU": torch.nn.GRU(H, H, L, batch_first=True).requires_grad_(False),
    }
    for name, layer in layers.items():
        runs = {
            name: partial(layer, inputs),
            f"{name}, traced": partial(trace_module, layer, inputs),
        }
        for run in runs.values():
            run()
        seconds = interleaved(runs, options.repeats)
        figures |= {f"{run} ms": 1000 * value for run, value in seconds.items()}
    table(f"{B} x {T} x {H}, {L} layers", ["", "ms"], list(map(list, figures.items())))
    ratios = {
        f"{name}: traced/alone": figures[f"{name} ms"] / figures[f"{name}, traced ms"]
        for name in ("nn.LSTM", "nn.GRU")
    }
    print(f"\nSpeed of tracing in that of the layer: {ratios}")
    finish("module_trace", figures, ratios)


if __name__ == "__main__":
    main()
