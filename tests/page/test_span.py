"""Selecting characters: in the text, with the mouse on the figure, with the keyboard alone."""

import pytest
from browser import Page, needs_chromium

pytestmark = needs_chromium

TEXT = "one two three four five six seven eight nine ten eleven twelve"


def selected(page: Page) -> str | None:
    """The characters that the address says are selected."""
    page.tab.wait_for_timeout(600)  # the address is written once changes rest
    span = page.tab.evaluate("new URLSearchParams(location.hash.slice(1)).get('span')")
    if span is None:
        return None
    start, stop = map(int, span.split("."))
    return page.tab.input_value("#text")[start:stop]


def outline(page: Page) -> str:
    return page.tab.get_attribute("#marks-0 .span", "d") or ""


@pytest.fixture
def page(opened: Page) -> Page:
    opened.write(TEXT)
    return opened


def test_what_is_selected_in_the_text_is_marked_on_the_figure_until_it_is_not(page: Page) -> None:
    page.tab.focus("#text")
    page.tab.keyboard.press("Control+Home")
    for _ in range(4):
        page.tab.keyboard.press("ArrowRight")
    for _ in range(3):
        page.tab.keyboard.press("Shift+ArrowRight")
    assert selected(page) == "two"
    assert outline(page).startswith("M")
    page.tab.keyboard.press("Control+Home")
    assert selected(page) is None
    assert outline(page) == ""


def test_a_drag_over_the_figure_selects_the_characters(page: Page) -> None:
    box = page.tab.evaluate(
        """() => {
            const node = document.querySelector('.block .text').firstChild;
            const range = document.createRange();
            range.setStart(node, 4);
            range.setEnd(node, 13);
            const { left, right, top, bottom } = range.getBoundingClientRect();
            return { left, right, y: (top + bottom) / 2 };
        }"""
    )
    page.tab.mouse.move(box["left"] + 1, box["y"])
    page.tab.mouse.down()
    page.tab.mouse.move(box["right"] - 1, box["y"], steps=6)
    page.tab.mouse.up()
    assert selected(page) == "two three"
    assert page.tab.evaluate("getSelection().toString()") == "two three"  # and it can be copied
    page.tab.evaluate("getSelection().removeAllRanges()")
    assert selected(page) == "two three"
    page.tab.evaluate("document.querySelector('#text').setSelectionRange(0, 0)")
    page.tab.focus("#text")
    page.tab.keyboard.type("XY ")
    assert selected(page) == "two three"  # the same characters, after an edit before them
    page.tab.reload()
    page.settle()
    assert selected(page) == "two three"
    assert outline(page).startswith("M")


def test_shift_and_the_arrows_select_and_escape_lets_go(page: Page) -> None:
    page.tab.focus("#figure")
    for key in ["Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"]:
        page.tab.keyboard.press(key)
    for _ in range(2):
        page.tab.keyboard.press("Shift+ArrowRight")
    assert selected(page) == "two"
    page.tab.keyboard.press("Shift+End")
    assert selected(page) == TEXT[4:]
    page.tab.keyboard.press("Escape")
    assert selected(page) is None
    assert outline(page) == ""
    assert page.said == []
