"""Benchmarks the page in a real Chromium, with software rendering, against a real server.

One Nested LSTM of random weights, all its memory cells on the map. Measured are: from a paste to
the first colours, and from the server's last byte to the last colours; switching to another cell;
frames a second while the map is zoomed and panned; the JavaScript heap with its array buffers,
after garbage is collected; bytes on the wire; and, at the longest text, the longest frame and task.
Then two, three and four models of as many cells each, side by side; of times and memory there is
the part of one panel, to be compared with the same limits.

Times end in the task that follows the painting frame. It takes playwright (requirements/dev.txt)
and Chromium at /usr/bin/chromium; without them it says so and measures nothing.

Beside it CircuitsVis, which shows a token's activations in a notebook: the same values, by the
script in its package. Its times leave out the network's reading: its "paste" is the making of its
HTML and the opening of that, its "wire" the HTML. It is optional, in a folder of its own:

  pip install --no-deps --target build/rival \\
    circuitsvis==1.43.3 importlib-metadata==8.7.0 zipp==3.23.0
  PYTHONPATH=build/rival python -m benchmarks.page
"""

import argparse
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from benchmarks.figures import finish, table
from benchmarks.server import checkpoints, sentence, serving
from benchmarks.tab import Tab, chromium, require_chromium
from benchmarks.wire import Wire, tapped
from models import CharacterModel, load_checkpoint

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MEMORIES = 2
"""The memories of a Nested LSTM of depth 2, each a map."""

MODELS = {"a": "nested", "b": "stacked", "c": "nested2", "d": "stacked2"}
"""The model of each panel; all have as many memories."""


@contextmanager
def served(hidden: int, view: str, panels: int = 1) -> Iterator[tuple[str, Wire, CharacterModel]]:
    """The address of a view of models of so many cells, with nothing to read; and the first."""
    shown = [f"{place}={name}" for place, name in MODELS.items()][:panels]
    with (
        checkpoints(hidden, pairs=1 if panels < 3 else 2) as folder,
        serving(folder) as server,
        tapped(server.port) as wire,
    ):
        models = "&".join(shown if panels > 1 else [*shown, "b=none"])
        address = f"http://127.0.0.1:{wire.port}/#{models}&view={view}&text="
        model = load_checkpoint(folder / "nested.safetensors")
        assert isinstance(model, CharacterModel)
        yield address, wire, model


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.page",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, default=650, help="cells; twice as many values")
    parser.add_argument("--characters", type=int, default=5000)
    parser.add_argument("--map-hidden", type=int, default=1024, help="cells of the map moved about")
    parser.add_argument("--map-characters", type=int, default=10_000)
    parser.add_argument("--longest", type=int, default=20_000, help="characters")
    parser.add_argument("--switches", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=3.0, help="of zooming and panning")
    parser.add_argument(
        "--panels", type=int, nargs="*", default=[2, 3, 4], choices=[2, 3, 4], help="side by side"
    )
    options = parser.parse_args()
    require_chromium()
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    with chromium() as browser:
        with served(options.hidden, "map") as (address, wire, model):
            figures |= whole(browser, address, wire, options)
            figures |= long(browser, address.replace("view=map", "view=figure"), options)
            text = sentence(options.characters)
        with served(options.map_hidden, "map") as (address, _, _):
            figures |= roving(browser, address, options)
        report(figures)
        for panels in options.panels:
            several = side_by_side(browser, panels, options)
            report(several, f"{panels} panels, the part of each")
            figures |= {f"{panels} panels: {name}": value for name, value in several.items()}
        if theirs := rival(browser, model, text, options.switches):
            rows = [[name, figures[name], value] for name, value in theirs.items()]
            table(f"The same {options.characters:,} characters", ["", "ours", "CircuitsVis"], rows)
            ratios |= {f"ours/CircuitsVis: {name}": theirs[name] / figures[name] for name in theirs}
            figures |= {f"CircuitsVis: {name}": value for name, value in theirs.items()}
        else:
            print("\nCircuitsVis is not here and left out; --help says how to install it.")
    finish("page", figures, ratios)


FIRST = "paste to first colours, ms"
ALL = "paste to all colours, ms"
AFTER = "all colours after the server's last byte, ms"
SWITCH = "switch the cell, ms"
SWITCH_ALONE = "switch the cell looked at alone, its colours, ms"
SWITCH_CURVES = "switch the cell looked at alone, its gates' curves, ms"
HEAP = "heap, MB"
VALUE = "bytes on the wire a value"
STROKE = "bytes beside the values, a keystroke"
RATE = "map moved about, frames a second"
TARGETS = {
    FIRST: "< 1000",
    AFTER: "< 3000",
    SWITCH: "< 100",
    SWITCH_ALONE: "< 100",
    HEAP: "< 100",
    VALUE: "<= 1.1",
    STROKE: "<= 400",
    RATE: ">= 30",
}


def report(figures: dict[str, float], title: str = "The page") -> None:
    """Print them beside what was aimed at."""
    rows = [[name, value, TARGETS.get(name, "")] for name, value in figures.items()]
    table(title, ["", "measured", "aim"], rows)


