"""Measures what sessions leave behind: hundreds opened, used and closed at a real server.

Each session pastes a text and types; they come in groups of some at once. The server's resident
memory is read after every group: the first groups fill what is allocated once, after them it should
not grow. Then as many sessions as it takes stay open with long texts: the states they keep stay
within NESTSCOPE_MEMORY, idle ones are dropped, and each can still type.
"""

import argparse
import asyncio
import statistics

from tqdm import tqdm

from benchmarks.figures import finish, table
from benchmarks.server import Server, checkpoints, sentence, serving
from benchmarks.visitor import Visitor

LIMIT = 16
"""MB: NESTSCOPE_MEMORY of the server."""

SHORT, LONG = 100, 10_000
"""Characters of a session that closes, of one that stays."""


async def visit(address: str) -> None:
    """Open, paste, type, close."""
    async with Visitor(address, ["nested", "stacked"], list(range(40))) as visitor:
        await visitor.type(sentence(SHORT))
        await visitor.type("e")


async def groups(server: Server, sessions: int, at_once: int) -> list[float]:
    """Resident MB after each group."""
    resident = []
    for _ in tqdm(range(sessions // at_once), "groups"):
        await asyncio.gather(*(visit(server.live) for _ in range(at_once)))
        resident.append(server.resident())
    return resident


async def stay(server: Server, sessions: int) -> tuple[float, list[float]]:
    """Resident MB with long texts open, and seconds each then takes to type a character."""
    visitors = [Visitor(server.live, ["nested"], list(range(40))) for _ in range(sessions)]
    for visitor in tqdm(visitors, "long texts"):
        await visitor.__aenter__()
        await visitor.type(sentence(LONG))
    resident = server.resident()
    seconds = [await visitor.type("e") for visitor in visitors]
    for visitor in visitors:
        await visitor.__aexit__(None, None, None)
    return resident, seconds


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, default=64, help="cells of the networks")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--staying", type=int, default=16, help="sessions with long texts")
    options = parser.parse_args()
    settings = {"MEMORY": str(LIMIT)}
    with checkpoints(options.hidden) as folder, serving(folder, settings) as server:
        empty = server.resident()
        resident = asyncio.run(groups(server, options.sessions, options.at_once))
        full, seconds = asyncio.run(stay(server, options.staying))
    warm = len(resident) // 5
    early = statistics.median(resident[warm : 2 * warm])
    late = statistics.median(resident[-warm:])
    grown = (late - early) / (options.sessions * 0.7) * 1e3  # KB, from the middle of either
    table(
        "The server's resident memory",
        ["", "MB"],
        [
            ["started", empty],
            [f"after {options.sessions // 5:,} to {options.sessions * 2 // 5:,} sessions", early],
            [f"after the last of {options.sessions:,}", late],
            [f"{options.staying} sessions with {LONG:,} characters open", full],
        ],
    )
    kept = f"{LIMIT} MB of states allowed"
    print(f"\n{grown:.3g} KB a session; {kept}; typing after all: {max(seconds):.3g} s at most.")
    finish(
        "memory",
        {
            "started MB": empty,
            "early MB": early,
            "late MB": late,
            "KB a session": grown,
            "staying MB": full,
            "allowed MB": LIMIT,
            "slowest keystroke s": max(seconds),
        },
        {},
    )


if __name__ == "__main__":
    main()
