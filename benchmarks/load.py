"""Benchmarks a crowd on one server: the engine alone, and visitors who type, paste, or attack.

The engine: as many readers as there are visitors, a step each; one at a time, and as one batch.
`plain` is the batch's alternative without this engine: one step of `RNN.steps` after another.

The server, with the shipped pair of models; each part lasts some seconds:
  alone      one visitor typing at a steady pace
  crowd      64 of them, out of step
  half       32 of them
  half+paste 32 of them, beside one who pastes 20,000 characters
  pastes     one visitor typing while 40 others paste 20,000 characters each
  many       200 of them: slower, but nobody's character is lost
  hostile    one visitor beside one hostile connection, kind by kind (benchmarks/hostile.py)

The ratios are of the 95 % quantiles of the time from a keystroke, when it was due, to its colours.
All of it takes some three minutes; `--only` leaves parts out (one alone is always measured).
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.figures import finish, interleaved, quantile, table
from benchmarks.hostile import HOSTILE, attacking
from benchmarks.networks import random_model
from benchmarks.server import Server, sentence, serving
from benchmarks.visitor import Visitor
from models.reading.engine import Engine
from models.states import State

PASTED = 20_000
"""Characters."""
OPENING = 300
"""Characters that everybody has before."""
PASTING = 40
"""Visitors who paste at the same time."""
PARTS = ("engine", "crowd", "paste", "pastes", "many", "hostile")
ROOT = Path(__file__).parents[1]


def readers(hidden: int, count: int) -> dict[str, Callable[[], object]]:
    """Name -> one step of `count` readers."""
    model = random_model(1, 2, hidden, half=True)
    engine = Engine(model.rnn)
    symbols = torch.randint(len(model.vocabulary), (count, 1))
    _, state = engine.read(symbols.expand(count, 20), engine.start(count), gates=False)
    one, single = symbols[:1], State(state.h[:1], state.c[:1])

    def one_at_a_time() -> None:
        for _ in range(count):
            engine.read(one, single, gates=False)

    def plain() -> None:
        for _ in range(count):
            next(model.rnn.steps(one, single))

    return {
        "plain": plain,
        "one at a time": one_at_a_time,
        "batch": lambda: engine.read(symbols, state, gates=False),
    }


async def steady(visitor: Visitor, pace: float, until: float, delay: float) -> list[float]:
    """Type a character every 1/pace seconds; seconds of each answer, counted from when it was due.

    One who waits longer than that types the next at once: what is late stays in the figures.
    """
    seconds = []
    due = time.perf_counter() + delay
    while due < until:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        await visitor.type("e")
        seconds.append(time.perf_counter() - due)
        due += 1 / pace
    return seconds


@dataclass(frozen=True)
class Part:
    """The waiting times of some visitors for their colours."""

    seconds: list[float]  # of every keystroke
    work: float  # seconds of the server's processors a keystroke

    @property
    def late(self) -> float:
        """95 % of the keystrokes waited no longer."""
        return quantile(self.seconds, 0.95)


async def typing(
    server: Server, models: list[str], count: int, pace: float, lasting: float, pasting: int = 0
) -> Part:
    """So many visitors, each at this pace, and more who paste a long text meanwhile.

    One paste is waited for; several are left where they are when the typing ends.
    """
    async with AsyncExitStack() as stack:
        visitors = [
            await stack.enter_async_context(Visitor(server.live, models, list(range(7))))
            for _ in range(count + pasting)
        ]
        await asyncio.gather(*(visitor.type(sentence(OPENING)) for visitor in visitors[:count]))
        before = server.busy()
        end = time.perf_counter() + lasting
        asked = [steady(v, pace, end, k / count / pace) for k, v in enumerate(visitors[:count])]
        paste = sentence(PASTED)
        pastes = [asyncio.create_task(visitor.type(paste)) for visitor in visitors[count:]]
        answers = [value for each in await asyncio.gather(*asked) for value in each]
        work = (server.busy() - before) / len(answers)
        if pasting > 1:
            for task in pastes:
                task.cancel()
        await asyncio.gather(*pastes, return_exceptions=pasting > 1)
    return Part(answers, work)


@torch.inference_mode()
def engines(hidden: int, count: int, repeats: int) -> dict[str, float]:
    """Name -> characters a second of the engine's readers."""
    seconds = interleaved(readers(hidden, count), repeats)
    rates = {key: count / value for key, value in seconds.items()}
    rows = [[key, rate, rates["batch"] / rate] for key, rate in rates.items()]
    title = f"{count} readers, nested, {hidden} cells"
    table(title, ["", "characters/s", "the batch is x times as fast"], rows)
    return rates


