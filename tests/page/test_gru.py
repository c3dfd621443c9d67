"""A GRU on the page: every view of it stands, with the numbers that the network has."""

import re

import pytest
from browser import Page, Server, needs_chromium
from random_models import model

from models import save_checkpoint

pytestmark = needs_chromium
TEXT = "it was"


@pytest.fixture(scope="module")
def gru(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in ("gru", "lstm"):
        save_checkpoint(folder / f"{name}.safetensors", model(name))
    running = Server(folder)
    yield running
    running.stop()


def opened(browser, server, view):
    address = f"#a=gru&b=lstm&view={view}&text={TEXT.replace(' ', '+')}&cells=0-2&pick=2"
    page = Page(browser, server.url + address)
    page.settle()
    page.tab.wait_for_timeout(500)
    return page


@pytest.mark.parametrize("view", ["figure", "map", "predictions", "forgetting"])
def test_every_view_shows_a_gru(gru, browser, view):
    page = opened(browser, gru, view)
    assert page.tab.text_content("#title-0") == "GRU"
    assert page.tab.text_content("#problem") == ""
    assert page.said == []
    page.context.close()


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
    page.context.close()
