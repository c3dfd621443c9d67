"""A tab of Chromium that watches its own painting, for the benchmarks of the page."""

import contextlib
import importlib.util
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Locator, Page

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 100_000  # ms

WATCH = """(() => {
  const nothing = { began: 0, first: 0, coloured: 0, last: 0, frame: 0, task: 0 };
  const seen = { ...nothing };
  globalThis.seen = seen;
  globalThis.watch = () => Object.assign(seen, nothing);
  // The task after a frame's: its picture is on its way to the screen.
  const painted = (coloured) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      seen.last = performance.now();
      if (!coloured) return;
      seen.coloured = seen.last;
      seen.first ||= seen.last;
    };
    port2.postMessage(0);
  };
  const { putImageData, stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
    putImageData.call(this, image, ...place);
    if (this.canvas.id === "mini") return;
    painted(new Uint32Array(image.data.buffer).some((pixel) => pixel !== 0));
  };
  CanvasRenderingContext2D.prototype.stroke = function (...path) {
    stroke.apply(this, path);
    painted(false);
  };
  new MutationObserver(() => globalThis.seeTree && requestAnimationFrame(() => painted(true)))
    .observe(document, { subtree: true, childList: true, attributes: true });
  for (const kind of ["paste", "input", "change", "click"])
    addEventListener(kind, (event) => { seen.began ||= event.timeStamp; }, true);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (startTime > seen.began) seen.task = Math.max(seen.task, duration);
  }).observe({ type: "longtask" });
  let before = performance.now();
  requestAnimationFrame(function next(now) {
    seen.frame = Math.max(seen.frame, now - before);
    before = now;
    requestAnimationFrame(next);
  });
})()"""
"""Runs in the page before its own scripts."""

ROVING = """async (seconds) => {
  const frame = document.querySelector(".map-frame");
  const corner = frame.getBoundingClientRect();
  const place = {
    bubbles: true, cancelable: true,
    clientX: corner.left + 0.4 * corner.width, clientY: corner.top + 40,
  };
  const times = [];
  await new Promise((done) => {
    const step = (now) => {
      const passed = now - (times.at(-1) ?? now);
      times.push(now);
      const t = (now - times[0]) / 1000;
      if (t >= seconds) return done();
      const turn = t % 1.5; // in, along, out
      const way = turn < 0.5
        ? { ctrlKey: true, deltaY: -2 * passed }
        : turn < 1 ? { deltaX: passed } : { ctrlKey: true, deltaY: 2 * passed };
      frame.dispatchEvent(new WheelEvent("wheel", { ...place, ...way }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  return times;
}"""
"""Zooms and pans the map under the mouse; resolves to the times of the frames, ms."""

SETTLED = """async (quiet) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  await pause(300); // for what has been asked for to begin
  for (;;) {
    await pause(50);
    const busy = document.querySelector("#figure[aria-busy=true]");
    if (!busy && performance.now() - Math.max(seen.began, seen.last) > quiet)
      return { ...seen, origin: performance.timeOrigin };
  }
}"""


def require_chromium() -> None:
    """End the benchmark with a sentence, and status 0, where there is no browser to measure in."""
    if importlib.util.find_spec("playwright") is None or not CHROMIUM.exists():
        print(f"The page is not measured: it takes playwright and {CHROMIUM}.")
        raise SystemExit(0)


@contextlib.contextmanager
def chromium(*arguments: str) -> Iterator["Browser"]:
    """Chromium without a window, with software rendering."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", *arguments]
        )
        yield browser
        browser.close()


class Tab:
    """A tab that watches its own painting."""

    def __init__(self, browser: "Browser", address: str) -> None:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.page.add_init_script(WATCH)
        self.page.goto(address)
        self.tools: CDPSession = context.new_cdp_session(self.page)

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self.page.context.close()

    def settled(self, quiet: int = 600) -> dict[str, float]:
        """The measurements, once nothing has been painted for so many ms."""
        seen: dict[str, float] = self.page.evaluate(SETTLED, quiet)
        return seen

    def watch(self) -> None:
        """Forget what was seen."""
        self.page.evaluate("watch()")

    def paste(self, text: str) -> dict[str, float]:
        """Put a text in place of all by the clipboard; what was seen until it had its colours."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.locator("#text").focus()
        self.page.keyboard.press("Control+A")
        self.watch()
        self.page.keyboard.press("Control+V")
        seen = self.settled()
        if self.page.locator("#text").input_value() != text:
            raise SystemExit("the text was not pasted")
        return seen

    def switched(self, field: "Locator", value: str) -> tuple[float, float]:
        """Ms from a field's new value to the last colours and to the last painting of any kind."""
        self.watch()
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        seen = self.settled()
        if seen["coloured"] <= seen["began"]:
            raise SystemExit(f"nothing was coloured for cell {value}")
        return seen["coloured"] - seen["began"], seen["last"] - seen["began"]

    def roved(self, seconds: float) -> list[float]:
        """Zoom and pan the map for so long: the time from each frame to the next, ms."""
        times: list[float] = self.page.evaluate(ROVING, seconds)
        return [later - sooner for sooner, later in itertools.pairwise(times)]

    def heap(self) -> float:
        """MB of JavaScript's objects and array buffers, garbage collected."""
        for _ in range(2):
            self.tools.send("HeapProfiler.collectGarbage")
        used: dict[str, float] = self.tools.send("Runtime.getHeapUsage")
        return (used["usedSize"] + used["backingStorageSize"]) / 1e6
