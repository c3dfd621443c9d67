"""Faults that visitors met on the page, each as the kind of fault it was."""

import base64
import re
from itertools import combinations_with_replacement

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
    page.close()


def test_every_pair_of_models_stands_uncut_and_in_step_at_every_width(opened):
    kinds = {(layers, depth): name for name, (_, layers, depth) in MODELS.items()}
    opened.write("the state of a cell")
    opened.tab.locator(".block .view").first.click(position={"x": 60, "y": 8})
    for a, b in combinations_with_replacement([*kinds.values(), "none"], 2):
        if a == "none":
            continue
        opened.models(a, *([b] if b != "none" else []))
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
            if b != "none":
                assert abs(tops[0] - tops[1]) < 0.5, (a, b, width)


def test_undo_and_redo_walk_through_every_text_there_was(opened, tmp_path):
    tab = opened.tab
    was = [tab.input_value("#text")]

    def now(text: str) -> None:
        """This is the text from now on."""
        sync_api.expect(tab.locator("#text")).to_have_value(text)
        was.append(text)

    tab.focus("#text")
    tab.keyboard.press("Control+End")
    tab.keyboard.type(".")  # of longer typing the browser makes more steps than one
    now(was[-1] + ".")
    tab.click("[data-sample=prose]")
    now(tab.input_value("#text"))
    assert was[-1].startswith('"Well, Prince')
    tab.focus("#text")
    tab.keyboard.press("Control+End")
    tab.keyboard.type("?")
    now(was[-1] + "?")
    opened.settle()
    tab.click(".writing summary")
    tab.click("#write-go")
    sync_api.expect(tab.locator("#toast")).to_have_text("200 characters written.")
    assert len(tab.input_value("#text")) == len(was[-1]) + 200, "appended, and nothing else"
    asked, written = was[-1], tab.input_value("#text")
    now(written)
    tab.keyboard.type("!")
    now(was[-1] + "!")
    long = "".join(f"line {k} & <b>\t\n" for k in range(300))
    dropped = tab.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], 'long.txt'));
            return data;
        }""",
        long,
    )
    tab.dispatch_event("#editor", "drop", {"dataTransfer": dropped})
    now(long)
    tab.evaluate("location.hash = 'text=from+an+address&a=lstm-ptb'")
    now("from an address")
    tab.click("#own")
    now("")
    opened.settle()
    back, forth = was[-2::-1], was[1:]
    for key, texts in (("Control+z", back), ("Control+y", forth), ("Control+z", back[:2])):
        for text in texts:
            tab.keyboard.press(key)
            if tab.input_value("#text") == long.rstrip("\n") != text:
                tab.keyboard.press(key)  # the end of a long text is a step of its own
            if text in (asked, written):
                # Where a model writes slowly, the browser makes more steps of it than one.
                while written.startswith(part := tab.input_value("#text")) and part not in was:
                    assert part.startswith(asked)
                    tab.keyboard.press(key)
            sync_api.expect(tab.locator("#text")).to_have_value(text)
    assert opened.said == []
    opened.settle()
    assert set(opened.shown()) == {was[-3]}


def test_a_models_likeliest_characters_are_taken_back_one_by_one(opened):
    tab = opened.tab
    opened.write("the ")
    tab.click("#tab-predictions")
    opened.settle()
    tab.focus("#text")
    tab.keyboard.press("Control+End")
    was = [tab.input_value("#text")]
    for length in (5, 6, 7):
        tab.keyboard.press("Tab")
        tab.wait_for_function(f"() => document.querySelector('#text').value.length === {length}")
        was.append(tab.input_value("#text"))
    for text in (was[2], was[1], was[0]):
        tab.keyboard.press("Control+z")
        assert tab.input_value("#text") == text
    for text in was[1:]:
        tab.keyboard.press("Control+y")
        assert tab.input_value("#text") == text


def test_what_is_typed_before_the_models_are_listed_stays(browser, server):
    page = Page(browser, "about:blank")
    answer = []
    page.tab.route("**/api/models", lambda route: answer.append(route))
    page.tab.goto(server.url + "#text=of+the+address", wait_until="commit")
    page.tab.fill("#text", "typed at once")
    while not answer:
        page.tab.wait_for_timeout(50)
    answer[0].continue_()
    page.tab.wait_for_selector("#figure[aria-busy=false] .block")
    assert page.tab.input_value("#text") == "typed at once"
    assert set(page.shown()) == {"typed at once"}
    page.close()


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
        assert opened.tab.evaluate("document.activeElement.id") == expected
        assert opened.tab.get_attribute(f"#{expected}", "aria-selected") == "true"
        assert opened.tab.get_attribute("body", "data-view") == expected.removeprefix("tab-")


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


def models(page: Page) -> list[str]:
    return [page.tab.input_value(f"#model-{panel}") for panel in (0, 1)]


def test_the_models_stay_and_others_are_offered_for_a_text_they_cannot_read(opened):
    opened.tab.select_option("#model-0", "deep-ptb")
    opened.tab.select_option("#model-1", "lstm-ptb")
    offer = opened.tab.locator("#offer")
    for press in ("[data-sample=prose]", "[data-sample=quatrain]", "#own"):
        opened.tab.click(press)
        opened.settle()
        assert models(opened) == ["deep-ptb", "lstm-ptb"], press
    sync_api.expect(offer).to_be_hidden()
    text = "“Well, Prince!” (He SMILED; why?)"
    opened.write(text)
    sync_api.expect(offer).to_contain_text("cannot read")
    opened.tab.click("#offer button")
    sync_api.expect(offer).to_be_hidden()
    assert models(opened) == ["nested-war-and-peace", "stacked-war-and-peace"]
    assert opened.tab.input_value("#text") == text
    opened.write("学而时习之")
    sync_api.expect(offer).to_contain_text("Models A and B cannot read any of these characters")
    sync_api.expect(offer).to_contain_text("No model here reads more of it.")
    assert opened.tab.input_value("#text") == "学而时习之"


def test_back_and_forward_lead_from_view_to_view_with_the_text_as_it_is(opened):
    def view() -> str:
        return opened.tab.get_attribute("body", "data-view")

    for name in ("map", "cell"):
        opened.tab.click(f"#tab-{name}")
        opened.settle()
    opened.tab.fill("#text", "written in the view of one cell")
    opened.settle()
    for name in ("map", "figure"):
        opened.tab.go_back()
        opened.tab.wait_for_function(f"() => document.body.dataset.view === '{name}'")
        assert opened.tab.input_value("#text") == "written in the view of one cell"
    opened.tab.go_forward()
    opened.tab.wait_for_function("() => document.body.dataset.view === 'map'")
    opened.tab.wait_for_function("() => location.hash.includes('one+cell')")
    opened.tab.evaluate("location.hash = '#text=of+a+link&view=cell'")
    sync_api.expect(opened.tab.locator("#text")).to_have_value("of a link")
    opened.tab.go_back()
    sync_api.expect(opened.tab.locator("#text")).to_have_value("written in the view of one cell")
    assert view() == "map"
    opened.tab.click("text=Results")
    opened.tab.wait_for_url("**/results")
    opened.tab.go_back()
    opened.tab.wait_for_selector("#figure[aria-busy=false]")
    assert view() == "map"
    sync_api.expect(opened.tab.locator("#text")).to_have_value("written in the view of one cell")


def test_a_cell_that_is_not_there_is_said_and_not_left_in_the_field(browser, server, opened):
    problem = sync_api.expect(opened.tab.locator("#problem"))
    opened.tab.click("#tab-cell")
    pick = opened.tab.locator("#pick")
    for wrong in ("999", "-1", "3.5", ""):
        pick.fill("3")
        problem.to_have_text("")
        pick.fill(wrong)
        problem.to_contain_text("0 to 11")
        assert pick.get_attribute("aria-invalid") == "true"
        pick.blur()
        sync_api.expect(pick).to_have_value("3")
        problem.to_have_text("")
    opened.tab.click("#tab-figure")
    cells = opened.tab.locator("#cells")
    cells.fill("1-2")
    cells.fill("1-2, 3-")  # one is still writing
    problem.to_have_text("")
    cells.fill("300")
    problem.to_contain_text("0 to 11")
    opened.tab.focus("#palette")
    sync_api.expect(cells).to_have_value("1-3")
    for address, words in (
        ("#view=cell&pick=999", "has no cell 999: its last one is shown, 11"),
        ("#cells=999", "There is no cell 999"),
    ):
        page = Page(browser, server.url + address)
        page.settle()
        sync_api.expect(page.tab.locator("#problem")).to_contain_text(words)
        page.close()


@pytest.mark.parametrize("view", ["figure", "map", "cell", "predictions"])
def test_the_table_opens_with_numbers(browser, server, view):
    page = Page(browser, f"{server.url}#view={view}")
    page.settle()
    page.tab.click("#table-button")
    page.tab.wait_for_function(
        "() => [...document.querySelectorAll('#table td')].some(td => /\\d/.test(td.textContent))"
    )
    sync_api.expect(page.tab.locator("#where b")).to_have_text("position 372")
    page.close()


@pytest.mark.parametrize(
    ("field", "wrong"), [("temperature", ""), ("temperature", "-1"), ("seed", "1.5")]
)
def test_a_temperature_or_seed_that_means_nothing_is_said(opened, field, wrong):
    text = opened.tab.input_value("#text")
    opened.tab.click(".writing summary")
    opened.tab.fill(f"#{field}", wrong)
    opened.tab.click("#write-go")
    sync_api.expect(opened.tab.locator("#toast")).to_contain_text(f"The {field} is a")
    assert opened.tab.input_value("#text") == text
    assert opened.said == []
