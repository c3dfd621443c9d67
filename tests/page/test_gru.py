"""A GRU on the page: every view of it stands, and none draws what an LSTM has and it has not."""

import pytest
from browser import Page, Server, needs_chromium
from random_models import model

from models import save_checkpoint

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def gru(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in ("gru", "lstm"):
        save_checkpoint(folder / f"{name}.safetensors", model(name))
    running = Server(folder)
    yield running
    running.stop()


@pytest.mark.parametrize("view", ["figure", "map", "cell", "predictions"])
def test_every_view_shows_a_gru(gru, browser, view):
    page = Page(browser, f"{gru.url}#a=gru&b=lstm&view={view}&text=it+was&cells=0-2&pick=2")
    page.settle()
    page.tab.wait_for_timeout(500)
    if view == "cell":
        page.tab.wait_for_selector(".step:not([hidden])")  # of the LSTM
        assert page.tab.locator(".step:not([hidden])").count() == 1
    assert page.said == []
    page.context.close()
