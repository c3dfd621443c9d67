"""What if: a memory is held on the page, and what changes is what the network itself says."""

import json

import numpy as np
from browser import ROOT, Page, needs_chromium, sync_api

from analysis.continuation import continuation
from models import load_checkpoint
from models.reading.engine import Engine

pytestmark = needs_chromium

NETWORK = "nested-war-and-peace"
TEXT = "It was in July, and the prince smiled"


def chances(model, text, made):
    """Of every symbol, after the last character."""
    logits = model.trace(text, interventions=made).logits[-1].astype(float)
    weights = np.exp(logits - logits.max())
    return dict(zip(model.vocabulary, weights / weights.sum(), strict=True))


def percent(p: float) -> str:
    """As the page writes it."""
    if p < 1e-4:
        return "< 0.01 %"
    digits = 0 if p >= 0.1 else 1 if p >= 0.01 else 2
    return f"{100 * p:.{digits}f} %"


def test_holding_the_quotation_cell_takes_three_actions(browser, shipped):
    atlas = json.loads((ROOT / f"checkpoints/{NETWORK}.atlas.json").read_text())
    found = next(one for one in atlas["found"] if one["feature"] == "quotes")
    model = load_checkpoint(ROOT / f"checkpoints/{NETWORK}.safetensors")
    held = 4 * found["sign"]
    made = [{"layer": found["layer"], "level": found["level"], "cells": [found["cell"]]}]
    made[0]["set"] = held
    address = f"#sample=prose&a={NETWORK}&b=stacked-war-and-peace&view=cell"
    page = Page(browser, shipped.url + address)
    page.settle()
    tab, expect = page.tab, sync_api.expect
    text = tab.input_value("#text")
    before, after = (chances(model, text, one)['"'] for one in ([], made))
    assert after > 10 * before
    # The cell, what if, and at what it is held: the first memory of the page is the innermost.
    assert (found["layer"], found["level"]) == (0, 1)
    tab.fill("#pick", str(found["cell"]))
    page.settle()
    tab.click("#whatif-add")
    tab.fill("#whatif [aria-label='Value, as a number']", str(held))
    move = tab.locator("#whatif .move", has=tab.get_by_text('"', exact=True))
    expect(move).to_contain_text(f"{percent(before)} → {percent(after)}")
    page.settle()
    assert tab.inner_text("#title-0").endswith("untouched")
    assert tab.inner_text("#title-1").endswith("changed")
    # The link opens it again.
    tab.wait_for_function("held => location.hash.includes(`_set_${held}`)", arg=str(held))
    again = Page(browser, tab.url)
    again.settle()
    expect(again.tab.locator("#whatif .effect")).to_have_text(tab.inner_text("#whatif .effect"))
    assert again.pixels() == page.pixels()
    again.close()
    # Escape takes it all back.
    tab.keyboard.press("Escape")
    expect(tab.locator("#whatif")).to_be_hidden()
    tab.wait_for_function("() => !location.hash.includes('if=')")
    page.settle()
    assert tab.inner_text("#title-1") == "Stacked LSTM"
    assert page.said == []
    page.close()


