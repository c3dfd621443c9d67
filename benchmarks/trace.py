"""Benchmarks all cell states of a long text: ours, a plain loop, and the lower bound.

eager     one `models.cells.nested_lstm` after another, the equations as plain torch
nn.LSTM   torch.nn.LSTM of two layers and as many cells; it gives no cell states
gemm      only the matmuls of the same text, as two large ones
one step  the engine, one character after another
ours      the engine's way with a long text

Times are per character. Eager and one step are linear in the text and timed on a part of it.
"""

import argparse
import copy
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from benchmarks.figures import finish, interleaved, table
from benchmarks.networks import forgetful_model, letters, planted_model, random_model, rounded
from models import CharacterModel, load_checkpoint
from models.reading.engine import Engine


def candidates(
    model: CharacterModel, symbols: torch.Tensor, part: int
) -> dict[str, tuple[int, Callable[[], object]]]:
    """Name -> (characters, a run)."""
    engine, hidden = Engine(model.rnn), model.rnn.hidden
    lstm = torch.nn.LSTM(len(model.vocabulary), hidden, 2, batch_first=True).requires_grad_(False)
    one_hot = torch.nn.functional.one_hot(symbols.clamp(min=0), len(model.vocabulary)).float()
    rows = torch.randn(len(symbols), 2 * hidden)
    weights = [
        torch.cat([level.weight_ih, level.weight_hh], 1)[:, -hidden * (1 + bool(l or d)) :].t()
        for l in range(model.rnn.layers)
        for d, level in enumerate(model.rnn.layer(l))
    ]

    def eager() -> None:
        states = []
        for step, _ in model.rnn.steps(symbols[None, :part]):
            states.append((step.h, step.c))

    def gemm() -> None:
        for block in rows.split(1024):
            for weight in weights:
                torch.mm(block[:, : len(weight)], weight)

    def ours() -> None:
        for _piece in engine.read_long(symbols, engine.start(), gates=False):
            pass

    return {
        "eager": (part, eager),
        "nn.LSTM": (len(symbols), lambda: lstm(one_hot.unsqueeze(0))),
        "gemm": (len(symbols), gemm),
        "one step": (part, lambda: engine.read(symbols[None, :part], engine.start(), gates=False)),
        "ours": (len(symbols), ours),
    }


def differences(model: CharacterModel, symbols: torch.Tensor) -> dict[str, float]:
    """The largest difference between the cells of two readings, relative to max(1, |c|)."""
    engine = Engine(model.rnn)
    one = engine.read(symbols[None], engine.start(), gates=False)[0].c
    pieces = engine.read_long(symbols, engine.start(), gates=False)
    ours = torch.cat([piece.c for piece, _ in pieces], 1)
    precise = Engine(copy.deepcopy(model.rnn).double())
    true = precise.read(symbols[None], precise.start(), gates=False)[0].c
    size = true.abs().clamp(min=1)
    pairs = {"ours, one step": (ours, one), "ours, float64": (ours, true)}
    pairs["one step, float64"] = (one, true)
    return {key: float(((a - b).abs() / size).max()) for key, (a, b) in pairs.items()}


def networks(
    hidden: int, names: list[str], weights: str | None
) -> Iterator[tuple[str, CharacterModel]]:
    """The networks asked for, one at a time."""
    half = weights != "float32"
    made = {
        "forgetful": lambda: forgetful_model(1, 2, hidden, half),
        "planted": lambda: planted_model(1, 2, hidden, half, memory=200),
        "chaotic": lambda: random_model(1, 2, hidden, half, gain=4.0),
    }
    for name in names:
        if name in made:
            yield name, made[name]()
        else:
            model = load_checkpoint(Path(name))
            if not isinstance(model, CharacterModel):
                raise SystemExit(f"{name} reads no text: give a charlm checkpoint")
            yield Path(name).stem, rounded(model) if weights == "float16" else model


@torch.inference_mode()
def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.trace",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "networks",
        nargs="*",
        default=["forgetful", "planted", "chaotic"],
        help="forgetful, planted (a memory of 200), chaotic, or checkpoints",
    )
    parser.add_argument("--hidden", type=int, default=600, help="cells of the networks made here")
    parser.add_argument(
        "--weights",
        choices=["float16", "float32"],
        help="float16: such as it can hold, also of checkpoints; float32: random ones (float16)",
    )
    parser.add_argument(
        "--difference",
        action="store_true",
        help="also how far ours, one step and float64 lie apart",
    )
    parser.add_argument("--text", type=Path, help="a text for checkpoints; random letters without")
    parser.add_argument("--characters", type=int, default=10_000)
    parser.add_argument("--part", type=int, default=500, help="characters of the linear ones")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--processor-time",
        action="store_true",
        help="count the time the processor worked, for a machine that has others to serve",
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = time.process_time if options.processor_time else time.perf_counter
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for name, model in networks(options.hidden, options.networks, options.weights):
        if options.text:
            text = options.text.read_text("utf-8")[: options.characters]
            symbols = torch.tensor(model.vocabulary.encode(text))
        else:
            symbols = letters(options.characters) % len(model.vocabulary)
        runs = candidates(model, symbols, min(options.part, len(symbols)))
        seconds = interleaved({key: run for key, (_, run) in runs.items()}, options.repeats, clock)
        times = {key: seconds[key] / count * 1e6 for key, (count, _) in runs.items()}
        rows = [[key, time, times[key] and time / times["ours"]] for key, time in times.items()]
        title = f"{name}, {model.rnn.hidden} cells, {len(symbols):,} characters"
        table(title, ["", "us/character", "ours is x times as fast"], rows)
        figures |= {f"{name}: {key} us/character": time for key, time in times.items()}
        others = [key for key in times if key != "ours"]
        ratios |= {f"{name}: ours/{key}": times[key] / times["ours"] for key in others}
        if options.difference:
            apart = differences(model, symbols)
            table("The largest difference of a cell", ["", "of max(1, |c|)"], list(apart.items()))
            figures |= {f"{name}: {key}": value for key, value in apart.items()}
    finish("trace", figures, ratios)


if __name__ == "__main__":
    main()
