"""Benchmarks one keystroke: the engine alone, and a visitor at a real server.

The engine: one step of a Nested LSTM and a Stacked LSTM of two layers, from a kept state.

eager     one `models.cells.nested_lstm`, the equations as plain torch
nn.LSTM   torch.nn.LSTM of as many layers (2) and cells; it gives no cell states
gemm only the matmuls of the step
ours      the engine
held      the engine, with one cell held (at most 1.15 times ours)

The server: Nested and Stacked together, 32 cells of each shown, a character typed at the end; from
the message that says so to the last column that answers it, through the socket and back. Beside it,
in turn, a visitor with one cell of each held.
"""

import argparse
import asyncio
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import torch

from benchmarks.figures import finish, interleaved, quantile, table
from benchmarks.networks import random_model
from benchmarks.server import checkpoints, sentence, serving
from benchmarks.visitor import Visitor
from models.reading.engine import Engine
from models.reading.plan import Under

SHIPPED = Path(__file__).parent.parent / "checkpoints"
ROOMY = {"MAX_TEXT": "40000"}
"""Settings of the server."""

CELLS = 32
"""Cells shown: as many as the smallest shipped network has."""

HELD = -1
"""Stands for a length: the first one, with a cell held."""
BURST = 10
"""Steps that are timed as one."""


def holding(depth: int) -> dict[str, object]:
    """One innermost cell of the lowest layer held."""
    return {"layer": 0, "level": depth - 1, "cells": [7], "set": 4}


def steps(layers: int, depth: int, hidden: int) -> dict[str, Callable[[], object]]:
    """Name -> BURST steps."""
    model = random_model(layers, depth, hidden, half=True)
    rnn, engine = model.rnn, Engine(model.rnn)
    symbols = torch.zeros(1, 1, dtype=torch.long)
    _, state = engine.read(symbols.expand(1, 50), engine.start())
    lstm = torch.nn.LSTM(rnn.inputs, hidden, 2, batch_first=True).requires_grad_(False)
    one_hot = torch.nn.functional.one_hot(symbols, rnn.inputs).float()
    carried = (torch.zeros(2, 1, hidden), torch.zeros(2, 1, hidden))
    rows = torch.randn(1, hidden)
    held = Under(engine.plan(model.parse([holding(depth)])), 50)
    weights = [
        weight.t().contiguous()
        for l in range(layers)
        for d, level in enumerate(rnn.layer(l))
        for weight in ([level.weight_ih] if l or d else []) + [level.weight_hh]
    ]

    def repeated(step: Callable[[], object]) -> Callable[[], None]:
        def burst() -> None:
            for _ in range(BURST):
                step()

        return burst

    return {
        "eager": repeated(lambda: list(rnn.steps(symbols, state))),
        "nn.LSTM": repeated(lambda: lstm(one_hot, carried)),
        "gemm": repeated(lambda: [torch.mm(rows, weight) for weight in weights]),
        "ours": repeated(lambda: engine.read(symbols, state)),
        "held": repeated(lambda: engine.read(symbols, state, under=[held])),
    }


async def typing(
    address: str,
    models: list[str],
    lengths: list[int],
    strokes: int,
    held: list[list[dict[str, object]]] | None = None,
) -> dict[int, list[float]]:
    """Text length -> seconds of each keystroke; the texts' keystrokes take turns.

    With `held`, the interventions of each model, also HELD: at the first length, under them.
    """
    visitors = {n: Visitor(address, models, list(range(CELLS))) for n in lengths}
    if held:
        visitors[HELD] = Visitor(address, models, list(range(CELLS)), held)
    seconds: dict[int, list[float]] = {length: [] for length in visitors}
    for length, visitor in visitors.items():
        await visitor.__aenter__()
        await visitor.type(sentence(length if length != HELD else lengths[0]))
    for _ in range(strokes):
        for length, visitor in visitors.items():
            seconds[length].append(await visitor.type("e"))
            await asyncio.sleep(0.005)
    for visitor in visitors.values():
        await visitor.__aexit__(None, None, None)
    return seconds


def shipped(lengths: list[int], strokes: int) -> None:
    """The character models of the checkpoints folder, one after another."""
    figures: dict[str, float] = {}
    rows: list[list[object]] = []
    with serving(SHIPPED, ROOMY) as server:
        with urlopen(f"http://127.0.0.1:{server.port}/api/models") as answer:
            names = [card["name"] for card in json.load(answer) if card["task"] == "charlm"]
        for name in names:
            typed = asyncio.run(typing(server.live, [name], lengths, strokes))
            medians = [statistics.median(typed[length]) * 1e3 for length in lengths]
            late = [quantile(typed[length], 0.99) * 1e3 for length in lengths]
            rows.append([name, *medians, *late])
            figures |= {
                f"{name}: median ms at {n}": m for n, m in zip(lengths, medians, strict=True)
            }
    heads = [f"{what} at {n:,}" for what in ("median ms", "p99 ms") for n in lengths]
    table("A keystroke, there and back", ["", *heads], rows)
    finish("keystroke", figures, {})


@torch.inference_mode()
def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.keystroke",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, default=600, help="cells of the networks")
    parser.add_argument("--lengths", type=int, nargs=2, default=[100, 20_000], metavar="CHARACTERS")
    parser.add_argument("--strokes", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--shipped", action="store_true", help="only the server, with each shipped model alone"
    )
    options = parser.parse_args()
    if options.shipped:
        shipped(options.lengths, options.strokes)
        return
    torch.set_num_threads(options.threads)
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for name, layers, depth in (("nested", 1, 2), ("stacked", 2, 1)):
        seconds = interleaved(steps(layers, depth, options.hidden), options.repeats)
        times = {key: value / BURST * 1e6 for key, value in seconds.items()}
        rows = [[key, time, time / times["ours"]] for key, time in times.items()]
        title = f"One step, {name}, {options.hidden} cells"
        table(title, ["", "us", "ours is x times as fast"], rows)
        figures |= {f"{name}: {key} us": time for key, time in times.items()}
        others = [key for key in times if key != "ours"]
        ratios |= {f"{name}: ours/{key}": times[key] / times["ours"] for key in others}
    with checkpoints(options.hidden) as folder, serving(folder, ROOMY) as server:
        typed = asyncio.run(
            typing(
                server.live,
                ["nested", "stacked"],
                options.lengths,
                options.strokes,
                [[holding(2)], [holding(1)]],
            )
        )
    under = typed.pop(HELD)
    rows = []
    for length, values in typed.items():
        median, late = statistics.median(values) * 1e3, quantile(values, 0.99) * 1e3
        rows.append([f"at {length:,} characters", median, late])
        figures |= {f"server: median ms at {length}": median, f"server: p99 ms at {length}": late}
    table("A keystroke, there and back", ["", "median ms", "p99 ms"], rows)
    short, long = options.lengths
    appended = statistics.median(typed[long]) / statistics.median(typed[short])
    print(f"\nAppending at {long:,} takes {appended:.3g} times what it takes at {short:,}.")
    figures["server: long over short"] = appended
    costs = statistics.median(under) / statistics.median(typed[short])
    print(f"With one cell of each model held, a keystroke costs {costs:.3g} times as much.")
    figures["server: held over untouched"] = costs
    finish("keystroke", figures, ratios)


if __name__ == "__main__":
    main()
