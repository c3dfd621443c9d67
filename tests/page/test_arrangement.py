"""Nothing lies over something else, is cut off, or is out of sight when it is needed."""

import base64
import re

import pytest
from browser import MODELS, Page, needs_chromium, sync_api

pytestmark = needs_chromium

NARROW = {"width": 375, "height": 800}

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


def test_nothing_is_printed_over_a_head_that_sticks(opened):
    tab = opened.tab
    for view in ("figure", "map", "cell", "predictions"):
        tab.set_viewport_size({"width": 1440, "height": 900})
        tab.press(f"#tab-{view}", "Enter")  # the mouse stays where it is
        opened.settle()
        tab.focus("#figure")
        tab.keyboard.press("Home")  # what is lit lies over its block
        for width in (1024, 1280, 1366, 1440, 1920):
            tab.set_viewport_size({"width": width, "height": 300})
            frames(opened)  # a wheel turned before the page stands is lost
            top = tab.locator("#progress-0").bounding_box()["y"]
            tab.mouse.wheel(0, top)
            tab.wait_for_function(
                "() => document.querySelector('.sheet-head').getBoundingClientRect().top === 0"
            )
            frames(opened)
            box = tab.locator(".sheet-head").first.bounding_box()
            seen = tab.screenshot(clip=box)
            for visibility in ("hidden", ""):
                tab.eval_on_selector_all(
                    ".sheet > :not(.sheet-head)",
                    "(all, seen) => all.forEach(part => { part.style.visibility = seen; })",
                    visibility,
                )
                assert tab.screenshot(clip=box) == seen, (view, width, visibility)
            tab.evaluate("scrollTo(0, 0)")


def test_the_outline_stays_on_its_character_when_the_text_is_laid_out_anew(opened):
    tab = opened.tab
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.focus("#figure")
    tab.keyboard.press("Home")
    for _ in range(40):
        tab.keyboard.press("ArrowRight")
    place = """() => ['--x', '--y', '--w'].map(
        (name) => document.getElementById('figure').style.getPropertyValue(name))"""
    for width in (1000, 2560):
        before = tab.evaluate(place)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.wait_for_function(f"before => ({place})().join() !== before", arg=",".join(before))
        frames(opened)
        kept = tab.evaluate(place)
        for key in ("ArrowRight", "ArrowLeft"):
            tab.keyboard.press(key)
        frames(opened)
        assert tab.evaluate(place) == kept
    tab.keyboard.press("Escape")


def test_every_pair_of_models_stands_uncut_and_in_step_at_every_width(opened):
    kinds = {(layers, depth): name for name, (_, layers, depth) in MODELS.items()}
    nested, stacked, lstm, deep = kinds.values()
    # How wide a block is follows from how many columns the models have: two each, but the deep one.
    twos = [(nested, stacked), (stacked, lstm), (lstm, nested)]  # each once on either side
    opened.tab.fill("#cells", "0, 11")  # all rows are alike
    opened.write("the state of a cell")
    opened.tab.locator(".block .view").first.click(position={"x": 60, "y": 8})
    for names in (*twos, *((name, deep) for name in kinds.values()), *zip(kinds.values())):
        opened.models(*names)
        for width in WIDTHS:
            opened.tab.set_viewport_size({"width": width, "height": 900})
            frames(opened, 2)
            # The longest numbers there are.
            opened.tab.eval_on_selector_all(
                ".block .reading.exact",
                "all => all.forEach(r => { if (r.textContent.length > 7)"
                " r.textContent = '\u22121.08747074e\u22125'; })",
            )
            assert opened.cut() == [], (names, width)
            blocks = opened.tab.eval_on_selector_all(
                ".block .view",
                """all => all.map(v => v.getBoundingClientRect()).map(b => [b.width, b.top])""",
            )
            assert len({round(block[0], 2) for block in blocks}) == 1, (names, width)
            tops = opened.tab.evaluate(
                "[...document.querySelectorAll('.blocks')].map(b => b.getBoundingClientRect().top)"
            )
            if len(names) > 1:
                assert abs(tops[0] - tops[1]) < 0.5, (names, width)


def seen_in(page: Page, position: int) -> bool:
    """Whether a character of the first block is within its view."""
    return page.tab.evaluate(
        """position => {
            const block = document.querySelector('.block');
            const range = document.createRange();
            const { firstChild } = block.querySelector('.text');
            range.setStart(firstChild, position);
            range.setEnd(firstChild, position + 1);
            const box = range.getBoundingClientRect();
            const view = block.querySelector('.view').getBoundingClientRect();
            return view.top <= box.top + 1 && box.bottom - 1 <= view.bottom;
        }""",
        position,
    )


def test_the_figure_follows_what_is_typed_and_shows_that_there_is_more(opened):
    text = "one line\n" * 60
    opened.write(text)
    opened.tab.focus("#text")
    opened.tab.keyboard.press("Control+End")
    opened.tab.keyboard.type("the end")
    opened.settle()
    frames(opened)
    assert seen_in(opened, len(text) + 6)
    assert not seen_in(opened, 0)
    root = opened.tab.locator("#figure")
    sync_api.expect(root).to_have_class(re.compile(r"\babove\b"))
    sync_api.expect(root).not_to_have_class(re.compile(r"\bbelow\b"))
    thumb, view = (opened.tab.locator(f".block >> nth=0 >> {p}") for p in (".thumb", ".view"))
    end = thumb.bounding_box()["y"] + thumb.bounding_box()["height"]
    assert end == pytest.approx(view.bounding_box()["y"] + view.bounding_box()["height"], abs=2)
    opened.tab.keyboard.press("Control+Home")
    opened.tab.keyboard.type("a")
    opened.settle()
    frames(opened)
    assert seen_in(opened, 0)
    sync_api.expect(root).to_have_class(re.compile(r"\bbelow\b"))
    assert thumb.bounding_box()["y"] == pytest.approx(view.bounding_box()["y"], abs=2)
    tops = opened.tab.eval_on_selector_all(".view", "all => all.slice(0, 4).map(v => v.scrollTop)")
    assert len(set(tops)) == 1, "all blocks show the same part"


