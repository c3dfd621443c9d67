"""Faults that visitors met on the page, each as the kind of fault it was."""

from itertools import combinations_with_replacement

import pytest
from browser import MODELS, Page, needs_chromium

pytestmark = needs_chromium

WIDTHS = [1000, 1024, 1280, 1366, 1440, 1920, 2560]


def frames(page: Page, count: int = 3) -> None:
    """Until so many frames are painted."""
    page.tab.evaluate(
        """count => new Promise((done) => {
            const next = (left) => left ? requestAnimationFrame(() => next(left - 1)) : done();
            next(count);
        })""",
        count,
    )


@pytest.mark.parametrize("view", ["figure", "map", "cell", "predictions"])
def test_nothing_is_printed_over_a_head_that_sticks(browser, server, view):
    page = Page(browser, f"{server.url}#view={view}")
    page.settle()
    page.tab.focus("#figure")
    page.tab.keyboard.press("Home")  # what is lit lies over its block
    for width in (1024, 1280, 1366, 1440, 1920):
        page.tab.set_viewport_size({"width": width, "height": 300})
        top = page.tab.locator("#progress-0").bounding_box()["y"]
        page.tab.mouse.wheel(0, top)
        page.tab.wait_for_function(
            "() => document.querySelector('.sheet-head').getBoundingClientRect().top === 0"
        )
        frames(page)
        box = page.tab.locator(".sheet-head").first.bounding_box()
        seen = page.tab.screenshot(clip=box)
        for visibility in ("hidden", ""):
            page.tab.eval_on_selector_all(
                ".sheet > :not(.sheet-head)",
                "(all, seen) => all.forEach(part => { part.style.visibility = seen; })",
                visibility,
            )
            assert page.tab.screenshot(clip=box) == seen, (width, visibility)
        page.tab.evaluate("scrollTo(0, 0)")
    page.context.close()


def test_every_pair_of_models_stands_uncut_and_in_step_at_every_width(opened):
    kinds = {(layers, depth): name for name, (_, layers, depth) in MODELS.items()}
    opened.write("the state of a cell")
    opened.tab.locator(".block .view").first.click(position={"x": 60, "y": 8})
    for a, b in combinations_with_replacement([*kinds.values(), "none"], 2):
        if a == "none":
            continue
        opened.tab.select_option("#model-0", a)
        opened.tab.select_option("#model-1", b)
        opened.settle()
        for width in WIDTHS:
            opened.tab.set_viewport_size({"width": width, "height": 900})
            frames(opened, 2)
            # The longest numbers there are.
            opened.tab.eval_on_selector_all(
                ".block .reading.exact",
                "all => all.forEach(r => { if (r.textContent.length > 7)"
                " r.textContent = '\u22121.08747074e\u22125'; })",
            )
            assert opened.cut() == [], (a, b, width)
            blocks = opened.tab.eval_on_selector_all(
                ".block .view",
                """all => all.map(v => v.getBoundingClientRect()).map(b => [b.width, b.top])""",
            )
            assert len({round(block[0], 2) for block in blocks}) == 1, (a, b, width)
            tops = opened.tab.evaluate(
                "[...document.querySelectorAll('.blocks')].map(b => b.getBoundingClientRect().top)"
            )
            if b != "none" and not opened.tab.query_selector(".figure.stacked"):
                assert abs(tops[0] - tops[1]) < 0.5, (a, b, width)
