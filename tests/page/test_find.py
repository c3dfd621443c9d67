"""Finding cells: which cell knows it, is that real, and where else is it on."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ROOT, Page, Server, needs_chromium, sync_api

pytestmark = needs_chromium

expect = sync_api.expect
CHARACTERS = 24_000
"""Of the shipped corpus: enough for a check, and soon read."""
MODEL = "nested-war-and-peace"
ANSWERED = "#find-0 .answer[aria-busy=false] .passages li"
"""All that a corpus says of the cell stands on the page."""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Iterator[Server]:
    """The shipped model, and a part of the shipped text, not indexed yet."""
    checkpoints = tmp_path_factory.mktemp("shipped")
    for path in (ROOT / "checkpoints").glob(f"{MODEL}.*"):
        shutil.copy(path, checkpoints)
    corpora = tmp_path_factory.mktemp("corpora")
    text = (ROOT / "corpora/war-and-peace.txt").read_text("utf-8")
    (corpora / "war-and-peace.txt").write_text(text[:CHARACTERS], "utf-8")
    running = Server(checkpoints, corpora=corpora)
    yield running
    running.stop()


def quotation_cell() -> int:
    """The number that the atlas gives it."""
    atlas = json.loads((ROOT / f"checkpoints/{MODEL}.atlas.json").read_text("utf-8"))
    return next(cell["cell"] for cell in atlas["found"] if cell["feature"] == "quotes")


def prose(browser, server: Server) -> Page:
    page = Page(browser, server.url + f"#sample=prose&a={MODEL}&b=none")
    page.settle()
    return page


def require_answer(page: Page) -> None:
    """The quotation cell, its AUC, its check on the corpus, and passages where it is on."""
    page.tab.wait_for_selector("#find-0 .auc-axis .dot", timeout=300_000)
    first = page.tab.inner_text(".ranked li:first-child")
    assert str(quotation_cell()) in first.split()
    assert float(re.search(r"[01]\.\d{3}", first)[0]) > 0.95
    said = page.tab.inner_text("#find-0 .auc-said")
    auc, low, high = map(float, re.findall(r"[01]\.\d+", said)[:3])
    assert auc > 0.9
    assert low - 0.005 <= auc <= high + 0.005
    assert "beyond chance" in said
    passages = page.tab.query_selector_all("#find-0 .passages li")
    assert len(passages) == 5
    for passage in passages:
        inner, outer = passage.query_selector_all(".layer-line")
        assert (inner.inner_text()[:5], outer.inner_text()[:5]) == ("inner", "outer")
        # It is on: the character meant is of the positive colour.
        colour = passage.query_selector(".marked").evaluate("e => e.style.backgroundColor")
        red, _, blue = map(int, re.findall(r"\d+", colour)[:3])
        assert blue > red
    assert page.faults == []


def test_the_quotation_cell_is_found_in_two_actions(browser, book: Server) -> None:
    page = prose(browser, book)
    page.tab.click("#tab-find")
    page.tab.click(".kind:has-text('inside quotation marks')")
    # What is not indexed yet is, and how far it is can be seen.
    page.tab.wait_for_selector("#find-0 .waiting-for:has-text('Indexing War and Peace')")
    require_answer(page)
    block = page.tab.get_attribute("#blocks-0 .block", "aria-label")
    assert block.endswith(f"cell {quotation_cell()}")
    # A passage is read on the page, and undo brings the text back.
    page.tab.click("#find-0 .passages li:first-child button")
    page.settle()
    corpus = (ROOT / "corpora/war-and-peace.txt").read_text("utf-8")
    assert page.tab.input_value("#text") in corpus
    assert page.tab.inner_text("#where").startswith("position ")
    page.tab.focus("#text")
    page.tab.keyboard.press("Control+z")
    assert page.tab.input_value("#text").startswith('"Well, Prince')
    page.close()


def test_the_quotation_cell_is_found_with_the_keyboard_alone(browser, book: Server) -> None:
    page = prose(browser, book)
    keys = page.tab.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(80):
            if page.tab.evaluate("s => document.activeElement.matches(s)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    page.tab.evaluate("document.activeElement.blur()")
    tab_to("#tabs button")
    keys.press("ArrowRight")
    assert page.tab.evaluate("document.activeElement.id") == "tab-find"
    page.tab.wait_for_selector(".kind :checked")
    tab_to(".kind input")
    keys.press("ArrowRight")
    keys.press("ArrowLeft")  # where it was: now it is asked for
    assert page.tab.evaluate("document.activeElement.value") == "quotes"
    require_answer(page)
    tab_to(".ranked button")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.tab.wait_for_selector(".ranked li:nth-child(2) [aria-pressed=true]")
    page.tab.wait_for_selector(ANSWERED)
    tab_to("#find-0 .passages button")
    keys.press("Enter")
    page.settle()
    assert not page.tab.input_value("#text").startswith('"Well, Prince')
    page.close()


def test_what_is_selected_is_matched_elsewhere(browser, book: Server) -> None:
    page = prose(browser, book)
    page.tab.click("#tab-find")
    page.tab.focus("#figure")
    keys = page.tab.keyboard
    keys.press("Home")
    for _ in range(6):
        keys.press("ArrowRight")
    for _ in range(7):
        keys.press("Shift+ArrowRight")
    page.tab.click(".kind:has-text('characters selected')")
    page.tab.wait_for_selector("#find-0 .match .places li, #find-0 .match .find-said:not(:empty)")
    page.tab.evaluate(
        """() => {
            const slider = document.querySelector('#find-0 .sliders input');
            slider.value = '0.05';
            slider.dispatchEvent(new Event('input'));
        }"""
    )
    said = page.tab.locator("#find-0 .match .find-said")
    expect(said).to_contain_text(re.compile("place|Nowhere|No cell"))
    assert page.tab.inner_text("#find-0 .match .field output") == "±0.05"
    assert page.faults == []
    page.close()


def test_what_cannot_be_asked_is_said_in_a_sentence(browser, book: Server) -> None:
    page = prose(browser, book)
    page.tab.click("#tab-find")
    page.tab.wait_for_selector(".ranked li")
    page.tab.select_option(".question select", "pattern")
    said = page.tab.locator(".find > .find-said")
    for written, words in [
        ("(", "The regular expression is refused: missing"),
        ("(?<=a)b", "is refused"),
        ("zzzz", "No character of this text"),
        (r"[\s\S]", "Every character of this text"),
        ("(a+)+$|(.*)*b", "AUC 1"),
    ]:
        page.tab.fill("#find-written", written)
        page.tab.press("#find-written", "Enter")
        expect(said).to_contain_text(words)
    # What the text does not have is looked for in the corpus all the same.
    page.tab.select_option(".question select", "literal")
    page.tab.fill("#find-written", "Pierre")
    page.tab.press("#find-written", "Enter")
    expect(said).to_contain_text("No character of this text: the literal 'Pierre'")
    expect(page.tab.locator("#find-0 .occurrences mark").first).to_have_text("Pierre")
    page.write("")
    expect(said).to_contain_text("There is no text yet")
    page.close()


def test_a_corpus_that_goes_is_said_in_a_sentence(browser, book: Server, tmp_path) -> None:
    page = prose(browser, book)
    page.tab.click("#tab-find")
    page.tab.click(".kind:has-text('inside brackets')")
    expect(page.tab.locator("#find-0 .occurrences")).to_contain_text("inside brackets:")
    page.tab.wait_for_selector(ANSWERED)
    corpora = Path(book.environment["NESTSCOPE_CORPORA"])
    states = next(corpora.glob("cache/*/states"))
    kept = states.rename(tmp_path / "states")
    try:
        page.tab.click("#find-0 .kind:has-text('lowest')")
        page.tab.wait_for_selector("#find-0 .problem:not(:empty)")
        problem = page.tab.inner_text("#find-0 .problem")
        assert "corpus" in problem
        assert problem.endswith(".")
    finally:
        kept.rename(states)
    page.tab.click("#find-0 .kind:has-text('highest')")
    page.tab.wait_for_selector("#find-0 .problem:empty", state="attached")
    page.close()


def test_what_was_asked_in_vain_is_asked_again(browser, book: Server) -> None:
    page = prose(browser, book)
    tab = page.tab

    def come_again() -> None:
        tab.click("#tab-figure")
        tab.click("#tab-find")

    tab.route("**/api/marks", lambda route: route.abort())
    tab.route("**/api/corpora", lambda route: route.abort())
    tab.click("#tab-find")
    expect(tab.locator(".find > .find-said")).to_have_text("The server cannot be reached.")
    tab.unroute("**/api/marks")
    come_again()
    problem = tab.locator("#find-0 .problem")
    expect(problem).to_have_text("Could not load the list of corpora.")
    tab.unroute("**/api/corpora")
    come_again()
    expect(tab.locator("#find-0 .answer h3")).to_contain_text("checked on War and Peace")
    expect(problem).to_have_text("")
    page.close()


def test_of_two_layers_only_the_cell_found_is_shown(opened, server: Server) -> None:
    """A cell of a Stacked LSTM has no more than its number in common with that of the other layer;
    one of a Nested LSTM stands beside its own inner memory."""
    tab = opened.tab
    tab.goto(f"{server.url}#view=find&a=stacked-ptb&b=nested-ptb&text=one (two) three (four) five")
    opened.settle()
    tab.wait_for_selector(".ranked li [aria-pressed=true]")
    for place in range(4):
        row = tab.locator(".ranked li .cell-found").nth(place)
        row.click()
        expect(row).to_have_attribute("aria-pressed", "true")
        expect(tab.locator("#blocks-0 .block:visible")).to_have_count(1)
        expect(tab.locator("#blocks-1 .block:visible")).to_have_count(2)
        if layer := re.search(r"layer \d", row.locator(".who").inner_text()):
            shown = tab.locator("#blocks-0 .block:visible")
            expect(shown).to_have_attribute("aria-label", re.compile(layer[0]))


def test_what_is_picked_is_said_in_both_models_and_undone(opened, server: Server) -> None:
    """A question and a row pick cells for the other views; looking at Find picks none."""
    tab = opened.tab
    tab.goto(f"{server.url}#view=find&a=stacked-ptb&b=nested-ptb&pick=5&text=one 2 three 4 five")
    opened.settle()
    pressed = tab.locator(".ranked li [aria-pressed=true]")
    expect(pressed).to_have_count(2)
    said = tab.locator(".find-picked")
    expect(said).to_be_hidden()
    cells = tab.locator("#pick"), tab.locator("#pick-b")
    expect(cells[0]).to_have_value("5")
    tab.click(".kind:has-text('digit')")
    expect(said).to_contain_text(" now.")
    words = said.inner_text()
    for letter, field in zip("AB", cells, strict=True):
        expect(field).not_to_have_value("")
        assert f"{letter}’s cell {field.input_value()}" in words
    # One's own choice is picked in its model alone.
    row = tab.locator(".ranked .cell-found[aria-pressed=false]").first
    letter, *_, cell = row.locator(".who").inner_text().split()
    own, other = cells if letter == "A" else cells[::-1]
    before, kept = own.input_value(), other.input_value()
    row.click()
    expect(own).to_have_value(cell)
    expect(other).to_have_value(kept)
    said.get_by_role("button").press("Enter")
    expect(said).to_be_hidden()
    expect(own).to_have_value(before)
    assert tab.evaluate("document.activeElement.className") == "cell-found"
    assert opened.faults == []


def test_who_leaves_waits_for_no_answer(browser, book: Server) -> None:
    page = prose(browser, book)
    tab = page.tab
    tab.route("**/passages", lambda route: None)  # the server takes its time
    with tab.expect_request("**/passages"):
        tab.click("#tab-find")
        tab.click(".kind:has-text('inside quotation marks')")
    with tab.expect_event("requestfailed", lambda request: request.url.endswith("passages")):
        tab.click("#tab-figure")
    # Who comes back asks again.
    tab.unroute("**/passages")
    tab.click("#tab-find")
    tab.wait_for_selector(ANSWERED)
    page.close()


def test_a_corpus_was_read_by_the_untouched_network(browser, book: Server) -> None:
    """Beside a model that is changed its own corpus stands: that is said, of that model alone."""
    page = prose(browser, book)
    page.tab.click("#tab-find")
    page.tab.click(".kind:has-text('inside quotation marks')")
    page.tab.click("#whatif-add")
    heads = [page.tab.locator(f"#find-{panel} .answer h3") for panel in (0, 1)]
    expect(heads[1]).to_contain_text("checked on War and Peace as the untouched network read it")
    expect(heads[0]).to_contain_text(re.compile("checked on War and Peace$"))
    # Neither is how long it remembers that of the changed model.
    page.tab.click("#tab-figure")
    expect(page.tab.locator("#blocks-0 .lasts").first).to_contain_text("remembers")
    page.settle()
    expect(page.tab.locator("#blocks-1 .lasts")).to_have_count(0)
    page.close()
