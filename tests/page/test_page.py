"""The page at first sight: the paper's figure, in place from the first paint, on any screen."""

import json

import pytest
from browser import Page, needs_chromium, sync_api
from painting import PASSAGE, expected_colours, matches

pytestmark = needs_chromium


def test_the_first_look_is_the_papers_figure_coloured_by_the_models(opened, checkpoints):
    assert opened.tab.input_value("#text") == PASSAGE
    assert opened.shown() == [PASSAGE] * 28
    heads = opened.tab.eval_on_selector_all(".memories h3", "all => all.map(h => h.textContent)")
    assert heads == ["innertanh(c\u0303)", "outerc", "layer 2tanh(c)", "layer 1tanh(c)"]
    columns = [
        ("nested-chrono-ptb", 0, 1),
        ("nested-chrono-ptb", 0, 0),
        ("stacked-ptb", 1, 0),
        ("stacked-ptb", 0, 0),
    ]
    positions = list(range(0, 373, 4))
    for column, (name, layer, level) in enumerate(columns):
        for cell in (0, 3, 6):
            file = checkpoints / f"{name}.safetensors"
            values, steps = expected_colours(opened, file, PASSAGE, layer, level, cell)
            # Blocks of a model stand together, row by row.
            block = (column // 2) * 14 + 2 * cell + column % 2
            painted = opened.colours(block, positions)
            wrong = [
                p
                for p, c in zip(positions, painted, strict=True)
                if not matches(c, values[p], steps)
            ]
            assert not wrong, (name, cell, wrong)


def test_nothing_comes_from_another_host_and_nothing_is_complained_of(browser, server):
    page = Page(browser, server.url, overhear=True)
    page.settle()
    page.write("hello")
    home = f"127.0.0.1:{server.port}/"
    assert page.asked
    assert all(home in url for url in page.asked), page.asked
    assert page.said == []
    page.close()


@pytest.mark.parametrize("width", [1440, 1280, 1024, 768, 375])
def test_nothing_moves_from_the_first_paint_on(browser, server, width):
    page = Page(browser, "about:blank", alone=True, viewport={"width": width, "height": 900})
    page.tab.add_init_script(
        """window.moved = [];
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries())
                if (!entry.hadRecentInput) window.moved.push(entry.value);
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    page.tab.goto(server.url)
    page.tab.wait_for_function("() => document.querySelectorAll('.block .text').length === 28")
    page.settle()
    assert sum(page.tab.evaluate("window.moved")) < 0.02
    page.close()


def test_it_fits_a_narrow_screen(browser, server):
    page = Page(browser, server.url, viewport={"width": 375, "height": 800})
    page.settle()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 375
    page.tab.evaluate("location.hash = 'a=deep-ptb&b=stacked-ptb'")
    sync_api.expect(page.tab.locator("#blocks-0 .block")).to_have_count(7 * 3)
    page.settle()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 375
    assert json.dumps(page.said) == "[]"
    page.close()


def test_what_belongs_to_another_view_takes_no_room(opened):
    controls = {
        "figure": ["cells", "export", "legend", "order", "palette", "scale", "whatif"],
        "map": ["export", "legend", "order", "palette", "whatif"],
        "cell": ["export", "legend", "palette", "pick", "scale", "whatif"],
        "predictions": ["export", "legend", "whatif"],
        "why": ["export", "legend", "whatif"],
        "forgetting": ["export", "legend"],
        "pair": ["export", "legend", "palette", "pick"],
    }
    seen = """([selector, key]) => [...new Set([...document.querySelectorAll(selector)]
        .filter(part => part.checkVisibility()).map(part => part.dataset[key]))].sort()"""
    for view, wanted in controls.items():
        opened.tab.click(f"#tab-{view}")
        sync_api.expect(opened.tab.locator(f"#{view}-0")).not_to_have_attribute("hidden", "")
        opened.tab.wait_for_function(
            f"([asked, wanted]) => ({seen})(asked).join() === wanted.join()",
            arg=[["[data-control]", "control"], wanted],
        )
        assert set(opened.tab.evaluate(seen, ["[data-home]", "home"])) <= {view}
        overview = sync_api.expect(opened.tab.locator(".overview"))
        overview.to_be_visible(visible=view in ("map", "cell"))


def test_one_model_alone_has_all_its_blocks_in_sight(opened):
    opened.tab.select_option("#model-1", "none")
    for width in (1440, 1000, 400):
        opened.tab.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        edges = opened.tab.evaluate(
            """() => [document.documentElement.clientWidth, ...[...document.querySelectorAll(
                ".block .view, #add-0")].map((node) => node.getBoundingClientRect().right)]"""
        )
        assert max(edges) == edges[0], width
        inside = opened.tab.evaluate(
            "(home => home.scrollWidth <= home.clientWidth)(document.querySelector('#blocks-0'))"
        )
        assert inside, width


def test_another_model_is_another_figure_with_its_own_memories(opened):
    before = opened.pixels()
    opened.tab.select_option("#model-0", "deep-ptb")
    opened.settle()
    heads = opened.tab.eval_on_selector_all("#memories-0 h3", "all => all.map(h => h.textContent)")
    assert heads == ["innertanh(c\u0303\u0303)", "middlec\u0303", "outerc"]
    assert len(opened.shown()) == 7 * 5
    assert opened.pixels() != before
    opened.tab.select_option("#model-1", "none")
    opened.settle()
    assert len(opened.shown()) == 7 * 3
    opened.tab.select_option("#model-0", "lstm-ptb")
    opened.settle()
    sync_api.expect(opened.tab.locator("#title-0")).to_have_text("LSTM")
    assert len(opened.shown()) == 7 * 2
    assert opened.said == []


def test_other_cells_are_shown_in_the_order_written_and_a_wrong_list_is_explained(opened):
    opened.tab.fill("#cells", "11, 2-4")
    cells = sync_api.expect(opened.tab.locator("#blocks-0 .cell"))
    cells.to_have_text(["11", "11", "2", "2", "3", "3", "4", "4"])
    opened.tab.fill("#cells", "0-12")
    sync_api.expect(opened.tab.locator("#problem")).to_contain_text("0 to 11")
    assert len(opened.shown()) == 16, "the figure stays"


def test_an_address_brings_the_whole_view_back(browser, server, opened):
    opened.tab.select_option("#palette", "safe")
    opened.tab.fill("#cells", "3, 9-10")
    opened.tab.select_option("#model-1", "lstm-ptb")
    opened.write("some text\nof my own & more")
    opened.tab.wait_for_function("() => location.hash.includes('more')")
    address = opened.tab.evaluate("location.href")
    again = Page(browser, address)
    again.settle()
    assert again.shown() == opened.shown()
    assert again.pixels() == opened.pixels()
    again.close()


def test_write_your_own_empties_the_text_and_leaves_the_models(opened):
    opened.tab.click("text=Write your own")
    opened.settle()
    expect = sync_api.expect
    expect(opened.tab.locator("#text")).to_have_value("")
    expect(opened.tab.locator("#text")).to_be_focused()
    expect(opened.tab.locator("#model-0")).to_have_value("nested-chrono-ptb")
    expect(opened.tab.locator("#model-1")).to_have_value("stacked-ptb")
    assert set(opened.shown()) == {""}
