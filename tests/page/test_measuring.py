"""Where nobody has measured a model's timescales, the page offers to."""

import json

import pytest
from browser import Page, Server, needs_chromium, save_models, sync_api

pytestmark = needs_chromium

CORPUS = {"name": "my", "text": "my-text.txt", "status": "ready", "characters": 9000}
TEXT = "the group said it would not sell the company to the other one \n" * 140  # 8,960 characters


@pytest.fixture
def unmeasured(browser, tmp_path):
    save_models(tmp_path)
    server = Server(tmp_path, longest=10_000)
    page = Page(browser, "about:blank")
    page.tab.route("**/api/corpora", lambda route: route.fulfill(status=503))
    with page.tab.expect_response("**/api/corpora"):
        page.tab.goto(server.url + "#a=lstm-ptb&b=deep-ptb&view=cell")
    page.settle()
    page.said.clear()
    yield page, tmp_path
    page.close()
    server.stop()


def test_a_model_is_measured_where_its_timescales_would_stand(unmeasured):
    page, folder = unmeasured
    offer = page.tab.locator(".measuring").first
    # The list of corpora has not come: it is asked for again.
    page.tab.route(
        "**/api/corpora",
        lambda route: route.fulfill(json=[CORPUS | {"model": name} for name in ("lstm-ptb", "x")]),
    )
    page.tab.click("#tab-figure")
    page.tab.click("#tab-cell")
    sync_api.expect(offer.get_by_role("button", name="Measure it on My Text")).to_be_visible()
    here = offer.get_by_role("button", name="Measure it on this text")
    sync_api.expect(offer).to_contain_text("Measuring needs a text of 8,500 characters.")
    sync_api.expect(here).to_be_hidden()
    page.write(TEXT)
    sync_api.expect(offer).not_to_contain_text("8,500")
    here.click()
    stop = offer.get_by_role("button", name="Stop")
    sync_api.expect(stop).to_be_visible()
    stop.click()
    sync_api.expect(offer).to_contain_text("Stopped.")
    here.click()
    page.write(TEXT[:-40])  # one goes on typing meanwhile
    sync_api.expect(offer).to_be_hidden(timeout=240_000)
    note = page.tab.locator(".note .lasts").first
    sync_api.expect(note).not_to_have_text("not measured")
    assert "of a text typed on the page" in (note.get_attribute("title") or "")
    kept = json.loads((folder / "lstm-ptb.timescales.json").read_text())
    assert kept["settings"]["characters"] <= len(TEXT)
    # The other model's stays as it was, and the kept one is there after a reload.
    sync_api.expect(page.tab.locator(".measuring").nth(1)).to_be_visible()
    page.tab.reload()
    page.settle()
    sync_api.expect(page.tab.locator(".note .lasts").first).not_to_have_text("not measured")
    sync_api.expect(page.tab.locator(".measuring").first).to_be_hidden()
    assert page.said == []
