"""Beside every cell stands how long it remembers, by the report shipped with its model."""

import json

from browser import ROOT, Page, needs_chromium, sync_api

pytestmark = needs_chromium
NAMES = ("nested-war-and-peace", "stacked-war-and-peace")


def named_cell(name: str) -> int:
    """A cell worth looking at."""
    atlas = json.loads((ROOT / f"checkpoints/{name}.atlas.json").read_text())
    cell: int = atlas["found"][0]["cell"]
    return cell


def test_every_cell_shown_says_how_long_it_remembers(browser, shipped):
    one, other = (named_cell(name) for name in NAMES)
    address = f"#a={NAMES[0]}&b={NAMES[1]}&sample=prose&cells={one},{other}"
    page = Page(browser, shipped.url + address)
    sync_api.expect(page.tab.locator(".note .lasts").first).to_contain_text("remembers")
    page.settle()
    said = page.tab.eval_on_selector_all(
        ".note", "all => all.map(note => note.firstElementChild.textContent)"
    )
    hints = page.tab.eval_on_selector_all(
        ".note", "all => all.map(note => note.firstElementChild?.title)"
    )
    places = [(0, 0, 1), (0, 0, 0), (1, 1, 0), (1, 0, 0)]  # panel, layer, level of the columns
    expected = [(panel, layer, level, one) for panel, layer, level in places[:2]]
    expected += [(panel, layer, level, other) for panel, layer, level in places[:2]]
    expected += [(panel, layer, level, one) for panel, layer, level in places[2:]]
    expected += [(panel, layer, level, other) for panel, layer, level in places[2:]]
    for words, hint, (panel, layer, level, unit) in zip(said, hints, expected, strict=True):
        report = json.loads((ROOT / f"checkpoints/{NAMES[panel]}.timescales.json").read_text())
        (row,) = [
            row
            for row in report["units"]
            if (row["layer"], row["level"], row["unit"]) == (layer, level, unit)
            and (row["measure"], row["value"]) == ("context_swap", "read")
        ]
        if row["status"] == "ok" and "saturated" not in words:
            tau = row["tau"]
            told = f"{tau:.1f}" if tau < 9.95 else f"{tau:.0f}"
            assert words == f"remembers {told} characters"
            assert f"{row['low']:.1f}" in hint or f"{row['low']:.0f}" in hint
        else:
            assert words == "saturated"
    assert page.said == []
    page.close()


def test_a_model_that_was_not_measured_says_how_to_measure_it(opened):
    note = opened.tab.locator(".note .lasts").first
    sync_api.expect(note).to_have_text("not measured")
    assert "python -m analysis.timescales --model nested-chrono-ptb" in note.get_attribute("title")
    assert opened.said == []
