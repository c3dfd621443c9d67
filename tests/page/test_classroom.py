"""The tour, the projector, and the room that the figure has."""

import re

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium
LAPTOP = {"width": 1366, "height": 768}


def test_six_steps_lead_through_the_page_and_can_be_left(browser, shipped):
    page = Page(browser, shipped.url, viewport=LAPTOP)
    tab, expect = page.tab, sync_api.expect
    tab.click("#tour")
    views = ["figure", "figure", "figure", "figure", "forgetting", "cell"]
    for step, view in enumerate(views, 1):
        expect(tab.locator(".tour-count")).to_have_text(f"{step} of 6")
        expect(tab.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        assert f"tour={step}" in tab.evaluate("location.hash")
        if step == 1:  # "Press ← and →, or a character, to walk through it."
            where = tab.locator("#where b")
            tab.keyboard.press("ArrowRight")
            before = int(where.inner_text().split()[1])
            tab.keyboard.press("ArrowRight")
            expect(where).to_have_text(f"position {before + 1}")
            tab.keyboard.press("ArrowLeft")
            expect(where).to_have_text(f"position {before}")
        if step < 6:
            tab.keyboard.press("Tab")  # the card has the focus
            tab.locator("#tour-step a", has_text="Next").press("Enter")
    expect(tab.locator("#tour-step a", has_text="Timescales")).to_be_visible()
    tab.go_back()
    expect(tab.locator(".tour-count")).to_have_text("5 of 6")
    # What forgetting says is of the mark that was taken out.
    expect(tab.locator("#forgetting-said")).to_contain_text("1/e of the change")
    tab.reload()
    expect(tab.locator(".tour-count")).to_have_text("5 of 6")
    tab.keyboard.press("Escape")
    expect(tab.locator("#tour-step")).to_be_hidden()
    tab.wait_for_function("() => !location.hash.includes('tour')")
    assert page.said == []
    page.close()


SUBJECTS = ["#blocks-0 .view"] * 4 + [".trail-frame", "#cell-0 .lasting-frame"]


@pytest.mark.parametrize("viewport", [LAPTOP, {"width": 375, "height": 667}], ids=["wide", "phone"])
def test_the_card_of_the_tour_and_what_it_is_about_are_both_seen(browser, shipped, viewport):
    page = Page(browser, shipped.url, viewport=viewport)
    tab = page.tab
    for step, subject in enumerate(SUBJECTS, 1):
        tab.evaluate(f"location.hash = 'tour={step}'")
        sync_api.expect(tab.locator(".tour-count")).to_have_text(f"{step} of 6")
        # Half of it, or four lines of a text, between the card and the dock.
        tab.wait_for_function(
            """subject => {
                const box = (part) => document.querySelector(part)?.getBoundingClientRect();
                const [card, it, dock] = ['#tour-step', subject, '#dock'].map(box);
                if (!it || it.height === 0) return false;
                const seen = Math.min(it.bottom, dock.top) - Math.max(it.top, card.bottom);
                return card.top >= 0 && seen >= Math.min(it.height / 2, 80);
            }""",
            arg=subject,
        )
    assert page.said == []
    page.close()


def test_whoever_leaves_the_tour_has_the_text_and_the_view_from_before(browser, shipped):
    mine = "A text of my own, which no tour may lose."
    address = "#a=nested-sqlite&b=none&view=map&order=variance"
    page = Page(browser, shipped.url + address, viewport=LAPTOP)
    tab, expect = page.tab, sync_api.expect
    page.settle()
    tab.fill("#text", mine)

    def step_in(step):
        tab.click("#tour")
        expect(tab.locator(".tour-count")).to_have_text("1 of 6")
        for n in range(2, step + 1):
            tab.locator("#tour-step a", has_text="Next").click()
            expect(tab.locator(".tour-count")).to_have_text(f"{n} of 6")
        assert tab.input_value("#text") != mine

    def is_as_before():
        expect(tab.locator("#tour-step")).to_be_hidden()
        expect(tab.locator("#text")).to_have_value(mine)
        expect(tab.locator("#tab-map")).to_have_attribute("aria-selected", "true")
        assert tab.input_value("#model-0") == "nested-sqlite"
        assert tab.input_value("#order") == "variance"

    step_in(1)
    tab.locator("#tour-step button").click()
    is_as_before()
    step_in(3)
    tab.reload()
    expect(tab.locator(".tour-count")).to_have_text("3 of 6")
    tab.locator("#tour-step").press("Escape")
    is_as_before()
    # The last step leads to another page, from which one comes back to one's own text.
    step_in(6)
    tab.locator("#tour-step a", has_text="Timescales").click()
    tab.wait_for_url("**/timescales*")
    tab.locator(".pages a", has_text="Read").click()
    is_as_before()
    assert page.said == []
    page.close()


def test_the_number_of_a_step_is_a_link_to_all_of_it(browser, shipped):
    page = Page(browser, shipped.url + "#sample=code", viewport=LAPTOP)
    tab, expect = page.tab, sync_api.expect
    page.settle()
    for step, view in ((5, "forgetting"), (4, "figure"), (6, "cell")):
        tab.evaluate(f"location.hash = 'tour={step}'")
        expect(tab.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        expect(tab.locator(".tour-count")).to_have_text(f"{step} of 6")
        tab.wait_for_function("() => /pick=.*(text|sample|packed)=/.test(location.hash)")
        assert "while" not in tab.input_value("#text"), "the code that was there before"
    # What is typed in a step stays typed.
    tab.locator("#text").fill('He said "no" and went.')
    tab.wait_for_function("() => location.hash.includes('He+said')")
    assert tab.input_value("#text") == 'He said "no" and went.'
    # In a tab of its own, with nothing kept.
    fresh = Page(browser, shipped.url + "#tour=5&projector=1", viewport=LAPTOP)
    expect(fresh.tab.locator("#forgetting-said")).to_contain_text("1/e of the change")
    assert fresh.tab.evaluate("document.body.classList.contains('projector')")
    assert page.said == fresh.said == []
    page.close()
    fresh.close()


def test_the_projector_has_large_type_and_the_whole_width(browser, server):
    page = Page(browser, server.url + "#projector=1", viewport={"width": 2560, "height": 1300})
    page.settle()
    tab, expect = page.tab, sync_api.expect
    first = tab.locator(".block .text").first
    assert float(first.evaluate("t => parseFloat(getComputedStyle(t).fontSize)")) >= 20
    boxes = [block.bounding_box() for block in tab.locator(".view").all()[:4]]
    last = tab.locator("#blocks-1 .view").nth(1).bounding_box()
    assert last["x"] + last["width"] > 2480
    assert boxes[0]["x"] < 80
    for control in ("#text", "#cells", ".bar", "#table-button"):
        assert not tab.is_visible(control)
    # A character at a time, with the diagram alive.
    expect(tab.locator("#where b")).to_have_text("position 0")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#where b")).to_have_text("position 1")
    views = tab.locator("#tabs button").all_text_contents()
    tab.keyboard.press(str(views.index("Cell") + 1))
    at = tab.locator(".equations-at").first
    expect(at).to_contain_text("At position 1")
    before = tab.locator(".equation").first.text_content()
    tab.keyboard.press("ArrowRight")
    expect(at).to_contain_text("At position 2")
    assert tab.locator(".equation").first.text_content() != before
    # What is painted is as large as what is written.
    tab.keyboard.press("1")
    page.settle()
    page.pixels()
    rows = tab.evaluate(
        """() => [...document.querySelectorAll('.block')].slice(0, 2).map((block) => {
            const line = parseFloat(getComputedStyle(block.querySelector('.text')).lineHeight);
            const canvas = block.querySelector('canvas');
            return [line, parseFloat(canvas.style.height) / canvas.height];
        })"""
    )
    assert all(painted == line for line, painted in rows)
    tab.keyboard.press("Escape")
    expect(tab.locator("#text")).to_be_visible()
    assert page.said == []
    page.close()


TEXTS = {
    "prose": "sample=prose",
    "code": "sample=code",
    "poem": "sample=poem",
    "long": "text=" + "It+was+the+best+of+times.+" * 70,
    "unread": "text=" + re.sub("x", "%E4%B8%AD", "x" * 300),
}


@pytest.mark.parametrize("viewport", [LAPTOP, {"width": 1920, "height": 1080}])
def test_the_projector_shows_the_diagram_of_a_cell_whole(browser, server, viewport):
    page = Page(browser, server.url + "#projector=1&view=cell&sample=prose", viewport=viewport)
    tab = page.tab
    page.settle()
    seen = """() => {
        const [diagram, dock, text] = ['.diagram', '#dock', '#blocks-0 .view'].map(
            (part) => document.querySelector(part)?.getBoundingClientRect());
        return diagram?.height > 0 && text.bottom <= diagram.top && diagram.bottom <= dock.top;
    }"""
    tab.wait_for_function(seen)
    # The line of the character that is walked to stays in sight over it.
    for _ in range(60):
        tab.keyboard.press("ArrowRight")
    tab.wait_for_function(
        """() => {
            const [cursor, view] = ['#blocks-0 .cursor', '#blocks-0 .view'].map(
                (part) => document.querySelector(part).getBoundingClientRect());
            return cursor.top >= view.top - 3 && cursor.bottom <= view.bottom + 3;
        }"""
    )
    # In another view, and after the projector, there are as many lines as ever.
    high = "() => document.querySelector('#blocks-0 .view').offsetHeight > 6 * 19"
    tab.keyboard.press("1")
    tab.wait_for_function(high)
    tab.keyboard.press("4")
    tab.wait_for_function(seen)
    tab.keyboard.press("Escape")
    tab.wait_for_function(high)
    assert page.said == []
    page.close()


VIEWS = ("figure", "find", "map", "cell", "predictions", "why", "forgetting", "pair")
DRAWN = {"map": ".map-frame", "forgetting": ".trail-frame", "pair": ".pair-drawn"}


def room(page: Page, view: str) -> float:
    """The share of the screen from what a view has drawn down to the dock."""
    page.tab.locator(DRAWN.get(view, ".block .view")).first.wait_for()
    top = page.tab.evaluate(
        """() => Math.min(...[...document.querySelectorAll(
                '.block .view, .map-frame, .trail-frame, .pair-drawn')]
            .filter((part) => part.checkVisibility())
            .map((part) => part.getBoundingClientRect().top))"""
    )
    return (page.tab.locator("#dock").bounding_box()["y"] - top) / LAPTOP["height"]


@pytest.mark.parametrize(
    "models",
    [
        "a=nested-poetry&b=stacked-poetry&sample=quatrain",
        "a=nested-poetry&b=stacked-poetry&c=nested-ptb&d=stacked-ptb&sample=quatrain",
        "a=nested-war-and-peace&b=stacked-war-and-peace&c=lstm-ptb&d=nested-ptb&sample=prose",
    ],
    ids=["a quatrain", "a quatrain, four models", "prose, four models"],
)
def test_half_of_a_laptop_is_figure_with_the_shipped_models(browser, shipped, models):
    page = Page(browser, f"{shipped.url}#{models}", viewport=LAPTOP)
    page.settle()
    page.tab.wait_for_timeout(400)  # what the models cannot read is said when the text rests
    for name in VIEWS:
        page.tab.click(f"#tab-{name}")
        page.settle()
        assert room(page, name) >= 0.45, name
    page.close()


def test_half_of_a_laptop_is_figure_whatever_the_text_and_the_view(browser, server):
    page = Page(browser, server.url, viewport=LAPTOP)
    for text, address in TEXTS.items():
        page.tab.evaluate("address => { location.hash = address; }", address)
        page.settle()
        page.tab.wait_for_timeout(400)  # what the models cannot read is said when the text rests
        for name in VIEWS:
            page.tab.click(f"#tab-{name}")
            if name == "cell":  # one that there is not, which is said
                page.tab.locator("#pick").fill("99")
            page.settle()
            assert room(page, name) >= 0.45, (text, name)
        page.tab.click("#tab-figure")
    # At 200 %: little over the figure sticks.
    page.tab.set_viewport_size({"width": 683, "height": 384})
    page.tab.locator("#blocks-0 .view").first.evaluate("view => view.scrollIntoView()")
    seen = page.tab.locator("#dock").bounding_box()["y"]
    assert seen >= 0.8 * 384
    stuck = page.tab.locator(".sheet-head").first.bounding_box()
    assert stuck["y"] + stuck["height"] < 100
    page.close()


def test_the_bar_fits_at_every_width(opened):
    for width in (1000, 1100, 1180, 1280, 1300, 1320, 1339, 1340, 1366, 1440, 2560):
        opened.tab.set_viewport_size({"width": width, "height": 768})
        over = opened.tab.evaluate(
            """() => {
                const parts = [...document.querySelectorAll('.bar :is(a, button, summary)')]
                    .filter(part => part.checkVisibility())
                    .map(part => part.getBoundingClientRect());
                const apart = (a, b) => a.right <= b.left + 0.5 || b.right <= a.left + 0.5
                    || a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5;
                const { bottom } = document.querySelector('.bar').getBoundingClientRect();
                return parts.filter((a, k) => a.right > innerWidth || a.bottom > bottom + 0.5
                    || parts.some((b, j) => j > k && !apart(a, b))).length
                    + Math.max(0, document.documentElement.scrollWidth - innerWidth);
            }"""
        )
        assert over == 0, width
