"""What a change leaves behind: the view against traces of both texts."""

import json
import math
import re
import urllib.request
from xml.etree import ElementTree

import numpy as np
import pytest
from browser import Page, Server, needs_chromium, sync_api

pytestmark = needs_chromium


def display(server: Server, model: str, text: str) -> np.ndarray:
    """What POST /api/trace says: (T, L, D, H)."""
    request = urllib.request.Request(
        server.url + "api/trace",
        json.dumps({"model": model, "text": text}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return np.array(json.load(answer)["values"])


def folds(page: Page) -> list[float]:
    """The e-folds the page says, memory by memory."""
    page.tab.wait_for_selector(".trails")
    said = page.tab.locator(".trail figcaption span").all_text_contents()
    return [float(re.search(r"after ([\d.]+)", words)[1]) for words in said]


def e_fold(one: np.ndarray, other: np.ndarray, at: int, gone: int, come: int) -> float:
    """By the definition: (T, H) values of both texts, mean over cells, logarithm interpolated."""
    curve = np.abs(one[at + gone - 1 :] - other[at + come - 1 :]).mean(1)
    curve = np.log(curve / curve[0])
    k = int(np.argmax(curve <= -1))
    return k - 1 + (curve[k - 1] + 1) / (curve[k - 1] - curve[k])


@pytest.mark.parametrize(("gone", "come"), [(1, "z"), (2, ""), (1, "xyz")])
def test_the_view_is_two_traces(browser, server, gone, come):
    text, at = "traders said stock-index futures contracts settled at much lower prices", 20
    names = ("nested-chrono-ptb", "stacked-ptb")
    address = f"#view=forgetting&text={text.replace(' ', '+')}&change={at}.{gone}.{come}"
    page = Page(browser, server.url + address)
    found = folds(page)
    changed = text[:at] + come + text[at + gone :]
    expected = []
    for name in names:
        one, other = display(server, name, text), display(server, name, changed)
        places = [(0, 1), (0, 0)] if name == names[0] else [(1, 0), (0, 0)]
        for layer, level in places:
            a, b = one[:, layer, level], other[:, layer, level]
            full = (np.abs(a) > 0.99).mean(0) > 0.95
            if level < one.shape[2] - 1:
                full[:] = False
            expected.append(e_fold(a[:, ~full], b[:, ~full], at, gone, len(come)))
    assert all(map(math.isfinite, expected))
    for said, true in zip(found, expected, strict=True):
        assert said == pytest.approx(true, abs=0.5 if true >= 9.95 else 0.051)
    # A character pressed is the one that is changed, and the address tells it.
    page.tab.locator(".block .text").first.click(position={"x": 3, "y": 8})
    sync_api.expect(page.tab.locator(".changed")).to_contain_text("at 0")
    page.tab.fill("#forgetting-insert", "q")
    page.tab.wait_for_function("() => location.hash.includes('change=0.1.q')")
    assert page.said == []
    page.close()


def saved(page: Page) -> tuple[str, list[str]]:
    """The file of the view: its description, and its words."""
    page.tab.click("#export summary")
    with page.tab.expect_download() as download:
        page.tab.click("[data-export=svg]")
    svg = ElementTree.parse(download.value.path()).getroot()
    name = "{http://www.w3.org/2000/svg}"
    lines = ["".join(text.itertext()) for text in svg.iter(f"{name}text")]
    return svg.findtext(f"{name}desc") or "", lines


def test_the_page_and_a_file_say_what_the_colours_of_a_view_are(browser, server):
    """They are of a change, of a surprise, of an origin: never of the state of the cell picked."""
    text, models = "traders said contracts settled", "&a=nested-chrono-ptb&b=none"
    page = Page(browser, f"{server.url}#view=forgetting&text={text}&change=3.1.z&pick=5{models}")
    legend = page.tab.locator("#legend")
    page.tab.wait_for_selector(".trails")
    sync_api.expect(legend).to_have_text(re.compile("0 %.*of the difference is left.*100 %"))
    for view, legends, words in [
        ("forgetting", ["0 %", "100 %"], ["with “z” in place of “d” at 3", "1/e of the change"]),
        ("predictions", ["0", "8 bits or more", "surprisal"], ["Bits per character", "A "]),
    ]:
        page.tab.click(f"#tab-{view}")
        page.settle()
        sync_api.expect(page.tab.locator(f"#{view}-above")).not_to_contain_text("Reading")
        for tick in legends:
            sync_api.expect(legend).to_contain_text(tick)
        about, lines = saved(page)
        assert set(legends) <= set(lines)
        assert "5" not in lines, "the number of a cell that the colours are not of"
        for word in words:
            assert word in " ".join(lines)
            assert word in about
        assert about.count("Colour at each character") == 1
        assert "app figure" not in about, "that would draw the states of the cell"
    page.tab.click("#tab-why")
    sync_api.expect(legend).to_contain_text("of the largest")
    page.tab.click("#tab-pair")
    page.tab.wait_for_selector(".pair-memory")
    _, lines = saved(page)
    assert {"value", "value in the changed text − value in the text"} <= set(lines)
    page.close()
