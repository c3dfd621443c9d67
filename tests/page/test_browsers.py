"""Browsers that do more, or less, than ours: they translate, are old, or have no clipboard."""

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium

TRANSLATE = """() => {
    // As Chrome's translation does it: every text is wrapped twice, but where a page forbids it.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
        if (text.data.trim() === '' || text.parentElement.closest('[translate=no], script, svg'))
            continue;
        const outer = document.createElement('font');
        const inner = document.createElement('font');
        inner.textContent = text.data.toUpperCase();
        outer.append(inner);
        text.replaceWith(outer);
    }
    return texts.length;
}"""


def test_a_translator_leaves_the_text_that_is_read_and_typing_goes_on(opened, browser, server):
    before = opened.shown()
    assert opened.tab.evaluate(TRANSLATE) > 50
    assert opened.tab.locator("h1 font font").count() == 1  # it was at work
    assert opened.shown() == before
    opened.write("the memory of a cell")
    fresh = Page(browser, server.url)
    fresh.settle()
    fresh.write("the memory of a cell")
    assert opened.pixels() == fresh.pixels()
    for tab in ("map", "cell", "predictions", "figure"):
        opened.tab.click(f"#tab-{tab}")
        opened.tab.evaluate(TRANSLATE)
        opened.settle()
    opened.write("the memory")
    fresh.write("the memory")
    assert opened.pixels() == fresh.pixels()
    assert opened.said == []
    fresh.close()


def test_a_translator_leaves_what_quotes_the_text_and_what_models_wrote(opened):
    tab = opened.tab
    opened.write("the cat")
    tab.click("#whatif-add")
    opened.settle()
    tab.get_by_role("button", name="Continue both").click()
    sync_api.expect(tab.locator("#whatif .continued p")).to_have_count(2)
    sync_api.expect(tab.locator("#whatif .move")).to_have_count(3)
    # Filled where a model has an atlas.
    for home in ("#named-cells", "#tour-step"):
        tab.locator(home).evaluate("home => home.append('as the model wrote')")
    for view in ("find", "why", "predictions"):
        tab.click(f"#tab-{view}")
        opened.settle()
        homes = [f"#{view}-above", "#whatif", "#named-cells", "#tour-step"]
        for home in homes:
            sync_api.expect(tab.locator(home)).not_to_be_empty()
        tab.evaluate(TRANSLATE)
        for home in homes:
            assert tab.locator(f"{home} font").count() == 0, home
    assert opened.said == []


@pytest.mark.parametrize("address", ["", "timescales"])
def test_an_old_browser_is_told_in_a_sentence_and_no_other_is(browser, server, address):
    context = browser.new_context()
    tab = context.new_page()
    word = sync_api.expect(tab.get_by_text("This browser is too old"))
    tab.goto(server.url + address)
    word.to_be_hidden()
    context.add_init_script(
        "const supports = CSS.supports.bind(CSS);"
        "CSS.supports = (...all) => !all.join().includes('light-dark') && supports(...all);"
    )
    tab.reload()
    word.to_be_visible()
    context.close()


def test_without_a_clipboard_the_link_is_said_to_be_in_the_address_bar(browser, server):
    """As on plain HTTP, on any machine but one's own."""
    page = Page(browser, server.url)
    page.settle()
    page.tab.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.write("the cat")
    page.tab.click("#share")
    toast = sync_api.expect(page.tab.locator("#toast"))
    toast.to_contain_text("The address bar holds the link")
    toast.to_contain_text("with its 7 characters of text")
    copy = Page(browser, page.tab.url)
    copy.settle()
    assert copy.tab.input_value("#text") == "the cat"
    copy.close()
    page.close()
