"""Measures a visit over a slow link up to its first colours, with and without `modulepreload`.

A real Chromium that answers no faster than a link of so many ms and kB/s (its own emulation, an
empty cache) opens the page of a real server with a Nested and a Stacked LSTM of random weights.
Without the links in the head that name all modules, a browser finds one after another.

It takes playwright (requirements/dev.txt) and Chromium at /usr/bin/chromium; without them it says
so and measures nothing.
"""

import argparse
import re
import statistics
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks.figures import finish, table
from benchmarks.server import checkpoints, serving
from benchmarks.tab import PATIENCE, WATCH, chromium, require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PRELOAD = re.compile(r'\s*<link rel="modulepreload"[^>]*>')

AS_SERVED = "--disable-features=LocalNetworkAccessChecks"
"""A page handed in without its links may open the live channel as the server's own may."""


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.slow_link",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--latency", type=float, default=400, help="ms to and fro")
    parser.add_argument("--rate", type=float, default=50, help="kB/s")
    parser.add_argument("--visits", type=int, default=3, help="of each kind, in turn")
    parser.add_argument("--hidden", type=int, default=64, help="cells")
    options = parser.parse_args()
    require_chromium()
    found: dict[str, list[float]] = {"with modulepreload": [], "without": []}
    with (
        checkpoints(options.hidden) as folder,
        serving(folder) as server,
        chromium(AS_SERVED) as browser,
    ):
        address = f"http://127.0.0.1:{server.port}/"
        with urlopen(address) as answer:
            page = answer.read().decode()
        links = len(PRELOAD.findall(page))
        for _ in range(options.visits):
            for name, times in found.items():
                html = page if name.startswith("with ") else PRELOAD.sub("", page)
                times.append(visit(browser, address, html, options))
    figures = {f"first colours {name}, s": statistics.median(v) for name, v in found.items()}
    title = f"{options.latency:.0f} ms, {options.rate:.0f} kB/s; {links} modules named in the head"
    table(title, ["", "measured"], [[name, value] for name, value in figures.items()])
    finish("slow_link", figures, {})


def visit(browser: "Browser", address: str, html: str, options: argparse.Namespace) -> float:
    """Seconds from a visit with nothing cached to the first colours of its figure."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    tab.add_init_script(WATCH)
    tab.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
    tools = context.new_cdp_session(tab)
    tools.send("Network.enable")
    rate = options.rate * 1000
    link = {"offline": False, "latency": options.latency}
    tools.send(
        "Network.emulateNetworkConditions",
        {**link, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    tab.goto(address, wait_until="commit")
    tab.wait_for_function("() => globalThis.seen?.first > 0")
    first: float = tab.evaluate("() => seen.first")
    context.close()
    return first / 1000


if __name__ == "__main__":
    main()
