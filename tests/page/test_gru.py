"""A GRU on the page: every view of it stands, with the numbers that the network has."""

import re

import numpy as np
import pytest
from browser import Page, Server, needs_chromium, sync_api
from random_models import model

from analysis.timescales.measurement import Settings, measure
from analysis.timescales.report import dumps, report
from models import load_checkpoint, save_checkpoint

pytestmark = needs_chromium
TEXT = "it was"


@pytest.fixture(scope="module")
def gru(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in ("gru", "lstm"):
        save_checkpoint(folder / f"{name}.safetensors", model(name))
    running = Server(folder)
    running.folder = folder
    yield running
    running.stop()


def opened(browser, server, view, more=""):
    address = f"#a=gru&b=lstm&view={view}&text={TEXT.replace(' ', '+')}&cells=0-2&pick=2{more}"
    page = Page(browser, server.url + address)
    page.settle()
    page.tab.wait_for_timeout(500)
    return page


def test_every_view_shows_a_gru(gru, browser):
    page = opened(browser, gru, "figure")
    for view in ("figure", "find", "map", "predictions", "why", "forgetting", "pair"):
        page.tab.click(f"#tab-{view}")
        sync_api.expect(page.tab.locator(f"#{view}-0")).not_to_have_attribute("hidden", "")
        page.settle()
        sync_api.expect(page.tab.locator("#title-0")).to_have_text("GRU")
        sync_api.expect(page.tab.locator("#problem")).to_be_empty()
        assert page.said == [], view
    page.close()


def test_a_unit_of_a_gru_is_drawn_with_its_equation(gru, browser):
    page = opened(browser, gru, "cell")
    page.tab.wait_for_function(
        "() => document.querySelectorAll('.step:not([hidden])').length === 2"
    )
    step = page.tab.locator(".step").first
    assert step.locator("svg").get_attribute("aria-label").startswith("Diagram of the GRU of 2")
    trace = model("gru").trace(TEXT)
    t, cell = len(TEXT) - 1, 2
    rows = step.locator(".equation").all()
    assert len(rows) == 2
    for row, layer in zip(rows, (1, 0), strict=True):
        told = [
            float(number.replace("−", "-")) for number in row.locator(".term b").all_text_contents()
        ]
        _, z, n = trace.gates[t, layer, 0, :, cell]
        before = trace.h[t - 1, layer, cell]
        wanted = [trace.h[t, layer, cell], z, before, 1 - z, n]
        assert told == pytest.approx(wanted, abs=6e-4)
    words = [re.sub(r"\s+", " ", row.text_content()) for row in rows]
    assert all("h before" in said and "1 − z" in said for said in words)
    titles = page.tab.locator(".charts").first.locator("figcaption b").all_text_contents()
    charts = ("states", "memory h", "gates")
    assert titles == [f"layer {l}: {what}" for l in (2, 1) for what in charts]
    assert page.said == []
    page.close()


def test_a_held_unit_is_read_and_drawn_as_it_was_held(gru, browser):
    page = opened(browser, gru, "cell", "&if=a_0_h_2_set_0.5_3-")
    page.tab.wait_for_selector(".equation")
    made = [{"layer": 0, "state": "h", "cells": [2], "set": 0.5, "from": 3}]
    trace = model("gru").trace(TEXT, interventions=made)
    lower = page.tab.locator(".step").first.locator(".equation").last
    said = lower.text_content()
    assert "changed to" in said
    assert "+0.500" in said
    upper = page.tab.locator(".step").first.locator(".equation").first
    told = upper.locator(".term b").first.text_content().replace("−", "-")
    assert float(told) == pytest.approx(trace.h[-1, 1, 2], abs=6e-4)
    assert page.said == []
    page.close()


def test_the_timescales_of_a_gru_are_shown(gru, browser):
    letters = np.random.default_rng(0).choice(list("abcdefgh .\n"), 9000)
    settings, text = Settings(resamples=100), "".join(letters)
    net = load_checkpoint(gru.folder / "gru.safetensors")
    measured = measure(net, text, settings)
    result = report("gru", net, "letters", settings, measured)
    (gru.folder / "gru.timescales.json").write_text(dumps(result))
    page = opened(browser, gru, "figure")
    note = page.tab.locator(".note .lasts").first
    sync_api.expect(note).not_to_have_text("not measured")
    page.tab.goto(gru.url + "timescales")
    picture = page.tab.locator("#dumbbell")
    for measure_key in ("context_swap", "gate"):
        page.tab.locator("select:has(option[value=gate])").first.select_option(measure_key)
        sync_api.expect(picture).to_contain_text("layer 2")
        sync_api.expect(picture).to_contain_text("characters")
        sync_api.expect(picture).not_to_contain_text("no number")
    assert page.said == []
    page.close()
