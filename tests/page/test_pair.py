"""The view of a minimal pair, against the models read twice."""

import re

from browser import Page, needs_chromium, sync_api

from models import load_checkpoint

pytestmark = needs_chromium

TEXT = "she said yes to all of it and then nothing more came of that for a long while"


def test_both_texts_stand_under_each_other_in_the_values_of_the_models(
    browser, server, checkpoints
):
    at, gone, come = 9, 3, "nope"
    names = ("nested-chrono-ptb", "stacked-ptb", "lstm-ptb")
    models = "&".join(f"{k}={name}" for k, name in zip("abc", names, strict=True))
    address = f"#{models}&view=pair&pick=7&text={TEXT}&change={at}.{gone}.{come}"
    page = Page(browser, server.url + address)
    drawn = page.tab.locator(".pair-drawn")
    sync_api.expect(drawn).to_have_count(6)
    sync_api.expect(page.tab.locator("#pair-said")).to_contain_text("; C (cell 7): ")
    words = page.tab.inner_text(".pair-key b")
    assert words == "with \u201cnope\u201d in place of \u201cyes\u201d at 9"
    other = TEXT[:at] + come + TEXT[at + gone :]
    steps = page.tab.evaluate(
        """async () => {
            const { makePalette } = await import('/static/base/colour.js');
            return ['paper', 'safe'].map((name) => makePalette(name, 'light').steps);
        }"""
    )
    for panel, name in enumerate(names):
        model = load_checkpoint(checkpoints / f"{name}.safetensors")
        one, two = (model.trace(text).display[:, -1, -1, 7] for text in (TEXT, other))
        position = 30
        values = [one[position], two[position + len(come) - gone]]
        wanted = [*values, values[1] - values[0]]
        column = position + 1  # of four columns at the change the text itself has three
        seen = page.tab.evaluate(
            """([panel, column]) => {
                const canvas = document.querySelector(`#pair-${panel} .pair-drawn`);
                const pen = canvas.getContext('2d');
                const perLine = Math.round(canvas.clientWidth / 9);
                const x = (column % perLine) * 9 + 1;
                const y = Math.floor(column / perLine) * (2 * 19 + 9 + 2 + 12);
                return [1, 20, 44].map((down) => [...pen.getImageData(x, y + down, 1, 1).data]);
            }""",
            [panel, column],
        )
        for value, colour, palette in zip(wanted, seen, [0, 0, 1], strict=True):
            byte = max(-127, min(127, round(127 * float(value))))
            near = [b for b in (byte - 1, byte, byte + 1) if -127 <= b <= 127]
            assert colour[:3] in [steps[palette][128 + b] for b in near], (name, value)
    # What is looked at is looked at in all of them, and is told in the dock.
    drawn.nth(2).hover(position={"x": 9 * 5 + 4, "y": 10})
    sync_api.expect(page.tab.locator("#where")).to_contain_text("position 5")
    cursors = page.tab.locator(".pair-cursor")
    assert cursors.evaluate_all("all => all.every((cursor) => !cursor.hidden)")
    assert len(re.findall("\u2192", page.tab.inner_text("#readings"))) == 6
    # A character pressed is the one that is changed from now on; and an address brings it back.
    drawn.first.click(position={"x": 9 * 2 + 4, "y": 10})
    sync_api.expect(page.tab.locator(".changed")).to_contain_text("at 2")
    page.tab.fill("#pair-insert", "x")
    page.tab.wait_for_function("() => location.hash.includes('change=2.1.x')")
    sync_api.expect(page.tab.locator("#pair-said")).to_contain_text(": A (cell 7): ")
    with page.tab.expect_download() as saved:
        page.tab.click("#export summary")
        page.tab.click("[data-export=svg]")
    picture = saved.value.path().read_text()
    assert picture.count("<image") == 6
    assert "with \u201cx\u201d in place of \u201ce\u201d at 2" in picture
    assert page.said == []
    page.close()
