"""A server of its own and a real browser, for the tests of the pages."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parent.parent

needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there"),
]


class Server:
    """`python -m app` on a port of its own."""

    def __init__(self, checkpoints: Path, longest: int = 6000) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.environment = os.environ | {
            "NESTSCOPE_PORT": str(self.port),
            "NESTSCOPE_CHECKPOINTS": str(checkpoints),
            "NESTSCOPE_MAX_TEXT": str(longest),
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3000):
            try:
                with urllib.request.urlopen(self.url + "readyz") as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise RuntimeError("the server did not start within five minutes")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def chromium() -> Iterator["sync_api.Browser"]:
    """The browser itself."""
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()


class Page:
    """A tab, and what went on in it."""

    def __init__(self, browser, url: str, **context) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | context)
        self.context.set_default_timeout(120_000)
        self.tab = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", self.hear)
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("websocket", lambda channel: self.asked.append(channel.url))
        self.tab.goto(url)

    def hear(self, message) -> None:
        """Errors and warnings, but for the one that reading canvases here brings about."""
        if message.type in ("error", "warning") and "readback" not in message.text:
            self.said.append(message.text)

    def settle(self) -> None:
        """Until every character is told and painted."""
        self.tab.wait_for_selector("#figure[aria-busy=false]")
        self.tab.wait_for_timeout(120)
        self.tab.wait_for_selector("#figure[aria-busy=false]")

    def write(self, text: str) -> None:
        self.tab.fill("#text", text)
        self.tab.wait_for_function(
            "text => document.querySelector('.block .text').textContent.length === text.length",
            arg=text,
        )
        self.settle()

    def shown(self) -> list[str]:
        return self.tab.eval_on_selector_all(".block .text", "all => all.map(p => p.textContent)")

    def pixels(self) -> list[int]:
        """Each block's canvas, the rows of the text only, as a number to compare.

        Blocks out of sight are painted when nothing else is to do: until none changes any more.
        """
        last: list[int] = []
        for _ in range(60):
            now = self.painted()
            if now == last:
                break
            last = now
            self.tab.wait_for_timeout(400)
        return last

    def painted(self) -> list[int]:
        return self.tab.evaluate(
            """() => [...document.querySelectorAll('.block')].map((block) => {
                const canvas = block.querySelector('canvas');
                const line = parseFloat(getComputedStyle(block.querySelector('.text')).lineHeight);
                const rows = Math.round(block.querySelector('.page').offsetHeight / line);
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, rows);
                let hash = rows;
                for (const byte of data) hash = (Math.imul(hash, 31) + byte) | 0;
                return hash;
            })"""
        )

    def colours(self, block: int, positions: list[int]) -> list[list[int]]:
        """The colour painted behind these characters (text without surrogates) of a block."""
        return self.tab.evaluate(
            """([index, positions]) => {
                const block = document.querySelectorAll('.block')[index];
                const canvas = block.querySelector('canvas');
                const text = block.querySelector('.text');
                const corner = text.getBoundingClientRect();
                const line = parseFloat(getComputedStyle(text).lineHeight);
                const range = document.createRange();
                return positions.map((p) => {
                    range.setStart(text.firstChild, p);
                    range.setEnd(text.firstChild, p + 1);
                    const box = range.getBoundingClientRect();
                    const x = (box.left + box.right) / 2 - corner.left;
                    const y = Math.floor(((box.top + box.bottom) / 2 - corner.top) / line);
                    return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data];
                });
            }""",
            [block, positions],
        )


@contextmanager
def visiting(browser, server: Server, scheme: str, width: int) -> Iterator[Callable[[str], Page]]:
    """Opens addresses of the server in tabs of this scheme and width, and closes them all.

    None may have said an error or asked another host for anything.
    """
    pages: list[Page] = []

    def visit(address: str) -> Page:
        viewport = {"width": width, "height": 900}
        page = Page(browser, server.url + address, viewport=viewport, color_scheme=scheme)
        pages.append(page)
        return page

    yield visit
    home = f"127.0.0.1:{server.port}/"  # by http and by the live channel
    for page in pages:
        assert page.said == []
        assert all(home in address for address in page.asked), page.asked
        page.context.close()