def test_before_and_after_and_their_difference_have_the_colours_of_the_network(
    browser, server, checkpoints
):
    model = load_checkpoint(checkpoints / f"{NETWORK}.safetensors")
    made = [{"layer": 0, "level": 1, "cells": [3], "set": 2, "from": 10}]
    address = f"#a={NETWORK}&b=none&text={TEXT}&cells=2-4&if=a_0_1_3_set_2_10-&beside=a"
    page = Page(browser, server.url + address)
    page.settle()
    page.pixels()
    shown = [model.trace(TEXT, interventions=one).display[:, 0, ::-1, 2:5] for one in ([], made)]
    assert np.abs(shown[1] - shown[0]).max() > 0.3
    palettes = page.tab.evaluate(
        """async () => {
            const { makePalette } = await import('/static/base/colour.js');
            return ['paper', 'safe'].map((name) => makePalette(name, 'light').steps);
        }"""
    )

    def check(block: int, values: np.ndarray, steps: list[list[int]], within: int) -> None:
        for colour, value in zip(page.colours(block, [*range(len(TEXT))]), values, strict=True):
            byte = int(np.clip(round(127 * float(value)), -127, 127))
            near = range(max(-127, byte - within), min(127, byte + within) + 1)
            assert colour[:3] in [steps[128 + b] for b in near]

    for panel in (0, 1):
        for rank in range(3):
            for memory in range(2):
                values = shown[panel][:, memory, rank]
                check(6 * panel + 2 * rank + memory, values, palettes[0], 1)
    # What each writes with one seed, the part that differs marked.
    page.tab.click("text=Continue both")
    symbols = model.vocabulary.encode(TEXT)
    written = [
        continuation(model, Engine(model.rnn), symbols, 200, 0.7, 1, model.parse(one))
        for one in ([], made)
    ]
    same = next(k for k in range(200) if written[0][k] != written[1][k])
    for panel in (0, 1):
        figure = page.tab.locator(".continued figure").nth(panel)
        sync_api.expect(figure.locator("mark")).to_be_visible()
        assert figure.locator("p").text_content() == written[panel]
        assert figure.locator("mark").text_content() == written[panel][same:]
    legend = page.tab.locator("#legend")
    sync_api.expect(legend.locator(".ramp")).to_have_count(1)
    page.tab.click("text=Difference >> visible=true")
    page.settle()
    sync_api.expect(legend).to_contain_text("B − A: −1")
    ramps = legend.locator(".ramp").evaluate_all(
        "all => all.map(ramp => ramp.style.backgroundImage.match(/rgb[(][^)]*[)]/)[0])"
    )
    assert ramps == [f"rgb({', '.join(map(str, steps[1]))})" for steps in palettes]
    page.pixels()
    for rank in range(3):
        for memory in range(2):
            apart = (shown[1] - shown[0])[:, memory, rank]
            check(6 + 2 * rank + memory, apart, palettes[1], 2)
            check(2 * rank + memory, shown[0][:, memory, rank], palettes[0], 1)
    # Why explains the model changed: its colours are no difference.
    for view, words in (("figure", "changed − untouched"), ("why", "changed")):
        page.tab.click(f"#tab-{view}")
        sync_api.expect(page.tab.locator("#title-1")).to_have_text(f"Nested LSTM, {words}")
    page.close()


def test_a_span_follows_its_characters_and_every_change_can_be_taken_back(opened):
    tab, expect = opened.tab, sync_api.expect
    opened.write(TEXT.lower())
    tab.hover(".block >> nth=0")
    tab.click(".block >> nth=0 >> .what-if")
    rows = tab.locator("#whatif .intervention")
    expect(rows).to_have_count(1)
    # Escape in an open menu closes it, and takes nothing back.
    for menu in ("#export", ".start", ".writing"):
        tab.click(f"{menu} summary")
        expect(tab.locator(menu)).to_have_attribute("open", "")
        tab.keyboard.press("Escape")
        expect(tab.locator(menu)).not_to_have_attribute("open", "")
        expect(tab.locator(f"{menu} summary")).to_be_focused()
        expect(rows).to_have_count(1)
    tab.select_option("#whatif [aria-label=Where]", "span")
    tab.fill("#whatif [aria-label='First character changed']", "7")
    tab.fill("#whatif [aria-label='Last character changed']", "9")
    tab.wait_for_function("() => location.hash.includes('_7-10')")
    tab.focus("#text")
    tab.keyboard.press("Control+Home")
    tab.keyboard.type("so ")
    tab.wait_for_function("() => location.hash.includes('_10-13')")
    tab.click("#whatif-add")
    expect(rows).to_have_count(2)
    tab.click("#whatif .gone >> nth=0")
    expect(rows).to_have_count(1)
    tab.click("#whatif .gone")
    expect(tab.locator("#whatif")).to_be_hidden()
    expect(tab.locator("#whatif-add")).to_be_focused()
    tab.wait_for_function("() => !/if=|beside=/.test(location.hash)")
    assert opened.said == []
