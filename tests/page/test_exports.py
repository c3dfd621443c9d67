"""Files of the views: whole, for paper, and named after what they show."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from browser import Page, needs_chromium

pytestmark = needs_chromium

MODELS = "a=nested-chrono-ptb&b=stacked-ptb"
TEXT = "traders said 1 2 3 contracts settled at <unk> much lower"
NAME = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("view", "more", "called", "parts"),
    [
        ("figure", "&cells=3,1&cellsb=7", "figure-cells-3_1-7", 0),
        ("forgetting", "&scope=cell&pick=3&pickb=7", "forgetting-cells-3-7", 4),
        ("why", "", "why", 2),
        ("find", "&ask=digit&found=0.3-1.7", "find-cells-3-7", 7),
        ("map", "", "map", 4),
    ],
)
def test_a_file_asked_for_at_once_on_a_dark_page_is_whole_and_light(
    browser, server, view, more, called, parts
):
    page = Page(
        browser, f"{server.url}#view={view}&{MODELS}&text={TEXT}{more}", color_scheme="dark"
    )
    tab = page.tab
    tab.wait_for_selector("#title-1:not(:empty)")  # the models are known: nothing more
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = tab.evaluate(ground)
    tab.click("#export summary")
    tab.fill("#export-width", "89")
    with tab.expect_download() as download:
        tab.click("[data-export=svg]")
    assert (
        download.value.suggested_filename == f"nestscope-nested-chrono-ptb-stacked-ptb-{called}.svg"
    )
    svg = ElementTree.fromstring(Path(download.value.path()).read_text("utf-8"))
    assert svg.get("width") == "89mm"
    paper, *blocks = svg.findall(f"{NAME}rect")
    assert paper.get("fill") == "rgb(255,255,255)"
    inks = {line.get("fill") for line in svg.findall(f"{NAME}text")}
    assert all(max(map(int, ink[4:-1].split(","))) < 60 for ink in inks), inks
    # What is read has colours beside those of the bar: that has 255 steps, or 128 from zero on.
    bar = 128 if view in ("forgetting", "why") else 255
    assert len(blocks) - bar >= (0 if view == "map" else 40)
    assert len(svg.findall(f"{NAME}svg")) + len(svg.findall(f"{NAME}image")) >= parts
    assert tab.evaluate(ground) == dark, "the page is as it was"
    assert page.faults == []
    page.close()
