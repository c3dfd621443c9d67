"""Measures whether the server grows in an hour of mixed use. `make bench` leaves it out.

Visitors come, type, paste and leave, some in the middle of a message; programs ask for traces, some
with a mistake. While they do, the server's memory is that of what they happen to ask for, and says
little about growth. So all of them leave after every ten minutes, the server gives back what is
free (`app.allocator`, every minute), and its memory, open files and threads at rest are noted. What
counts is the growth from the first rest to the last: by the first, every model was read.
"""

import argparse
import asyncio
import contextlib
import json
import random
import time
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from websockets.exceptions import ConnectionClosed

from app.allocator import EVERY_SECONDS
from benchmarks.figures import finish, table
from benchmarks.load import ROOT
from benchmarks.server import Server, sentence, serving
from benchmarks.visitor import Visitor

PARTS = 6
"""Parts of the time, each with a rest after it: ten minutes of an hour."""
REST = 2 * EVERY_SECONDS + 10
"""Seconds of a rest: the server has twice given back what is free."""
SHORT = 300
"""Characters up to which a visitor also types at the beginning, and all is read anew."""
GRACE = 60.0
"""Seconds for the last visits to end by themselves."""


class Use(NamedTuple):
    """The use of the server: its models, its visitors, and the time between two visits."""

    models: list[str]
    visitors: int
    away: float  # seconds between two visits, on average


async def visitor(server: Server, use: Use, chance: random.Random, until: float) -> int:
    """Visits, one after another; how many."""
    count = 0
    while time.monotonic() < until:
        await asyncio.sleep(min(chance.expovariate(1 / use.away), until - time.monotonic()))
        count += 1
        shown = chance.sample(use.models, min(len(use.models), chance.randint(1, 2)))
        with contextlib.suppress(ConnectionClosed):
            async with Visitor(server.live, shown, list(range(7))) as one:
                length = chance.choices((30, 300, 3_000, 15_000), (8, 8, 2, 1))[0]
                await one.type(sentence(length))
                for _ in range(chance.randint(0, 30)):
                    await one.type("e", at=chance.choice((None, 0)) if length <= SHORT else None)
                    await asyncio.sleep(chance.random() / 5)
                if chance.random() < 0.3:  # leaves while it is being read
                    typing = asyncio.create_task(one.type(sentence(2_000)))
                    await asyncio.sleep(0.01)
                    typing.cancel()
                    await asyncio.gather(typing, return_exceptions=True)
    return count


async def program(server: Server, use: Use, chance: random.Random, until: float) -> int:
    """Traces, some of them refused; how many."""
    count = 0
    while time.monotonic() < until:
        count += 1
        asked = {
            "model": chance.choice([*use.models, "none"]),
            "text": sentence(chance.randint(1, 900)),
        }
        request = Request(
            f"http://127.0.0.1:{server.port}/api/trace",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json", "Accept": "application/octet-stream"},
        )
        with contextlib.suppress(HTTPError):
            await asyncio.to_thread(_read, request)
        await asyncio.sleep(chance.random() * use.away / 5)
    return count


def _read(request: Request) -> None:
    with urlopen(request, timeout=120) as answer:
        answer.read()


async def used(server: Server, use: Use, seconds: float) -> tuple[int, float]:
    """Use the server for so long; the visits and traces, and the most MB it held meanwhile."""
    until = time.monotonic() + seconds
    work = [
        asyncio.create_task(kind(server, use, random.Random(k), until))
        for k in range(use.visitors)
        for kind in ([visitor, program] if k % 4 == 0 else [visitor])
    ]
    most = server.resident()
    while not all(task.done() for task in work) and time.monotonic() < until + GRACE:
        await asyncio.wait(work, timeout=1)
        most = max(most, server.resident())
    done = sum(task.result() for task in work if task.done())
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    return done, most


async def soak(server: Server, use: Use, minutes: float) -> list[tuple[float, ...]]:
    """Rows of: minute, visits and traces, MB at most; at rest: MB, open files, threads."""
    began = time.monotonic()
    rows: list[tuple[float, ...]] = []
    process = Path(f"/proc/{server.pid}")
    for _ in range(PARTS):
        done, most = await used(server, use, 60 * minutes / PARTS - REST)
        await asyncio.sleep(REST)
        minute = (time.monotonic() - began) / 60
        files, threads = (len(list((process / name).iterdir())) for name in ("fd", "task"))
        rows.append((minute, done, most, server.resident(), files, threads))
        print(" ".join(f"{value:.4g}" for value in rows[-1]), flush=True)
    return rows


def main() -> None:
    """Soak, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--away", type=float, default=10.0, help="seconds between two visits (10)")
    parser.add_argument("--checkpoints", type=Path, default=ROOT / "checkpoints")
    parser.add_argument("--models", nargs="+", default=["nested-chrono-ptb", "stacked-ptb"])
    options = parser.parse_args()
    if options.minutes * 60 <= PARTS * REST:
        raise SystemExit(
            f"--minutes must be more than {PARTS * REST / 60:.0f}: each part has a rest"
        )
    use = Use(options.models, options.visitors, options.away)
    with serving(options.checkpoints) as server:
        rows = asyncio.run(soak(server, use, options.minutes))
    head = ["minute", "visits and traces", "MB at most", "MB at rest", "files", "threads"]
    table("The server", head, rows)
    first, last = rows[0], rows[-1]
    figures = {
        "visits and traces": sum(row[1] for row in rows),
        "MB at most": max(row[2] for row in rows),
        "MB at the first rest": first[3],
        "MB at the last rest": last[3],
        "MB grown": last[3] - first[3],
        "files grown": last[4] - first[4],
        "threads grown": last[5] - first[5],
    }
    finish("soak", figures, {})


if __name__ == "__main__":
    main()
