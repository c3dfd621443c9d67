"""A visitor's text is not lost: not by leaving the page, not in a link, not without storage."""

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium

LONG = "".join(f"{k} words of one's own — ünd more\n" for k in range(100))
assert 2000 < len(LONG) < 6000


def holds(page: Page, text: str) -> None:
    sync_api.expect(page.tab.locator("#text")).to_have_value(text)


def opened_anew(page: Page) -> None:
    """Until the page has begun again."""
    page.tab.wait_for_selector("#figure[aria-busy=false] .block")


@pytest.mark.parametrize(
    ("text", "other"),
    [(LONG, "Timescales"), ("a short one", "Results")],
    ids=["long", "short"],
)
def test_a_text_outlives_reload_back_and_other_pages(opened, text, other):
    tab = opened.tab
    opened.one_row()
    tab.select_option("#model-1", "lstm-ptb")
    opened.write(text)  # and at once away
    tab.reload()
    opened_anew(opened)
    holds(opened, text)
    tab.click("text=Timescales")
    tab.wait_for_url("**/timescales")
    tab.go_back()
    opened_anew(opened)
    holds(opened, text)
    tab.click(f"text={other}")
    tab.wait_for_url(f"**/{other.lower()}")
    tab.click("header a:text-is('Nestscope')")
    opened_anew(opened)
    holds(opened, text)
    assert tab.input_value("#model-1") == "lstm-ptb"
    tab.goto(tab.url.split("#")[0] + "#view=cell&pick=3")  # a link that holds no text
    opened_anew(opened)
    holds(opened, text)
    assert tab.input_value("#pick") == "3"


def copied(page: Page) -> str:
    page.tab.click("#share")
    page.tab.wait_for_selector("#toast:not([hidden])")
    return page.tab.evaluate("navigator.clipboard.readText()")


def test_a_link_holds_what_it_says(browser, server, opened):
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    said = opened.tab.locator("#toast")
    opened.tab.select_option("#model-1", "none")
    opened.one_row()
    longest = ("the quick brown fox — jumps & over\n" * 572)[:20_000]
    for text in ("a short one", LONG, longest):
        opened.write(text)
        link = copied(opened)
        sync_api.expect(said).to_contain_text(f"with its {len(text):,} characters")
        fresh = Page(browser, link)
        opened_anew(fresh)
        holds(fresh, text)
        fresh.close()
    assert "text=a+short+one" in (opened.write("a short one"), copied(opened))[1]
    opened.write(longest + "x")
    link = copied(opened)
    sync_api.expect(said).to_contain_text("without the text: a link holds up to 20,000 characters")
    assert "text=" not in link
    assert "packed=" not in link
    opened.tab.reload()
    opened_anew(opened)
    holds(opened, longest + "x")


def test_a_link_that_was_cut_off_is_said_to_be(browser, server):
    page = Page(browser, f"{server.url}#a=lstm-ptb&packed=S0w")
    opened_anew(page)
    sync_api.expect(page.tab.locator("#problem")).to_contain_text(
        "text of this link cannot be read"
    )
    page.close()


def test_a_browser_that_cannot_pack_says_what_its_links_hold(browser, server):
    page = Page(browser, "about:blank", permissions=["clipboard-read", "clipboard-write"])
    page.tab.add_init_script("delete window.CompressionStream")
    page.tab.goto(server.url)
    page.settle()
    page.one_row()
    page.write(LONG)
    copied(page)
    said = page.tab.locator("#toast")
    sync_api.expect(said).to_contain_text("without the text: a link holds up to 2,000 characters")
    page.tab.reload()
    opened_anew(page)
    holds(page, LONG)
    assert page.said == []
    page.close()


def test_two_tabs_keep_a_text_each(browser, server, opened):
    other = opened.context.new_page()
    other.goto(server.url)
    other.wait_for_selector("#figure[aria-busy=false] .block")
    sync_api.expect(other.locator("#text")).to_have_value(opened.tab.input_value("#text"))
    opened.one_row()
    other.fill("#cells", "0")
    other.fill("#text", LONG + "of the other tab")
    opened.write(LONG)
    other.reload()
    opened.tab.reload()
    sync_api.expect(other.locator("#text")).to_have_value(LONG + "of the other tab")
    holds(opened, LONG)


BLOCKED = (
    "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked'); } })"
)
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


@pytest.mark.parametrize("storage", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_storage_the_page_works_and_asks_before_a_text_is_lost(browser, server, storage):
    page = Page(browser, "about:blank", alone=True)
    asked = []
    page.tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.tab.add_init_script(storage)
    page.tab.goto(server.url)
    page.settle()
    page.one_row()
    page.write("a short one")
    page.tab.wait_for_function("() => location.hash.includes('short')")
    page.tab.reload()
    opened_anew(page)
    holds(page, "a short one")
    assert asked == []
    page.tab.focus("#text")
    page.tab.keyboard.type(".")  # a browser asks only for who has done something
    page.write(LONG)
    page.tab.wait_for_function("() => location.hash.includes('packed=')")
    page.tab.reload()
    opened_anew(page)
    holds(page, LONG)
    assert asked == []
    page.tab.focus("#text")
    page.tab.keyboard.type(".")
    page.write("x" * 20_001)
    page.tab.reload()
    assert asked == ["beforeunload"]
    assert page.said == []
    page.close()


def test_skipping_to_the_figure_leaves_the_models_and_the_address(opened):
    opened.tab.select_option("#model-0", "lstm-ptb")
    opened.settle()
    opened.tab.focus(".skip")
    opened.tab.keyboard.press("Enter")
    opened.tab.wait_for_function("() => location.hash.includes('lstm-ptb')")
    assert opened.tab.input_value("#model-0") == "lstm-ptb"


def test_the_text_goes_along_to_the_timescales_and_back(browser, server):
    page = Page(browser, server.url)
    page.settle()
    page.one_row()
    page.write("my own words, " * 300)
    page.tab.select_option("#model-0", "lstm-ptb")
    page.tab.click(".bar a[href='timescales']")
    own = page.tab.locator("#own-text")
    sync_api.expect(own).to_have_value("my own words, " * 300)
    sync_api.expect(page.tab.locator("#own-model")).to_have_value("lstm-ptb")
    sync_api.expect(page.tab.locator("#own-count")).to_have_text("4,200 characters, 4,300 too few")
    own.fill("other words")
    page.tab.click(".bar a.brand")
    sync_api.expect(page.tab.locator("#text")).to_have_value("other words")
    sync_api.expect(page.tab.locator("#called-0")).to_have_text("lstm-ptb")
    assert page.said == []
    page.close()


def test_a_link_pressed_while_the_address_is_about_to_be_written_is_followed(opened):
    tab = opened.tab
    tab.evaluate("""() => {
        location.hash = 'view=cell&pick=3&text=pressed'; // told in a task of its own
        document.querySelector('#share').click(); // what wants the address written at once
    }""")
    sync_api.expect(tab.locator("#tab-cell")).to_have_attribute("aria-selected", "true")
    holds(opened, "pressed")
    tab.wait_for_function("() => location.hash.includes('text=pressed')")
    assert opened.said == []
