"""Everything on the page is reached, and said, by the keyboard alone."""

import re

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium


def test_the_keys_are_listed_and_the_figure_is_reached_without_a_mouse(opened):
    opened.tab.focus("#figure")
    opened.tab.keyboard.press("?")
    sync_api.expect(opened.tab.locator("#keys")).to_be_visible()
    opened.tab.keyboard.press("Escape")
    opened.tab.focus("#figure")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "o"):
        opened.tab.keyboard.press(key)
    sync_api.expect(opened.tab.locator("#where b")).to_have_text("position 1")
    sync_api.expect(opened.tab.locator("#readings")).to_contain_text("A cell 1")


def test_the_tabs_are_walked_with_the_arrows(opened):
    names = opened.tab.eval_on_selector_all("[role=tab]", "all => all.map(tab => tab.id)")
    opened.tab.focus("[role=tab][aria-selected=true]")
    for key, expected in (
        *(("ArrowRight", name) for name in [*names[1:], names[0]]),
        ("ArrowLeft", names[-1]),
        ("Home", names[0]),
        ("End", names[-1]),
    ):
        opened.tab.keyboard.press(key)
        tab = sync_api.expect(opened.tab.locator(f"#{expected}"))
        tab.to_be_focused()
        tab.to_have_attribute("aria-selected", "true")
        view = expected.removeprefix("tab-")
        sync_api.expect(opened.tab.locator("body")).to_have_attribute("data-view", view)
    # With Alt they lead back and forward; with others they are the browser's, too.
    for held in ("altKey", "ctrlKey", "metaKey"):
        opened.tab.dispatch_event(f"#{names[-1]}", "keydown", {"key": "Home", held: True})
        assert opened.tab.get_attribute("body", "data-view") == names[-1].removeprefix("tab-")


REACHABLE = """() => {
    const all = 'a[href], button, select, input, textarea, summary, [tabindex]';
    return [...document.querySelectorAll(all)]
        .filter(e => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false }))
        .filter(e => !e.disabled && !e.matches('[role=tab][tabindex="-1"]'));
}"""


@pytest.mark.parametrize("view", ["figure", "map", "cell", "predictions"])
def test_every_control_of_every_view_is_reached_with_the_tab_key(browser, server, view):
    page = Page(browser, f"{server.url}#view={view}&cells=0-1")
    page.settle()
    page.tab.evaluate(f"window.wanted = ({REACHABLE})()")
    count = page.tab.evaluate("wanted.length")
    assert count > 15
    page.tab.evaluate("document.activeElement.blur()")
    for _ in range(count + 10):  # what scrolls is reached as well
        page.tab.keyboard.press("Tab")
        page.tab.evaluate("wanted = wanted.filter(e => e !== document.activeElement)")
    assert page.tab.evaluate("wanted.map(e => e.outerHTML.slice(0, 90))") == []
    page.close()


def test_what_one_points_at_from_the_keyboard_is_seen_and_spoken(opened):
    opened.tab.focus("#figure")
    opened.tab.keyboard.press("Home")
    spoken = sync_api.expect(opened.tab.locator("#spoken"))
    for key, block, words in (
        ("o", "A, outer c, cell 0", "0. A cell 0, outer"),
        ("ArrowDown", "A, outer c, cell 1", "0. A cell 1, outer"),
        ("]", "B, layer 1 tanh(c), cell 1", "0. B cell 1, layer 1"),
        ("i", "B, layer 2 tanh(c), cell 1", "0. B cell 1, layer 2"),
    ):
        opened.tab.keyboard.press(key)
        here = opened.tab.locator(".block.here")
        sync_api.expect(here).to_have_count(1)
        sync_api.expect(here).to_have_attribute("aria-label", f"Model {block}")
        spoken.to_contain_text(f"position {words}")


@pytest.mark.parametrize("view", ["forgetting", "pair"])
def test_the_character_that_is_changed_is_chosen_by_the_keyboard(browser, server, view):
    page = Page(browser, f"{server.url}#view={view}&text=to be or not to be&change=1.1.x")
    changed = sync_api.expect(page.tab.locator(f"#{view}-above .changed"))
    changed.to_contain_text("at 1")
    page.tab.focus("#figure")
    for key in ("Home", *["ArrowRight"] * 6, "Enter"):
        page.tab.keyboard.press(key)
    changed.to_contain_text("“o” at 6")
    page.tab.wait_for_function("() => location.hash.includes('change=6.1.x')")
    assert page.said == []
    page.close()


def test_a_press_of_what_goes_leaves_the_focus_near(browser, shipped):
    """A cell named in a menu, a file, and the number of a cell that is then shown alone."""
    page = Page(browser, f"{shipped.url}#view=figure&cells=0-3&sample=prose&a=nested-war-and-peace")
    page.settle()
    focused = "document.activeElement.closest('details, #figure')?.id"
    menu, keys = page.tab.locator("#named"), page.tab.keyboard
    menu.locator("summary").press("Enter")
    menu.locator("a").first.press("Enter")
    sync_api.expect(menu).not_to_have_attribute("open", "")
    assert page.tab.evaluate(focused) == "named"
    page.tab.fill("#cells", "0-3")
    page.settle()
    with page.tab.expect_download():
        page.tab.locator("#export summary").press("Enter")
        page.tab.locator("[data-export=svg]").press("Enter")
    assert page.tab.evaluate(focused) == "export"
    page.tab.locator("#blocks-0 .cell").last.press("Enter")
    sync_api.expect(page.tab.locator("#tab-cell")).to_have_attribute("aria-selected", "true")
    sync_api.expect(page.tab.locator("#figure")).to_be_focused()
    keys.press("ArrowRight")
    sync_api.expect(page.tab.locator("#where b")).to_have_text(re.compile("position"))
    assert page.said == []
    page.close()
