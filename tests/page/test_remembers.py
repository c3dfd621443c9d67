"""In the view of a cell stands how long it remembers: by its report, and on the text shown."""

import re
from xml.etree import ElementTree

import pytest
from browser import Page, Server, needs_chromium, sync_api
from planted_networks import leaky_lstm, leaky_nested, letters

from models import save_checkpoint

pytestmark = needs_chromium
TAU = 20.0


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A nested net whose inner cells leak with TAU, a single one that does."""
    folder = tmp_path_factory.mktemp("planted")
    nets = {"nested": leaky_nested([TAU] * 6, -20.0, 0.0), "lstm": leaky_lstm([TAU] * 6)}
    for name, model in nets.items():
        save_checkpoint(folder / f"{name}.safetensors", model.float())
    running = Server(folder)
    yield running
    running.stop()


def test_planted_timescales_are_measured_on_the_text_shown(browser, planted):
    page = Page(browser, f"{planted.url}#view=cell&a=nested&b=lstm&pick=2")
    page.write(letters(900, seed=3))
    said = page.tab.locator(".lasting-said")
    sync_api.expect(said.first).to_contain_text("needs 1,000 characters; it has 900")
    page.write(letters(1900, seed=3))
    for panel in (0, 1):
        sync_api.expect(said.nth(panel)).to_contain_text("On this text: ")
        words = said.nth(panel).text_content()
        tau = float(re.search(r"(?:inner|cell) ([\d.]+)", words)[1])
        assert tau == pytest.approx(TAU, rel=0.05)
    assert page.tab.locator(".lasting .line").count() == 3
    assert page.said == []
    # What was asked in vain is asked again.
    page.tab.route("**/api/trace", lambda route: route.abort())
    page.write(letters(1900, seed=5))
    sync_api.expect(said.first).to_have_text("The server cannot be reached.")
    page.tab.unroute("**/api/trace")
    page.tab.click("#tab-figure")
    page.tab.click("#tab-cell")
    sync_api.expect(said.first).to_contain_text("On this text: ")
    page.close()


def test_planted_leaks_are_what_a_change_leaves_behind(browser, planted):
    address = f"#view=forgetting&a=nested&b=lstm&text={letters(600, seed=4)}&change=150.1.b"
    page = Page(browser, planted.url + address)
    page.tab.wait_for_selector(".trails")
    said = page.tab.locator(".trail figcaption span").all_text_contents()
    inner, outer, cell, _ = (float(re.search(r"after ([\d.]+)", words)[1]) for words in said)
    for found in (inner, outer, cell):
        assert found == pytest.approx(TAU, rel=0.05)
    said = page.tab.inner_text("#forgetting-said")
    assert f"1/e of the change is left after {inner:.0f} characters in the inner memory" in said
    assert page.said == []
    page.close()


def test_the_report_of_a_shipped_model_is_drawn(browser, shipped):
    page = Page(browser, f"{shipped.url}#view=cell&sample=prose&a=nested-war-and-peace&b=none")
    sync_api.expect(page.tab.locator(".lasting .tau")).to_have_count(2)
    page.settle()
    sync_api.expect(page.tab.locator(".note .lasts")).to_have_count(2)
    assert page.tab.locator(".lasting .band").count() == 2
    marks = page.tab.locator(".lasting .tau title").all_text_contents()
    notes = page.tab.locator(".note .lasts").all_text_contents()
    for mark, note in zip(marks, notes, strict=True):
        tau = float(re.search(r": ([\d.]+) characters", mark)[1])
        assert f"{tau:.1f}" in note or f"{tau:.0f}" in note
    assert page.said == []
    page.close()


def test_a_file_of_the_view_holds_its_curves_and_its_drawing(browser, planted):
    page = Page(browser, f"{planted.url}#view=cell&a=nested&b=lstm&pick=2&text=abcabc")
    page.tab.wait_for_selector(".diagram")
    page.tab.click("#export summary")
    page.tab.fill("#export-width", "183")
    with page.tab.expect_download() as download:
        page.tab.click("[data-export=svg]")
    svg = ElementTree.parse(download.value.path()).getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert svg.get("width") == "183mm"
    charts = page.tab.locator("canvas.chart").count()
    pictures = svg.findall(f".//{name}image")
    assert len(pictures) == charts > 4
    words = {(text.text or "").strip() for text in svg.iter(f"{name}text")}
    assert {"inner gates, 0 to 1", "kept", "written", "A  Nested LSTM nested"} <= {
        word.split(" · ")[0] for word in words
    }
    # A stroke in the colour of each curve stands before its name.
    gates = next(t for t in svg.iter(f"{name}text") if (t.text or "").startswith("inner gates"))
    strokes = gates.findall(f"{name}tspan")
    assert [(stroke.tail or "").strip() for stroke in strokes] == ["i", "f", "o"]
    assert len({stroke.get("fill") for stroke in strokes}) == 3
    *_, width, height = map(float, svg.get("viewBox").split())
    boxes = [[float(picture.get(k)) for k in ("x", "y", "width", "height")] for picture in pictures]
    assert all(x + w <= width and y + h <= height for x, y, w, h in boxes)
    # Nothing depends on a style sheet, which a file has not.
    assert not any(node.get("class") for node in svg.iter())
    # Of a map there is the picture, and no table of hundreds of cells.
    page.tab.click("#tab-map")
    page.tab.click("#export summary")
    sync_api.expect(page.tab.locator("[data-export=png]")).to_be_visible()
    sync_api.expect(page.tab.locator("[data-export=csv]")).to_be_hidden()
    assert page.said == []
    page.close()
