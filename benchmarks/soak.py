"""Measures whether the server grows in an hour of mixed use. `make bench` leaves it out.

Visitors come, type, paste, change views and leave, some in the middle of a message; programs ask
for traces, some with a mistake. Every so often the server's memory, open files and threads are
noted. What counts is the growth after the first ten minutes: by then every model was read.
"""

import argparse
import asyncio
import contextlib
import json
import random
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from websockets.exceptions import ConnectionClosed

from benchmarks.figures import finish, table
from benchmarks.load import ROOT
from benchmarks.server import Server, sentence, serving
from benchmarks.visitor import Visitor

SETTLED = 1 / 6
"""The share of the time after which growth counts: ten minutes of an hour."""
SHORT = 300
"""Characters up to which a visitor also types at the beginning, and all is read anew."""
GRACE = 60.0
"""Seconds for the last visits to end by themselves."""


async def visitor(server: Server, models: list[str], chance: random.Random, until: float) -> int:
    """Visits, one after another; how many."""
    count = 0
    while time.monotonic() < until:
        count += 1
        shown = chance.sample(models, min(len(models), chance.randint(1, 2)))
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


async def program(server: Server, models: list[str], chance: random.Random, until: float) -> int:
    """Traces, some of them refused; how many."""
    count = 0
    while time.monotonic() < until:
        count += 1
        asked = {
            "model": chance.choice([*models, "none"]),
            "text": sentence(chance.randint(1, 900)),
        }
        request = Request(
            f"http://127.0.0.1:{server.port}/api/trace",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json", "Accept": "application/octet-stream"},
        )
        with contextlib.suppress(HTTPError):
            await asyncio.to_thread(_read, request)
        await asyncio.sleep(chance.random())
    return count


def _read(request: Request) -> None:
    with urlopen(request, timeout=120) as answer:
        answer.read()


async def soak(
    server: Server, models: list[str], minutes: float, visitors: int
) -> list[list[float]]:
    """Rows of: minute, MB, open files, threads."""
    began = time.monotonic()
    until = began + 60 * minutes
    rows = []
    work = [
        asyncio.create_task(kind(server, models, random.Random(k), until))
        for k in range(visitors)
        for kind in ([visitor, program] if k % 4 == 0 else [visitor])
    ]
    process = Path(f"/proc/{server.pid}")
    while not all(task.done() for task in work) and time.monotonic() < until + GRACE:
        files, threads = (len(list((process / name).iterdir())) for name in ("fd", "task"))
        rows.append([(time.monotonic() - began) / 60, server.resident(), files, threads])
        await asyncio.wait(work, timeout=max(2.0, 60 * minutes / 60))
    done = [task.result() for task in work if task.done()]
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    print(f"{sum(done)} visits and traces", flush=True)
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
    parser.add_argument("--checkpoints", type=Path, default=ROOT / "checkpoints")
    parser.add_argument("--models", nargs="+", default=["nested-chrono-ptb", "stacked-ptb"])
    options = parser.parse_args()
    with serving(options.checkpoints) as server:
        rows = asyncio.run(soak(server, options.models, options.minutes, options.visitors))
        last = server.resident()
    table("The server", ["minute", "MB", "files", "threads"], rows)
    settled = [row for row in rows if row[0] >= SETTLED * options.minutes] or rows[-1:]
    figures = {
        "MB at the start": rows[0][1],
        "MB settled": settled[0][1],
        "MB at the end": last,
        "MB grown since settled": last - settled[0][1],
        "files at most": max(row[2] for row in rows),
        "threads at most": max(row[3] for row in rows),
    }
    finish("soak", figures, {})


if __name__ == "__main__":
    main()
