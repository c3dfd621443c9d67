"""In the view of a cell stands how long it remembers: by its report, and on the text shown."""

import re

import pytest
from browser import ROOT, Page, Server, needs_chromium, sync_api
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
    sync_api.expect(said.first).to_contain_text("takes 1,000 characters; there are 900")
    page.write(letters(1900, seed=3))
    for panel in (0, 1):
        sync_api.expect(said.nth(panel)).to_contain_text("On this text: ")
        words = said.nth(panel).text_content()
        tau = float(re.search(r"(?:inner|cell) ([\d.]+)", words)[1])
        assert tau == pytest.approx(TAU, rel=0.05)
    assert page.tab.locator(".lasting .line").count() == 3
    assert page.said == []
    page.context.close()


def test_the_report_of_a_shipped_model_is_drawn(browser):
    shipped = Server(ROOT / "checkpoints")
    page = Page(browser, f"{shipped.url}#view=cell&sample=prose&a=nested-war-and-peace&b=none")
    sync_api.expect(page.tab.locator(".lasting .tau")).to_have_count(2)
    assert page.tab.locator(".lasting .band").count() == 2
    marks = page.tab.locator(".lasting .tau title").all_text_contents()
    notes = page.tab.locator(".note .lasts").all_text_contents()
    for mark, note in zip(marks, notes, strict=True):
        tau = float(re.search(r": ([\d.]+) characters", mark)[1])
        assert f"{tau:.1f}" in note or f"{tau:.0f}" in note
    assert page.said == []
    page.context.close()
    shipped.stop()
