"""A crowd on one model: at the engine, and as visitors of a real server.

The engine: as many readers as there are visitors, a step each; one at a time, and as one batch.
`plain` is the batch's alternative without this engine: one step of `RNN.steps` after another.

The server, each part for some seconds:
  alone     one visitor typing at a steady pace
  crowd     the same beside all others, out of step, and one who pastes a long text
  one fast  one visitor typing as fast as the answers come
  all fast  all visitors, likewise
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable

import torch

from benchmarks.figures import finish, interleaved, quantile, table
from benchmarks.networks import random_model
from benchmarks.server import checkpoints, sentence, serving
from benchmarks.visitor import Visitor
from models.reading.engine import Engine
from models.states import State

PASTED = 10_000
"""Characters."""


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


async def hurried(visitor: Visitor, until: float) -> int:
    """Type as fast as the answers come; the number of characters."""
    count = 0
    while time.perf_counter() < until:
        await visitor.type("e")
        count += 1
    return count


async def crowd(
    address: str, count: int, pace: float, lasting: float
) -> tuple[list[float], list[float], float, float]:
    """Seconds of the answers alone and in the crowd, characters a second of one and of all."""
    visitors = [Visitor(address, ["nested"], list(range(40))) for _ in range(count)]
    await asyncio.gather(*(visitor.__aenter__() for visitor in visitors))
    await asyncio.gather(*(visitor.type(sentence(100)) for visitor in visitors))

    def until() -> float:
        return time.perf_counter() + lasting

    alone = await steady(visitors[0], pace, until(), 0)
    end = until()
    typing = [steady(v, pace, end, k / count / pace) for k, v in enumerate(visitors[1:])]
    pasting = asyncio.create_task(visitors[0].type(sentence(PASTED)))
    together = await asyncio.gather(*typing)
    await pasting
    one = await hurried(visitors[0], until()) / lasting
    end = until()
    every = sum(await asyncio.gather(*(hurried(v, end) for v in visitors))) / lasting
    await asyncio.gather(*(visitor.__aexit__(None, None, None) for visitor in visitors))
    return alone, [value for answers in together for value in answers], one, every


@torch.inference_mode()
def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, default=600, help="cells of the network")
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--pace", type=float, default=5.0, help="characters a second of each")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each part; four parts")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    seconds = interleaved(readers(options.hidden, options.visitors), options.repeats)
    rates = {key: options.visitors / value for key, value in seconds.items()}
    rows = [[key, rate, rates["batch"] / rate] for key, rate in rates.items()]
    title = f"{options.visitors} readers, nested, {options.hidden} cells"
    table(title, ["", "characters/s", "the batch is x times as fast"], rows)
    with checkpoints(options.hidden) as folder, serving(folder) as server:
        alone, together, one, every = asyncio.run(
            crowd(server.live, options.visitors, options.pace, options.seconds)
        )
    figures = {f"engine: {key} characters/s": rate for key, rate in rates.items()}
    rows = []
    for name, values in (("alone", alone), ("crowd", together)):
        median, late = statistics.median(values) * 1e3, quantile(values, 0.95) * 1e3
        rows.append([name, len(values), median, late])
        figures |= {f"server: {name} median ms": median, f"server: {name} p95 ms": late}
    table(
        f"Typing {options.pace:g} characters a second", ["", "typed", "median ms", "p95 ms"], rows
    )
    table("As fast as it goes", ["", "characters/s"], [["one fast", one], ["all fast", every]])
    figures |= {"server: one characters/s": one, "server: all characters/s": every}
    ratios = {
        "ours/eager": rates["batch"] / rates["plain"],
        "engine: batch/one at a time": rates["batch"] / rates["one at a time"],
        "server: all/one": every / one,
    }
    finish("load", figures, ratios)


if __name__ == "__main__":
    main()