def side_by_side(browser: "Browser", panels: int, options: argparse.Namespace) -> dict[str, float]:
    """The figures of so many models side by side; of times, memory and keystrokes one panel's."""
    with served(options.hidden, "map", panels) as (address, wire, _):
        figures = whole(browser, address, wire, options, panels)
    return {k: v if k == VALUE else v / panels for k, v in figures.items()}


def whole(
    browser: "Browser", address: str, wire: Wire, options: argparse.Namespace, panels: int = 1
) -> dict[str, float]:
    """A long text pasted with all cells shown; one more character; other cells."""
    width = panels * MEMORIES * options.hidden
    with Tab(browser, address) as tab:
        tab.page.locator(".map-canvas").first.wait_for()
        tab.settled()
        tab.paste(sentence(40))  # what is done once is done
        tab.paste("e")
        before = wire.down
        seen = tab.paste(sentence(options.characters))
        ended = (wire.last * 1000 - seen["origin"]) - seen["began"]
        figures = {
            FIRST: seen["first"] - seen["began"],
            ALL: seen["last"] - seen["began"],
            AFTER: seen["last"] - seen["began"] - ended,
            HEAP: tab.heap(),
            VALUE: (wire.down - before) / (width * options.characters),
        }
        tab.page.keyboard.press("Control+End")
        tab.settled()
        before = wire.down + wire.up
        tab.page.keyboard.press("e")
        tab.settled()
        figures[STROKE] = wire.down + wire.up - before - width
        tab.page.locator("#tab-figure").click()
        tab.settled()
        cells = [str(7 + 13 * k) for k in range(options.switches)]
        field = tab.page.locator("#cells")
        figures[SWITCH] = statistics.median(tab.switched(field, cell)[0] for cell in cells)
        tab.page.locator("#tab-cell").click()
        tab.settled()
        field = tab.page.locator("#pick")
        alone = [tab.switched(field, cell) for cell in cells]
        colours, curves = zip(*alone, strict=True)
        figures[SWITCH_ALONE] = statistics.median(colours)
        figures[SWITCH_CURVES] = statistics.median(curves)
    return figures


def long(browser: "Browser", address: str, options: argparse.Namespace) -> dict[str, float]:
    """The longest frames of the longest text: scrolled, other cells, other views."""
    figures: dict[str, float] = {}
    with Tab(browser, address) as tab:
        tab.page.locator(".block").first.wait_for()
        tab.paste(sentence(options.longest))

        def note(name: str) -> None:
            seen = tab.settled()
            name = f"{options.longest:,} characters, {name}: longest"
            figures[f"{name} frame, ms"] = seen["frame"]
            figures[f"{name} task, ms"] = seen["task"]

        tab.page.locator(".block .view").first.hover()
        tab.page.mouse.wheel(0, 100)
        tab.settled()
        tab.watch()
        for k in range(40):
            tab.page.mouse.wheel(0, 300 if k < 30 else -900)
        note("scrolling")
        tab.watch()
        for cell in (20, 40, 60):
            tab.page.locator("#cells").fill(f"{cell}-{cell + 6}")
            tab.page.wait_for_timeout(300)
        note("switching cells")
        tab.watch()
        tab.page.locator("#tab-map").click()
        note("switching to the map")
        tab.watch()
        tab.page.locator("#tab-figure").click()
        note("switching back")
    return figures


def roving(browser: "Browser", address: str, options: argparse.Namespace) -> dict[str, float]:
    """The map zoomed and panned."""
    with Tab(browser, address) as tab:
        tab.page.locator(".map-canvas").first.wait_for()
        tab.paste(sentence(options.map_characters))
        gaps = tab.roved(options.seconds)
        return {
            RATE: 1000 / statistics.fmean(gaps),
            "map moved about, longest frame, ms": max(gaps),
            "map moved about, heap, MB": tab.heap(),
        }


def rival(
    browser: "Browser", model: CharacterModel, text: str, switches: int
) -> dict[str, float] | None:
    """CircuitsVis with the same values: made, opened, switched. None where it is missing."""
    if importlib.util.find_spec("circuitsvis") is None:
        return None
    from circuitsvis.activations import text_neuron_activations

    T = len(text)
    values: Any = torch.from_numpy(model.trace(text).display).reshape(T, MEMORIES, -1)
    began = time.perf_counter()
    html: str = text_neuron_activations(list(text), values).local_src
    made = (time.perf_counter() - began) * 1000
    print(f"CircuitsVis: {len(html) / 1e6:.0f} MB of HTML, made in {made:,.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rival.html"
        file.write_text(html)
        with Tab(browser, "about:blank") as tab:
            tab.page.add_init_script("globalThis.seeTree = true")
            tab.page.goto(file.as_uri())
            tab.page.locator("select").first.wait_for()
            seen = tab.settled()
            figures = {
                FIRST: made + seen["last"],
                HEAP: tab.heap(),
                VALUE: len(html.encode()) / (values.numel()),
            }
            field = tab.page.locator("select").last
            cells = [str(7 + 13 * k) for k in range(switches)]
            figures[SWITCH] = statistics.median(tab.switched(field, cell)[0] for cell in cells)
    return figures


if __name__ == "__main__":
    main()
