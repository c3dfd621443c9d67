"""One to four models side by side: chosen, taken away, restored by a link, swiped."""

import pytest
from browser import Page, needs_chromium, sync_api

from models import load_checkpoint

pytestmark = needs_chromium

FOUR = ["nested-chrono-ptb", "stacked-ptb", "lstm-ptb", "deep-ptb"]
LINK = "#" + "&".join(f"{place}={name}" for place, name in zip("abcd", FOUR, strict=True))
TEXT = "the inner memory of a cell"


def heads(page: Page) -> list[str]:
    """What the models shown are called."""
    return page.tab.eval_on_selector_all(
        ".sheet:not(.absent) .model .called", "all => all.map(head => head.textContent)"
    )


def test_models_are_added_and_taken_away_and_the_link_brings_them_back(
    opened, browser, server, checkpoints
):
    opened.write(TEXT)
    opened.tab.fill("#cells", "3, 11, 0")
    opened.settle()
    two = opened.pixels()
    opened.models(*FOUR)
    assert heads(opened) == FOUR
    assert opened.tab.is_hidden("#add-3")
    columns = [2, 2, 2, 3]
    assert len(opened.shown()) == 3 * sum(columns)
    four = opened.pixels()
    # The first block of each model: its innermost memory, or of several layers the last.
    steps = opened.tab.evaluate(
        "async () => (await import('/static/base/colour.js')).makePalette('paper', 'light').steps"
    )
    for k, name in enumerate(FOUR):
        trace = load_checkpoint(checkpoints / f"{name}.safetensors").trace(TEXT)
        painted = opened.colours(3 * sum(columns[:k]), list(range(len(TEXT))))
        for value, colour in zip(trace.display[:, -1, -1, 3], painted, strict=True):
            byte = round(127 * float(value))
            assert colour[:3] in [steps[128 + b] for b in (byte - 1, byte, byte + 1) if b <= 127]
    opened.tab.wait_for_timeout(700)  # the address follows the view with a delay
    again = Page(browser, opened.tab.url)
    again.settle()
    assert heads(again) == FOUR
    assert again.pixels() == four
    for tab, what, count in (
        ("map", ".map-canvas", sum(columns)),
        ("predictions", ".likeliest", 4),
        ("cell", ".step svg", 4),
        ("forgetting", ".trail", sum(columns)),
    ):
        again.tab.click(f"#tab-{tab}")
        sync_api.expect(again.tab.locator(what)).to_have_count(count)
    sync_api.expect(again.tab.locator("#verdict")).to_contain_text("D ")
    assert again.said == []
    again.close()
    # Without A the others come up, and keep their cells.
    opened.tab.click("#away-0")
    opened.tab.click("#away-2")
    opened.settle()
    assert heads(opened) == FOUR[1:3]
    assert len(opened.shown()) == 3 * 4
    opened.models(*FOUR[:2])
    assert opened.pixels() == two
    assert opened.said == []


def test_the_character_looked_at_is_read_out_of_all_models(browser, server):
    page = Page(browser, f"{server.url}{LINK}&cells=3&text={TEXT}&at=5.2.1.0.3")
    page.settle()
    words = page.tab.inner_text("#readings").split()
    assert [words.count(letter) for letter in "ABCD"] == [2, 2, 2, 3]
    page.tab.focus("#figure")
    page.tab.keyboard.press("]")
    page.tab.keyboard.press("t")
    tables = page.tab.eval_on_selector_all(
        "#table th:first-child", "all => all.map(t => t.textContent)"
    )
    assert [name for name in tables if name.startswith("Model")] == [f"Model {k}" for k in "ABCD"]
    assert page.tab.locator("#blocks-3 .block.here").count() == 1
    page.close()


@pytest.mark.parametrize("count", [2, 4])
def test_on_a_narrow_screen_models_are_swiped_each_under_its_head(browser, server, count):
    narrow = {"width": 375, "height": 800}
    link = LINK.split("&c=")[0] if count == 2 else LINK
    page = Page(browser, f"{server.url}{link}&cells=3&text={TEXT}", viewport=narrow, has_touch=True)
    page.settle()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 375
    chips = page.tab.locator(".pager button:not([hidden])")
    sync_api.expect(chips).to_have_count(count)

    def inside(panel: int) -> bool:
        box = page.tab.locator(f".sheet[data-panel='{panel}']").bounding_box()
        return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 375

    assert inside(0)
    assert not inside(1)
    chips.nth(count - 1).click()
    sync_api.expect(chips.nth(count - 1)).to_have_attribute("aria-pressed", "true")
    page.tab.wait_for_timeout(600)
    assert inside(count - 1)
    head = page.tab.locator(f"#called-{count - 1}")
    sync_api.expect(head).to_have_text(FOUR[count - 1])
    # From the keyboard the model that is looked at comes into sight.
    page.tab.focus("#figure")
    page.tab.keyboard.press("Home")
    for _ in range(count):
        page.tab.keyboard.press("[")
    page.tab.wait_for_timeout(900)
    assert inside(0)
    assert page.said == []
    page.close()


def test_a_list_of_models_is_not_built_anew_for_the_same_models(opened):
    """Where it is open it would close."""
    tab = opened.tab
    tab.evaluate(
        """() => {
            window.rebuilt = [];
            const observer = new MutationObserver(
                (all) => window.rebuilt.push(...all.map(({ target }) => target.id))
            );
            for (const select of document.querySelectorAll('select'))
                observer.observe(select, { childList: true });
        }"""
    )
    offer = """async (most) => {
        const { offerModels } = await import('./static/chrome/pickers.js');
        const cards = await (await fetch('api/models')).json();
        offerModels({ cards: cards.slice(0, most), refused: [] });
        return window.rebuilt;
    }"""
    assert tab.evaluate(offer, 99) == []
    tab.click(".writing summary")
    tab.click("#write-go")
    sync_api.expect(tab.locator("#toast")).to_have_text("200 characters written.")
    assert tab.evaluate("window.rebuilt") == []
    tab.evaluate(offer, 2)
    assert tab.locator("#model-0 option").count() == 2
