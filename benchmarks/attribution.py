"""Measures a click in Why, up to the numbers that colour the text: the shipped pair, both models.

Asked over HTTP of a server of its own, 400 characters back, as the page asks; milliseconds until
both answers are there:
  cold      the first question that a server gets, which reads the models from their files
  warm      the same question about later characters
  long      at the end of a long text that a session shows, whose states are therefore kept
  unread    the same, of a long text that nobody shows: all before it is read as well
Leaving characters out is asked as the page asks it: its estimate (the gradient) first, then the
nearest 64, then all 400.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.figures import finish, table
from benchmarks.server import Server, serving
from benchmarks.visitor import Visitor

ROOT = Path(__file__).parents[1]
TEXT = ROOT / "corpora/war-and-peace.txt"
BACK, NEAR = 400, 64
BUDGET = 300.0
"""Milliseconds from a click to the colours."""


def post(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question."""
    request = Request(
        f"http://127.0.0.1:{server.port}/api/attribution",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


async def asked(
    server: Server, models: Sequence[str], text: str, position: int, method: str, back: int
) -> float:
    """Milliseconds until all models have said what the surprise after a character comes from."""
    body = {"position": position, "method": method, "back": back, "target": {"surprisal": True}}
    body["text"] = text[: position + 2]
    began = time.perf_counter()
    answers = await asyncio.gather(
        *(asyncio.to_thread(post, server, {**body, "model": model}) for model in models)
    )
    took = 1000 * (time.perf_counter() - began)
    for answer in answers:
        known = [value for value in answer["values"] if value is not None]
        if len(known) != min(back, position + 1):
            raise SystemExit(f"{len(known)} characters were looked at, expected {back}")
    return took


async def measured(models: Sequence[str], long: int, repeats: int) -> dict[str, float]:
    """Name -> milliseconds, the median of `repeats` (of one, where it is cold)."""
    text = TEXT.read_text("utf-8")[5000 : 5000 + long]
    figures = {}
    with serving(ROOT / "checkpoints") as server:

        async def median(name: str, positions: Sequence[int], method: str, back: int) -> None:
            times = [await asked(server, models, text, p, method, back) for p in positions]
            figures[name] = statistics.median(times)

        first = BACK + 10
        near = range(first + 1, first + 1 + repeats)
        end = range(long - 2 - repeats, long - 2)
        await median("gradient, cold", [first], "gradient", BACK)
        await median("gradient, warm", near, "gradient", BACK)
        await median("gradient, unread", end, "gradient", BACK)
        async with Visitor(server.live, list(models), cells=[0]) as visitor:
            await visitor.type(text)
            await median("gradient, long", end, "gradient", BACK)
            await median(f"leaving out the nearest {NEAR}, long", end, "occlusion", NEAR)
            await median(f"leaving out {BACK}, long", end[:1], "occlusion", BACK)
        await median(f"leaving out {BACK}, warm", near[:1], "occlusion", BACK)
    return figures


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attribution",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = "nested-war-and-peace", "stacked-war-and-peace"
    parser.add_argument("--models", nargs="+", default=names, help="(%(default)s)")
    parser.add_argument("--long", type=int, default=4000, help="characters of the long text")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    figures = asyncio.run(measured(options.models, options.long, options.repeats))
    title = f"A click in Why, {BACK} characters back, {' and '.join(options.models)}, milliseconds"
    table(title, ["", "ms"], [[name, figure] for name, figure in figures.items()])
    # In speed: above 1, the colours are there within the time given.
    seen = ("gradient, cold", "gradient, warm", "gradient, long")
    ratios = {f"{name}: {BUDGET:.0f} ms/ours": BUDGET / figures[name] for name in seen}
    finish("attribution", figures, ratios)


if __name__ == "__main__":
    main()
