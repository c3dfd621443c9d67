"""What a phone shows before one scrolls, where it leads, and whether a finger can press it."""

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium
PHONE = {"width": 375, "height": 667}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_screen_shows_coloured_text_of_whatever_is_read(browser, shipped, scheme):
    page = Page(browser, shipped.url, viewport=PHONE, color_scheme=scheme, alone=True)
    page.settle()
    starts = {"": ".block .view", "sample=code": ".block .view", "sample=quatrain": ".block .view"}
    starts |= {"view=cell": ".block .view", "view=map": ".map-frame"}
    for address, drawn in starts.items():
        page.tab.evaluate("address => { location.hash = address; }", address)
        page.settle()
        page.tab.locator(drawn).first.wait_for()
        page.tab.evaluate("scrollTo(0, 0)")
        box = page.tab.locator(drawn).first.bounding_box()
        seen = min(box["y"] + box["height"], PHONE["height"]) - box["y"]
        assert seen >= 80, (address, box)  # a whole quatrain; of other texts more lines
        width = page.tab.evaluate("document.documentElement.scrollWidth")
        assert width == PHONE["width"], address
    assert page.said == []
    page.close()


def test_the_other_pages_and_the_tools_are_a_press_away(browser, shipped):
    page = Page(browser, shipped.url, viewport=PHONE)
    page.settle()
    tab, expect = page.tab, sync_api.expect
    tools = tab.locator("#tools")
    expect(tools).to_be_hidden()
    tab.click("#menu")
    expect(tab.locator("#menu")).to_have_attribute("aria-expanded", "true")
    for name in ("Digits", "Timescales", "Results", "Export", "Copy link", "Tour"):
        expect(tools.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
    tab.locator("#export summary").click()
    expect(tools.get_by_text("NPZ, for numpy")).to_be_in_viewport(ratio=1)
    tab.keyboard.press("Escape")  # the inner menu, then the outer one
    expect(tab.locator("#export .choices")).to_be_hidden()
    expect(tools).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tools).to_be_hidden()
    assert tab.evaluate("document.activeElement.id") == "menu"
    tab.keyboard.press("Enter")
    for tool in ("#theme", "#help"):  # what is chosen leaves the focus at the menu's name
        tab.locator(tool).press("Enter")
        if tool == "#help":
            tab.keyboard.press("Escape")
        expect(tools).to_be_hidden()
        assert tab.evaluate("document.activeElement.id") == "menu", tool
        tab.keyboard.press("Enter")
    tab.mouse.click(20, 400)  # looked elsewhere
    expect(tools).to_be_hidden()
    tab.click("#menu")
    tools.get_by_text("Timescales").click()
    tab.wait_for_url("**/timescales*")
    assert page.said == []
    page.close()


# Of a box to tick its label is pressed; a link within a sentence is as high as its line.
TARGETS = """() => [...document.querySelectorAll(
        'button, summary, select, textarea, input, .bar a, .chips a')]
    .map((part) => part.closest('label:has([type=checkbox], [type=radio])') ?? part)
    .filter((part) => part.checkVisibility() && !part.closest('p'))
    .map((part) => {
        const { width, height } = part.getBoundingClientRect();
        const main = part.closest('.bar, .under, .controls, .pager, .chips, .player, .ask');
        return [part.id || part.textContent.trim().slice(0, 30), width, height, main ? 40 : 24];
    })
    .filter(([, width, height, least]) => Math.min(width, 40) < 24 || height < least)"""


def test_a_finger_can_press_everything(browser, shipped):
    page = Page(browser, shipped.url, viewport=PHONE)
    for address in ("", "#view=cell", "timescales", "results", "digits"):
        page.tab.goto("about:blank")
        page.tab.goto(shipped.url + address)
        if address.startswith(("#", "timescales")) or address == "":
            page.tab.wait_for_selector("[aria-busy=false], #main:not([aria-busy])")
        if page.tab.locator("#menu").count():
            page.tab.click("#menu")
        assert page.tab.evaluate(TARGETS) == [], address
    page.close()
