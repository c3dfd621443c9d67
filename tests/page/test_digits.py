"""The page of digits: what is drawn is read, shown as the models have it, and kept."""

import csv
import io
import re

import numpy as np
import pytest
import torch
from browser import Page, Server, needs_chromium, sync_api, visiting
from random_models import randomised

from models import GlimpseClassifier, load_checkpoint, save_checkpoint

pytestmark = needs_chromium
NAMES = {"nested-digits": (1, 2, 8), "stacked-digits": (2, 1, 8), "lone-digits": (1, 1, 8)}
READ = "#main:not([aria-busy])"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    torch.manual_seed(6)
    for name, size in NAMES.items():
        save_checkpoint(folder / f"{name}.safetensors", randomised(GlimpseClassifier(*size)))
    return folder


@pytest.fixture(scope="module")
def reader(folder):
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture(params=[("light", 1366), ("dark", 375)], ids=["light, wide", "dark, narrow"])
def visit(request, browser, reader):
    with visiting(browser, reader, *request.param) as open_:
        yield open_


def drag(tab, *points):
    """A stroke through these places of the drawing, in parts of its side."""
    tab.evaluate("scrollTo(0, 0)")
    box = tab.locator("#drawing").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    tab.mouse.move(*places[0])
    tab.mouse.down()
    for place in places[1:]:
        tab.mouse.move(*place, steps=6)
    tab.mouse.up()
    tab.wait_for_timeout(50)
    tab.wait_for_selector(READ)


def image_of(tab):
    """What the networks were last asked to read."""
    return tab.evaluate(
        """async () => {
            const { imageOf } = await import('./static/pages/digits/raster.js');
            const { parseDigits } = await import('./static/pages/digits/address.js');
            const { sampleOf } = await import('./static/pages/digits/samples.js');
            await new Promise((then) => setTimeout(then, 400));
            const { strokes, sample } = parseDigits(location.hash);
            const { image } = imageOf(strokes ?? sampleOf(sample).strokes);
            return [...image].map((ink) => Number(ink.toFixed(4)));
        }"""
    )


