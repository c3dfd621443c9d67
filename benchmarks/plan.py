"""Plans a server: the cores and the RAM that a number of simultaneous visitors need.

Measures at a real server, in processor time (which a busy machine hardly changes): a keystroke in
a crowd, a visit (the page's files, the channel, and a first text), and a long paste; and the memory
of a process and of a visitor. The rest is arithmetic over the assumptions, which are options.

The last table is Markdown: docs/how-to/host-it.md holds it.
"""

import argparse
import asyncio
import gzip
import math
import re
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from benchmarks.figures import finish, table
from benchmarks.load import ROOT, typing
from benchmarks.server import Server, sentence, serving
from benchmarks.visitor import Visitor

VISITORS = (10**3, 10**5, 10**7)
FIRST = 400
"""Characters of the first text of a visit."""
LONG = 20_000


def fetched(address: str) -> bytes:
    """A file of the server, packed as browsers ask for it."""
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        content: bytes = answer.read()
        return gzip.decompress(content) if answer.headers["Content-Encoding"] else content


def first_load(address: str) -> int:
    """Fetch the page, all that it loads at once, and the models; the number of files."""
    page = fetched(address).decode()
    names = list(dict.fromkeys(re.findall(r'(?:src|href)="([^"]*static/[^"]+)"', page)))
    for name in [*names, "api/models"]:
        fetched(urljoin(address, name))
    return len(names) + 2


async def visits(server: Server, models: list[str], count: int) -> float:
    """Seconds of the server's processors for one who comes: files, channel, first text."""
    before = server.busy()
    for _ in range(count):
        first_load(f"http://127.0.0.1:{server.port}/")
        async with Visitor(server.live, models, list(range(7))) as visitor:
            await visitor.type(sentence(FIRST))
    return (server.busy() - before) / count


async def pastes(server: Server, models: list[str], count: int) -> float:
    """Seconds of the server's processors for a long text."""
    before = server.busy()
    for _ in range(count):
        async with Visitor(server.live, models, list(range(7))) as visitor:
            await visitor.type(sentence(LONG))
    return (server.busy() - before) / count


async def growth(server: Server, models: list[str], count: int) -> float:
    """MB of a visitor who has typed a first text and looks at it."""
    before = server.resident()
    async with AsyncExitStack() as stack:
        for _ in range(count):
            visitor = Visitor(server.live, models, list(range(7)))
            await (await stack.enter_async_context(visitor)).type(sentence(FIRST))
        return max(0.0, server.resident() - before) / count


def main() -> None:
    """Measure, work out, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.plan",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--checkpoints", type=Path, default=ROOT / "checkpoints")
    parser.add_argument("--models", nargs="+", default=["nested-chrono-ptb", "stacked-ptb"])
    parser.add_argument("--typing", type=float, default=0.2, help="share of visitors who type now")
    parser.add_argument("--pace", type=float, default=5.0, help="characters a second of each")
    parser.add_argument("--stay", type=float, default=600.0, help="seconds of a visit")
    parser.add_argument("--pastes", type=float, default=0.2, help="long pastes a visit")
    parser.add_argument("--load", type=float, default=0.5, help="of a core that is used")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price, in any currency")
    parser.add_argument("--gb-hour", type=float, default=0.005, help="price, in the same currency")
    parser.add_argument("--seconds", type=float, default=8.0, help="of typing")
    parser.add_argument("--crowd", type=int, default=64, help="who type then")
    options = parser.parse_args()
    models = options.models

    with serving(options.checkpoints) as server:
        asyncio.run(visits(server, models, 1))  # the first meets cold models
        visit = asyncio.run(visits(server, models, 5))
        # Before the pastes: what they needed stays with the process, and would hide the visitors.
        visitor = asyncio.run(growth(server, models, 40))
        paste = asyncio.run(pastes(server, models, 2))
        crowd = asyncio.run(typing(server, models, options.crowd, options.pace, options.seconds))
        process = server.resident()

    second = options.typing * options.pace * crowd.work + (
        (visit + options.pastes * paste) / options.stay
    )
    rows = []
    for count in VISITORS:
        cores = math.ceil(count * second / options.load)
        gigabytes = (cores * process + count * visitor) / 1e3
        price = cores * options.core_hour + gigabytes * options.gb_hour
        a_thousand = price / (count * 3600 / options.stay) * 1e3
        strokes = count * options.typing * options.pace
        rows.append([count, strokes, cores, gigabytes, price, a_thousand])
    measured: list[tuple[str, float]] = [
        ("a keystroke, ms", crowd.work * 1e3),
        ("a visit, ms", visit * 1e3),
        (f"a paste of {LONG:,}, ms", paste * 1e3),
        ("a process, MB", process),
        ("a visitor, MB", visitor),
    ]
    table("Measured, in processor time and memory", ["", "takes"], measured)
    print(
        f"\n{options.typing:.0%} of the visitors type {options.pace:g} characters a second, a "
        f"visit lasts {options.stay:g} s and has {options.pastes:g} pastes of {LONG:,} characters, "
        f"cores are used to {options.load:.0%},\nand cost {options.core_hour:g} an hour, a GB "
        f"{options.gb_hour:g}.\n"
    )
    print("| visitors at once | keystrokes/s | cores | memory, GB | cost/h | cost/1,000 visits |")
    print("|--:|--:|--:|--:|--:|--:|")
    for count, strokes, cores, gigabytes, price, a_thousand in rows:
        cells = (f"{count:,}", f"{strokes:,.0f}", f"{cores:,}", f"{gigabytes:,.1f}")
        print(f"| {' | '.join(cells)} | {price:,.2f} | {a_thousand:.4f} |")
    figures = dict(measured)
    figures |= {f"cores for {row[0]}": row[2] for row in rows}
    finish("plan", figures, {})


if __name__ == "__main__":
    main()