def test_ones_own_text_is_not_hidden_by_the_warm_up(browser, server):
    page = Page(browser, server.url + "#text=of+my+own&start=prose", viewport=NARROW)
    page.settle()
    frames(page)
    whole = page.shown()[0]
    assert seen_in(page, whole.index("of my own"))
    page.tab.click("#start-name")
    page.tab.select_option("#start", "poem")
    page.settle()
    frames(page)
    assert seen_in(page, page.shown()[0].index("of my own"))
    page.close()


def colourful(page: Page, selector: str) -> float:
    """The share of what is seen of an element that is clearly red or blue."""
    picture = base64.b64encode(page.tab.locator(selector).first.screenshot()).decode()
    return page.tab.evaluate(
        """async picture => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + picture;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const pen = canvas.getContext('2d');
            pen.drawImage(image, 0, 0);
            const { data } = pen.getImageData(0, 0, image.width, image.height);
            let coloured = 0;
            for (let k = 0; k < data.length; k += 4)
                if (Math.abs(data[k] - data[k + 2]) > 60) coloured += 1;
            return coloured / (data.length / 4);
        }""",
        picture,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_are_the_data_stay_where_the_system_forces_its_own(browser, server, scheme):
    page = Page(browser, server.url, forced_colors="active", color_scheme=scheme)
    page.settle()
    page.tab.locator(".block .view").first.click(position={"x": 60, "y": 8})
    page.tab.click("#table-button")
    page.tab.wait_for_selector("td")
    for selector in (".block .view", "#legend .ramp", "#table", "#readings"):
        assert colourful(page, selector) > 0.05, selector
    page.close()


def test_what_is_printed_is_light_in_the_dark_theme_too(browser, server):
    page = Page(browser, server.url, alone=True, color_scheme="dark")
    tab = page.tab
    page.settle()
    tab.wait_for_timeout(300)  # what is out of sight is painted when nothing else is to do
    tab.click("#theme")
    tab.click("#theme")  # light, then dark as chosen here
    tab.wait_for_selector(":root[data-theme=dark]")
    shades = """async event => {
        const { makePalette } = await import('/static/base/colour.js');
        await new Promise((done) => setTimeout(done, 300));
        if (event) dispatchEvent(new Event(event));
        const known = ['light', 'dark'].map((shade) => new Set(makePalette('paper', shade).pixels));
        return [...document.querySelectorAll('.block canvas')].map((canvas) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
            const used = [...new Set(new Uint32Array(data.buffer))].filter((word) => word !== 0);
            return known.map((all) => used.filter((word) => all.has(word)).length / used.length);
        });
    }"""
    assert all(dark == 1 > light for light, dark in tab.evaluate(shades, ""))
    tab.emulate_media(media="print", color_scheme="dark")
    assert all(light == 1 > dark for light, dark in tab.evaluate(shades, "beforeprint"))
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(ground) == "rgb(255, 255, 255)"
    # A printer smooths what it scales up, and prints a gradient as plain white unless it is told.
    sizes = """() => [...document.querySelectorAll('.colours')].map(
        (canvas) => [canvas.height, Math.round(canvas.clientHeight)])"""
    assert all(height == shown for height, shown in tab.evaluate(sizes))
    # Nothing is narrower than it was drawn for, and nothing is there that is only to be pressed.
    assert tab.evaluate("getComputedStyle(document.body).minWidth") == "1440px"
    sync_api.expect(tab.locator("#away-0")).to_be_hidden()
    adjusted = "getComputedStyle(document.querySelector('.page'), '::before').printColorAdjust"
    assert tab.evaluate(adjusted) == "exact"
    assert tab.locator(".blocks").first.evaluate("it => getComputedStyle(it).overflowX") != "auto"
    tab.emulate_media(media="screen", color_scheme="dark")
    tab.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert all(dark == 1 > light for light, dark in tab.evaluate(shades, ""))
    assert all(16 <= height < shown / 8 for height, shown in tab.evaluate(sizes))
    page.close()


def test_bars_and_keys_keep_their_colours_where_the_system_forces_its_own(browser, server):
    page = Page(browser, server.url + "#view=cell", forced_colors="active")
    page.settle()
    keys = page.tab.locator(".swatch")
    sync_api.expect(keys.first).to_be_visible()
    colours = keys.evaluate_all("all => all.map(key => getComputedStyle(key).borderTopColor)")
    assert len(set(colours)) > 1
    page.tab.click("#tab-why")
    bar = page.tab.locator(".cost-bar").first
    bar.wait_for(state="attached")
    ground = "bar => [bar, bar.parentNode].map(part => getComputedStyle(part).backgroundColor)"
    assert len(set(bar.evaluate(ground))) == 2
    page.close()