def table(tab):
    if not tab.locator("#numbers").evaluate("all => all.open"):
        tab.locator("#numbers > summary").click()
    # The table is filled when the browser has told of its opening.
    tab.wait_for_selector("#rows tr")
    head, *rows = tab.eval_on_selector_all(
        "#columns, #rows tr",
        "all => all.map(row => [...row.querySelectorAll('th, td')].map(cell => cell.textContent))",
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def percent(text):
    return float(re.sub("[^0-9.]", "", text)) / 100


def number(text):
    return float(text.replace("−", "-"))


def test_what_is_drawn_is_read_and_shown_as_the_models_have_it(visit, folder):
    tab = visit("digits#pick=3").tab
    tab.wait_for_selector(READ)
    drag(tab, (0.3, 0.2), (0.7, 0.2), (0.5, 0.9))
    image = np.array(image_of(tab), np.float32).reshape(28, 28)
    rows = table(tab)
    assert len(rows) == 20
    memories = {"A": ("nested-digits", ["outer", "inner"]), "B": ("lone-digits", ["cell"])}
    for letter, (name, names) in memories.items():
        model = load_checkpoint(folder / f"{name}.safetensors")
        trace, (_, gave) = model.trace(image), model.occlusion(image)
        exact = torch.from_numpy(trace.logits).softmax(1).numpy()
        for t, row in enumerate(rows):
            for digit in range(10):
                assert percent(row[f"{letter}: {digit}"]) == pytest.approx(
                    exact[t, digit], abs=1e-3
                )
            given = number(row[f"{letter}: given, bits"])
            assert given == pytest.approx(gave[t], abs=6e-3)
            for level, memory in enumerate(names):
                value = number(row[f"{letter}: {memory} 3"])
                assert value == pytest.approx(trace.display[t, 0, level, 3], abs=2e-3)
        digit = int(exact[-1].argmax())
        leads = exact.argmax(1) == digit
        since = 20 - int(np.argmin(leads[::-1])) if not leads.all() else 0
        said = tab.inner_text(f"#since-{'AB'.index(letter)}")
        assert said.startswith(f"· {digit} leads")
        assert ("first" in said) if since == 0 else said.endswith(f"glimpse {since + 1} on")
        assert tab.inner_text(f"#digit-{'AB'.index(letter)}") == str(digit)


def test_one_steps_through_the_glimpses_by_key_by_slider_and_by_playing(visit):
    tab = visit("digits#sample=7&step=3").tab
    tab.wait_for_selector(READ)
    where = tab.locator("#where")
    sync_api.expect(where).to_have_text("Glimpse 3 of 20: upper left quarter, upper right tile")
    tab.keyboard.press("ArrowRight")
    sync_api.expect(where).to_contain_text("Glimpse 4 of 20")
    tab.click("#back")
    tab.click("#back")
    sync_api.expect(where).to_contain_text("Glimpse 2 of 20")
    tab.locator("#step").fill("19")
    sync_api.expect(where).to_contain_text("Glimpse 19 of 20")
    left = "all => all.map(node => node.style.left)"
    sync_api.expect(tab.locator(".column").first).to_have_css("left", re.compile("px"))
    assert set(tab.eval_on_selector_all(".column", left)) == {"90%"}
    tab.click("#play")
    sync_api.expect(where).to_contain_text("Glimpse 20 of 20")
    sync_api.expect(tab.locator("#play")).to_have_attribute("aria-label", "Play the glimpses")
    tab.click("#play")
    sync_api.expect(where).not_to_contain_text("Glimpse 20 of 20")  # it begins anew
    tab.keyboard.press("ArrowRight")
    sync_api.expect(tab.locator("#play")).to_have_attribute("aria-label", "Play the glimpses")


def test_a_column_pointed_at_is_lit_everywhere_and_a_click_keeps_it(visit):
    tab = visit("digits").tab
    tab.wait_for_selector(READ)
    map_ = tab.locator("#panel-0 .map").first
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 0.525, box["y"] + box["height"] * 5.5 / 8)
    where = tab.locator("#where")
    sync_api.expect(where).to_contain_text("Glimpse 11 of 20")
    left = "all => all.map(node => node.style.left)"
    tab.wait_for_timeout(100)
    assert set(tab.eval_on_selector_all(".column", left)) == {"50%"}
    sync_api.expect(tab.locator("#panel-1 .keys")).to_contain_text("Cell 5")
    tab.mouse.down()
    tab.mouse.up()
    tab.mouse.move(1, 1)
    sync_api.expect(where).to_contain_text("Glimpse 11 of 20")
    sync_api.expect(tab.locator("#pick")).to_have_value("5")
    tab.wait_for_timeout(400)
    assert "step=11&pick=5" in tab.evaluate("location.hash")


def test_a_drawing_is_undone_cleared_and_kept_in_the_address(visit):
    tab = visit("digits#sample=4").tab
    tab.wait_for_selector(READ)
    pressed = tab.locator("[data-sample][aria-pressed=true]")
    sync_api.expect(pressed).to_have_attribute("data-sample", "4")
    drag(tab, (0.5, 0.2), (0.5, 0.8))  # on a sample: a new drawing
    sync_api.expect(pressed).to_have_count(0)
    one = image_of(tab)
    drag(tab, (0.2, 0.5), (0.8, 0.5))
    assert image_of(tab) != one
    tab.click("#undo")
    tab.wait_for_selector(READ)
    assert image_of(tab) == one
    fragment = tab.evaluate("location.hash")
    again = visit(f"digits{fragment}").tab
    again.wait_for_selector(READ)
    assert again.inner_text("#sure-0") == tab.inner_text("#sure-0")
    tab.evaluate("location.hash = '#main'")  # where the link that skips the head leads
    tab.wait_for_url("**#a=*")
    assert image_of(tab) == one
    tab.click("#clear")
    sync_api.expect(tab.locator("#hint")).to_be_visible()
    sync_api.expect(tab.locator("#panel-0")).to_have_attribute("data-blank", "")
    assert tab.inner_text("#digit-0") == ""
    sync_api.expect(tab.locator("#spoken")).to_be_empty()
    tab.keyboard.press("Control+z")
    tab.wait_for_selector(READ)
    sync_api.expect(tab.locator("#digit-0")).not_to_be_empty()
    tab.click("#undo")
    sync_api.expect(pressed).to_have_attribute("data-sample", "4")
    sync_api.expect(tab.locator("#undo")).to_be_disabled()


