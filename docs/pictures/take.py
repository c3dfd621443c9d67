# /// script
# dependencies = ["playwright", "pillow"]
# ///
"""Take the documentation's pictures from the real page, in Chromium.

    uv run docs/pictures/take.py            # all of them; names of pictures take those alone

It serves the page with the project's own interpreter (.venv) on a free port, finds the quotation
cell in the atlas, and writes PNG files beside itself. `opening.png` moves: an animated PNG of a
quotation being typed.
"""

import argparse
import contextlib
import io
import json
import re
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CHROMIUM = "/usr/bin/chromium"
PAIR = {"a": "nested-war-and-peace", "b": "stacked-war-and-peace"}
ARRIVAL_MS = 2500
"""The time for a view to load, read and draw; a busy machine takes longer: --patience."""

FRAME_MS, LAST_MS = 110, 2500
CHARACTERS_A_FRAME = 4
TYPED = 235
"""Characters of the example that are typed: two quotations."""
COLOURS = 64


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the page, as long as it is served."""
    command = [ROOT / ".venv/bin/python", "-m", "app"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env={"NESTSCOPE_PORT": "0", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found is not None
        until_ready(found[0])
        yield found[0]
    finally:
        server.terminate()
        server.wait()


def until_ready(address: str) -> None:
    """Wait for the models to load."""
    for _ in range(120):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/readyz"):
            return
        time.sleep(0.5)
    raise SystemExit("the server is not ready after a minute")


def quotation(address: str, model: str) -> dict:
    """The atlas entry of the cell of a model that tells quotations best."""
    with urllib.request.urlopen(f"{address}/api/atlas/{model}") as answer:
        found = json.load(answer)["found"]
    return next(one for one in found if one["feature"] == "quotes")


def link(**fields: object) -> str:
    """A fragment that shows this."""
    return "#" + urllib.parse.urlencode(PAIR | fields, quote_via=urllib.parse.quote)


def shots(entry: dict) -> dict[str, tuple[str, int, int]]:
    """The path of the page, the width and the height of each picture, by name."""
    cell, text = entry["cell"], entry["example"]["text"]
    held = f"a_0_{entry['level']}_{cell}_set_{4 * entry['sign']}"
    changed = {"beside": "a", "if": held}
    return {
        "find": ("/" + link(view="find", ask="quotes", text=text), 1200, 900),
        "what-if": (
            "/" + link(view="predictions", pick=cell, sample="prose", **changed),
            1200,
            900,
        ),
        "why": ("/" + link(view="why", text=text), 1200, 900),
        "forgetting": ("/" + link(view="forgetting", text=text, change="1.3.We"), 1200, 900),
        "cell": ("/" + link(view="cell", pick=cell, text=text), 1200, 1000),
        "map": ("/" + link(view="map", text=text), 1200, 900),
        "predictions": ("/" + link(view="predictions", text=text), 1200, 900),
        "digits": ("/digits", 1200, 1000),
        "timescales": (
            "/timescales?model=nested-war-and-peace&model=stacked-war-and-peace",
            1200,
            800,
        ),
    }


def opened(browser: Browser, address: str, width: int, height: int, patience: float) -> Page:
    """A page of that size that has had time to draw."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_timeout(patience * ARRIVAL_MS)
    return page


def moving(browser: Browser, address: str, entry: dict, beside: int, patience: float) -> None:
    """The example of the quotation cell, typed; `beside` is the cell of model B."""
    text = entry["example"]["text"][:TYPED]
    start = link(cells=entry["cell"], cellsb=beside, feature="quotes", text="")
    page = opened(browser, f"{address}/{start}", 1366, 560, patience)
    editor = page.locator("#text")
    frames = []
    for end in range(CHARACTERS_A_FRAME, len(text) + CHARACTERS_A_FRAME, CHARACTERS_A_FRAME):
        editor.fill(text[:end])
        page.wait_for_timeout(patience * 120)
        frames.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    palette = frames[-1].quantize(COLOURS)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    durations = [FRAME_MS] * (len(flat) - 1) + [LAST_MS]
    flat[0].save(
        HERE / "opening.png", save_all=True, append_images=flat[1:], duration=durations, loop=0
    )
    page.close()


def main() -> None:
    """Serve, take, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="pictures to take; none: all")
    parser.add_argument("--patience", type=float, default=1, help="times as long for everything")
    options = parser.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        entry, beside = (quotation(address, PAIR[panel]) for panel in "ab")
        for name, (path, width, height) in shots(entry).items():
            if options.names and name not in options.names:
                continue
            page = opened(browser, address + path, width, height, options.patience)
            page.screenshot(path=HERE / f"{name}.png")
            page.close()
        if not options.names or "opening" in options.names:
            moving(browser, address, entry, beside["cell"], options.patience)
        browser.close()


if __name__ == "__main__":
    main()
