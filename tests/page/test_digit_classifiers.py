"""The page of digits with the classifiers of this repository, and without any."""

import re

from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium
READ = "#main:not([aria-busy])"


def test_without_a_classifier_the_page_says_how_to_get_one(browser, server):
    page = Page(browser, server.url + "digits")
    sync_api.expect(page.tab.locator("#problem")).to_contain_text("python -m experiments.glimpses")
    assert page.said == []
    page.close()


def test_the_shipped_classifiers_name_every_sample(browser, shipped):
    """Our strokes through the page's own way, against the two networks of this repository."""
    page = Page(browser, shipped.url + "digits")
    tab = page.tab
    tab.wait_for_selector(READ)
    buttons = tab.locator("[data-sample]").all()
    for button in buttons:
        button.click()
        tab.wait_for_selector(READ)
        digit = button.get_attribute("data-sample")[0]
        said = re.compile(rf"^A: {digit}, .*; B: {digit}, ")
        sync_api.expect(tab.locator("#spoken")).to_have_text(said)
    assert len(buttons) == 12
    assert page.said == []
    page.close()