def test_a_cell_is_held_and_let_go_and_both_answers_are_told(visit, folder):
    tab = visit("digits#sample=3&pick=3").tab
    tab.wait_for_selector(READ)
    image = np.array(image_of(tab), np.float32).reshape(28, 28)
    model = load_checkpoint(folder / "nested-digits.safetensors")
    plain = torch.from_numpy(model.trace(image).logits).softmax(1)[-1].numpy()
    tab.fill("#hold-at", "-2")
    held = sync_api.expect(tab.locator("#held-0"))
    held.to_contain_text(f"inner c\u0303 3 held at −2; untouched: {plain.argmax()}, ")
    sync_api.expect(tab.locator("#held-1")).to_contain_text("cell c 3 held at −2; untouched:")
    sync_api.expect(tab.locator("#spoken")).to_contain_text("untouched")
    tab.select_option("#hold-memory", "1")
    held.to_contain_text("outer c 3 held at −2")
    tab.wait_for_selector(READ)
    set_ = [{"layer": 0, "level": 0, "cells": [3], "set": -2}]
    exact = torch.from_numpy(model.trace(image, set_).logits).softmax(1).numpy()
    for row, digits in zip(table(tab), exact, strict=True):
        assert [percent(row[f"A: {k}"]) for k in range(10)] == pytest.approx(digits, abs=1e-3)
        assert number(row["A: outer 3"]) == pytest.approx(-2)
    # What is held stays so while another cell is looked at, and in a link.
    tab.fill("#pick", "5")
    sync_api.expect(tab.locator("#hold-at")).to_have_value("")
    tab.wait_for_url("**&pick=5&hold=1,3,-2")
    again = visit(f"digits{tab.evaluate('location.hash')}").tab
    sync_api.expect(again.locator("#held-0")).to_have_text(tab.inner_text("#held-0"))
    sync_api.expect(again.locator("#hold-at")).to_have_value("")
    again.fill("#pick", "3")
    sync_api.expect(again.locator("#hold-at")).to_have_value("-2")
    again.focus("#release")
    again.keyboard.press("Enter")
    sync_api.expect(again.locator("#held-0")).to_be_empty()
    sync_api.expect(again.locator("#release")).to_be_hidden()
    again.click("#undo")
    sync_api.expect(again.locator("#held-0")).to_contain_text("outer c 3 held at −2")


def test_a_sample_is_picked_by_keyboard(visit):
    tab = visit("digits").tab
    tab.wait_for_selector(READ)
    tab.focus("[data-sample='8']")
    tab.keyboard.press("Enter")
    sync_api.expect(tab.locator("[data-sample='8']")).to_have_attribute("aria-pressed", "true")
    tab.wait_for_timeout(400)
    assert "sample=8" in tab.evaluate("location.hash")


def touch(session, kind, *points):
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": k} for k, (x, y) in points]},
    )


def test_one_finger_draws_and_two_scroll(browser, reader):
    page = Page(
        browser,
        reader.url + "digits",
        viewport={"width": 375, "height": 700},
        has_touch=True,
        is_mobile=True,
    )
    tab = page.tab
    tab.wait_for_selector(READ)
    session = page.context.new_cdp_session(tab)
    box = tab.locator("#drawing").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4
    touch(session, "touchStart", (0, (x, y)))
    for k in range(1, 8):
        touch(session, "touchMove", (0, (x, y + 12 * k)))
    touch(session, "touchEnd")
    tab.wait_for_selector(READ)
    assert tab.evaluate("scrollY") == 0
    drawn = image_of(tab)
    assert "drawing=" in tab.evaluate("location.hash")
    touch(session, "touchStart", (0, (x, y + 90)))
    touch(session, "touchStart", (0, (x, y + 90)), (1, (x + 50, y + 90)))
    for k in range(1, 8):
        touch(session, "touchMove", (0, (x, y + 90 - 10 * k)), (1, (x + 50, y + 90 - 10 * k)))
    touch(session, "touchEnd")
    tab.wait_for_selector(READ)
    assert tab.evaluate("scrollY") > 30
    assert image_of(tab) == drawn
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.said == []
    page.close()


