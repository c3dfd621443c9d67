"""The curves of another cell in the page, in a real Chromium against a real server.

Two networks of random weights, Nested and Stacked, read the longest text; the view of one cell is
open. Measured is from a new cell's number to its curves on the screen, and to those of the whole
text, with the beginning of the text on the screen and with its end. What is on the screen is read
again from the nearest kept state, so that both take equally long.

It takes playwright (requirements/dev.txt) and Chromium at /usr/bin/chromium; without them it says
so and measures nothing.
"""

import argparse
import statistics
from typing import TYPE_CHECKING

from benchmarks.figures import finish, table
from benchmarks.server import checkpoints, sentence, serving
from benchmarks.tab import Tab, chromium, require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SWITCHED = """async (cell) => {
  const charts = () => [...document.querySelectorAll('.charts[data-read]')];
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (come) => { while (!come()) await frame(); };
  const busy = () => charts().some((chart) => chart.ariaBusy === 'true');
  let asked = false;
  const watch = new MutationObserver(() => { asked ||= busy(); });
  const attributes = { subtree: true, attributeFilter: ['aria-busy'] };
  watch.observe(document.querySelector('main'), attributes);
  const field = document.querySelector('#pick');
  const began = performance.now();
  field.value = cell;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await until(() => asked && !busy());
  await frame(); // drawn, and on its way to the screen
  const seen = performance.now() - began;
  await until(() => charts().every((chart) => chart.dataset.read === 'all'));
  await frame();
  watch.disconnect();
  return [seen, performance.now() - began];
}"""


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gates",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hidden", type=int, default=256, help="cells")
    parser.add_argument("--characters", type=int, default=20_000)
    parser.add_argument("--switches", type=int, default=10)
    options = parser.parse_args()
    require_chromium()
    with (
        checkpoints(options.hidden) as folder,
        serving(folder) as server,
        chromium() as browser,
    ):
        address = f"http://127.0.0.1:{server.port}/#a=nested&b=stacked&view=cell&text="
        figures = measured(browser, address, options)
    rows = [[name, value, "< 300" if "screen" in name else ""] for name, value in figures.items()]
    table(f"Another cell, {options.characters:,} characters", ["", "measured", "aim"], rows)
    finish("gates", figures, {})


def measured(browser: "Browser", address: str, options: argparse.Namespace) -> dict[str, float]:
    """Medians, by what is on the screen."""
    figures: dict[str, float] = {}
    cells = [str((7 + 13 * k) % options.hidden) for k in range(2 * options.switches)]
    with Tab(browser, address) as tab:
        tab.page.locator("#tab-cell").wait_for()
        tab.paste(sentence(options.characters))
        for place in ("beginning", "end"):
            if place == "end":
                tab.page.keyboard.press("Control+End")
                tab.page.keyboard.press("e")  # what is typed is followed
            tab.settled()
            times = [tab.page.evaluate(SWITCHED, cells.pop()) for _ in range(options.switches)]
            seen, whole = zip(*times, strict=True)
            figures[f"{place}: curves on the screen, ms"] = statistics.median(seen)
            figures[f"{place}: curves of the whole text, ms"] = statistics.median(whole)
    return figures


if __name__ == "__main__":
    main()
