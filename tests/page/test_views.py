"""A view is a folder and a line: tab, homes, address, styles and columns follow from the list."""

import re

import pytest
from browser import ROOT, Page, needs_chromium, sync_api

from models import load_checkpoint

pytestmark = needs_chromium

TOY = """
/** @type {import("../view.js").View} */
export const toy = {
  name: "toy",
  label: "Toy",
  styles: [new URL("./toy.css", import.meta.url).href],
  controls: ["pick", "palette"],
  needs: () => ({ blocks: "picked", cells: "blocks" }),
  load: async () => ({ session, above, homes, point }) => {
    const said = homes.map((home) => home.appendChild(document.createElement("p")));
    const third = { position: 2, panel: 0, memory: 0, rank: 0, cell: 3 };
    above.addEventListener("click", () => point(third, true));
    const tell = (panel) => {
      said[panel].textContent = session.panels[panel].columns.row(0, 0).join();
    };
    return {
      show({ cards, characters }) {
        for (const [panel, { columns }] of session.panels.entries())
          if (columns.done > 0) tell(panel); // come before this view's code
        above.textContent = `${cards.map((card) => card.name).join()}: ${characters().join("|")}`;
      },
      ask: (_, { hidden }) => [{ signal: "hidden", cells: [hidden - 1] }],
      columns: tell,
      answer(panel, values) {
        said[panel].title = values[0].length;
      },
      light(at) {
        homes[0].dataset.at = at ? at.position : "";
      },
      key(key) {
        if (key === "x") homes[1].dataset.key = key;
        return key === "x";
      },
      leave() {
        homes[0].dataset.left = "yes";
      },
    };
  },
};
"""


@pytest.fixture
def with_toy(browser, server):
    """The page with one folder and one line more."""
    index = (ROOT / "static/views/index.js").read_text()
    listed = re.sub(r"VIEWS = \[(.*)\];", r"VIEWS = [\1, toy];", index)
    assert listed.count("toy") == 1
    files = {
        "index.js": 'import { toy } from "./toy/view.js";\n' + listed,
        "toy/view.js": TOY,
        "toy/toy.css": "#toy-above { color: rgb(1, 2, 3) }",
    }

    def serve(route) -> None:
        name = route.request.url.split("/views/")[1]
        kind = "text/css" if name.endswith("css") else "text/javascript"
        route.fulfill(body=files[name], content_type=kind)

    page = Page(browser, "about:blank", alone=True)
    for name in files:
        page.tab.route(f"**/static/*/views/{name}", serve)
    yield page
    assert page.said == []
    page.close()


def test_a_view_is_a_folder_and_a_line(with_toy, server, checkpoints):
    tab, expect = with_toy.tab, sync_api.expect
    tab.goto(server.url + "#view=toy&pick=3&text=abcdef")
    expect(tab.locator("#tab-toy")).to_have_text("Toy")
    expect(tab.locator("#tab-toy")).to_have_attribute("aria-selected", "true")
    above = tab.locator("#toy-above")
    expect(above).to_have_text("nested-chrono-ptb,stacked-ptb: a|b|c|d|e|f")
    expect(above).to_have_css("color", "rgb(1, 2, 3)")
    # Only the controls that it names.
    assert tab.is_visible("#pick")
    assert not tab.is_visible("#cells")
    # The columns come, and what else it asked for.
    for panel, name in enumerate(("nested-chrono-ptb", "stacked-ptb")):
        trace = load_checkpoint(checkpoints / f"{name}.safetensors").trace("abcdef")
        top = trace.display[:, -1, -1, 3]
        said = tab.locator(f"#toy-{panel} p")
        expect(said).to_have_attribute("title", str(6 * trace.h.shape[1]))
        expect(said).to_have_text(re.compile(r"^-?\d+(,-?\d+){5}$"))
        values = [int(byte) for byte in said.text_content().split(",")]
        assert values == pytest.approx([127 * float(v) for v in top], abs=1)
    # A keystroke reaches it, a character is lit, and a key of its own means something.
    tab.focus("#text")
    tab.keyboard.press("Control+End")
    tab.keyboard.type("g")
    expect(above).to_have_text("nested-chrono-ptb,stacked-ptb: a|b|c|d|e|f|g")
    above.click()
    expect(tab.locator("#toy-0")).to_have_attribute("data-at", "2")
    expect(tab.locator("#where b")).to_have_text("position 2")
    tab.focus("#figure")
    tab.keyboard.press("x")
    expect(tab.locator("#toy-1")).to_have_attribute("data-key", "x")
    # Another view hides it, and says so to it; its tab brings it back, in the address too.
    expect(tab.locator("#toy-0")).not_to_have_attribute("data-left", "yes")
    tab.click("#tab-map")
    expect(above).to_be_hidden()
    expect(tab.locator("#toy-0")).to_have_attribute("data-left", "yes")
    tab.click("#tab-toy")
    expect(above).to_be_visible()
    tab.wait_for_function("() => location.hash.includes('view=toy')")


def test_a_view_is_loaded_before_it_is_opened_and_says_where_it_cannot_be(browser, server):
    page = Page(browser, "about:blank")
    tab, expect = page.tab, sync_api.expect
    lost = "**/views/map/map.js"
    tab.route(lost, lambda route: route.abort())
    tab.goto(server.url + "#text=abcdef")
    page.settle()
    # When nothing else is to be done the others are asked for, and one of them does not come.
    tab.wait_for_function(
        """() => performance.getEntriesByType('resource').some(
            ({ name, responseStatus }) =>
                name.endsWith('views/pair/pair.js') && responseStatus === 200)"""
    )
    tab.click("#tab-map")
    expect(tab.locator("#problem")).to_contain_text("This view did not load")
    assert tab.input_value("#text") == "abcdef"
    expect(tab.locator("#figure")).to_have_attribute("aria-busy", "false")
    # Another view works, and this one once its code can be had.
    tab.click("#tab-cell")
    expect(tab.locator("#cell-0 canvas").first).to_be_visible()
    expect(tab.locator("#problem")).to_have_text("")
    tab.unroute(lost)
    tab.click("#tab-map")
    expect(tab.locator("#map-0 canvas").first).to_be_visible()
    # On a phone the tab of the view chosen is in sight, also where the address chose it.
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.evaluate("location.hash = 'view=pair&text=abcdef'")
    expect(tab.locator("#tab-pair")).to_be_in_viewport(ratio=1)
    page.context.close()