def crowds(server: Server, options: argparse.Namespace) -> dict[str, Part]:
    """The parts that were asked for, by their names in the table."""

    def part(count: int, pasting: int = 0, lasting: float = options.seconds) -> Part:
        return asyncio.run(typing(server, options.models, count, options.pace, lasting, pasting))

    only, half = options.only, options.visitors // 2
    part(1, lasting=2)  # the first texts meet cold models
    parts = {"alone": part(1, lasting=2 * options.seconds)}  # few keystrokes make a poor quantile
    if "crowd" in only:
        parts["crowd"] = part(options.visitors)
    if "paste" in only:
        parts["half"] = part(half)
        parts["half+paste"] = part(half, pasting=1)
    if "pastes" in only:
        parts["pastes"] = part(1, pasting=PASTING)
    if "many" in only:
        parts["many"] = part(options.many)
    for kind in HOSTILE if "hostile" in only else ():
        with attacking(kind, server.port, options.models[0]):
            parts[f"beside {kind.__name__}"] = part(1)
    return parts


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--hidden", type=int, default=600, help="cells of the engine's network")
    parser.add_argument("--checkpoints", type=Path, default=ROOT / "checkpoints")
    parser.add_argument("--models", nargs="+", default=["nested-chrono-ptb", "stacked-ptb"])
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--many", type=int, default=200)
    parser.add_argument("--pace", type=float, default=5.0, help="characters a second of each")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    parser.add_argument("--repeats", type=int, default=9, help="of the engine's steps")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    if "engine" in options.only:
        rates = engines(options.hidden, options.visitors, options.repeats)
        figures |= {f"engine: {key} characters/s": rate for key, rate in rates.items()}
        ratios["ours/eager"] = rates["batch"] / rates["plain"]
        ratios["engine: batch/one at a time"] = rates["batch"] / rates["one at a time"]
    if set(options.only) != {"engine"}:
        with serving(options.checkpoints, {"WORKERS": str(options.workers)}) as server:
            parts = crowds(server, options)
        head = ["", "typed", "median ms", "p95 ms", "slowest ms", "server ms a keystroke"]
        title = f"Typing {options.pace:g} characters a second, {' and '.join(options.models)}"
        table(title, head, [[name, *numbers(each)] for name, each in parts.items()])
        for name, each in parts.items():
            figures[f"server: {name} p95 ms"] = each.late * 1e3
            figures[f"server: {name} work ms"] = each.work * 1e3
            figures[f"server: {name} slowest ms"] = max(each.seconds) * 1e3
        ratios |= compared(parts)
    finish("load", figures, ratios)


def numbers(part: Part) -> list[float]:
    """A row of the table."""
    median, slowest = statistics.median(part.seconds), max(part.seconds)
    return [len(part.seconds), median * 1e3, part.late * 1e3, slowest * 1e3, part.work * 1e3]


def compared(parts: dict[str, Part]) -> dict[str, float]:
    """The ratios that the server is judged by."""
    alone = parts["alone"]
    ratios = {
        f"p95: {name}/alone": part.late / alone.late
        for name, part in parts.items()
        if name == "crowd" or name.startswith("beside")
    }
    if "crowd" in parts:
        ratios["work: crowd/alone"] = parts["crowd"].work / alone.work
    if "half" in parts:
        ratios["p95: half+paste/half"] = parts["half+paste"].late / parts["half"].late
    return ratios


if __name__ == "__main__":
    main()