def test_every_value_is_saved_as_csv(visit, folder):
    tab = visit("digits#sample=2").tab
    tab.wait_for_selector(READ)
    image = np.array(image_of(tab), np.float32).reshape(28, 28)
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text())))
    model = load_checkpoint(folder / "nested-digits.safetensors")
    trace = model.trace(image)
    mine = [row for row in rows if row["model"] == "nested-digits"]
    assert {row["sha256"] for row in mine} == {model.sha256}
    inner = [float(row["value"]) for row in mine if row["what"].startswith("inner")]
    np.testing.assert_allclose(inner, trace.display[:, 0, 1].ravel(), atol=1e-5)
    assert sum(row["what"] == "probability" for row in mine) == 200
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Save as SVG").click()
    assert saved.value.path().read_text().count("<rect") == 1 + 20 * (2 * 10 + 3 * 8)


def test_a_link_to_a_cell_that_no_network_has_shows_the_last_one(visit):
    tab = visit("digits#pick=9999").tab
    tab.wait_for_selector(READ)
    sync_api.expect(tab.locator("#pick")).to_have_value("7")
    sync_api.expect(tab.locator("#panel-0 .keys")).to_contain_text("Cell 7")
    assert "A: inner 7" in table(tab)[0]


def test_the_memories_keep_their_colours_where_the_system_forces_its_own(browser, reader):
    page = Page(browser, reader.url + "digits", forced_colors="active")
    page.tab.wait_for_selector(READ)
    ground = "all => all.map(dot => getComputedStyle(dot).backgroundColor)"
    assert len(set(page.tab.locator("#panel-0 .dot").evaluate_all(ground))) == 2
    column = page.tab.locator("#panel-0 .column").first
    sync_api.expect(column).not_to_have_css("box-shadow", "none")
    page.close()


def test_a_drawing_is_printed_dark_on_white(visit):
    tab = visit("digits#sample=1").tab
    tab.wait_for_selector(READ)
    shades = """event => {
        dispatchEvent(new Event(event));
        return ['#drawing', '#panel-0 .bars'].map((name) => {
            const canvas = document.querySelector(name);
            const { width, height } = canvas;
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
            const ink = data.filter((_, k) => data[4 * (k >> 2) + 3] === 255);
            return [0, 1, 2].map((k) => ink.filter((_, n) => n % 4 === k)).map(
                (all) => all.reduce((a, b) => Math.min(a, b), 255));
        });
    }"""
    shown, printed, after = (tab.evaluate(shades, e) for e in ("", "beforeprint", "afterprint"))
    assert all(max(darkest) < 60 for darkest in printed), printed
    assert shown == after
    assert tab.evaluate("document.documentElement.dataset.theme") is None


def test_nothing_is_cut_off(visit):
    page = visit("digits#sample=9&step=8")
    page.tab.wait_for_selector(READ)
    assert page.cut() == []
    assert page.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_server_that_is_gone_is_said_and_the_drawing_kept(browser, reader):
    # Its tab is not used again: it would tell the next test what it asked for in vain.
    page = Page(browser, reader.url + "digits#sample=5", alone=True)
    page.tab.wait_for_selector(READ)
    reader.stop()
    try:
        drag(page.tab, (0.5, 0.2), (0.5, 0.8))
        sync_api.expect(page.tab.locator("#problem")).to_contain_text("cannot be reached")
    finally:
        reader.start()
    drag(page.tab, (0.4, 0.5), (0.6, 0.5))
    sync_api.expect(page.tab.locator("#problem")).to_be_empty()
    page.close()
