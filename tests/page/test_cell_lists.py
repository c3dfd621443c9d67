"""A and B have lists of their own, any memory gives the order, and a pinned cell stays first."""

import re
from itertools import pairwise

from browser import Page, needs_chromium, sync_api

from models import load_checkpoint

pytestmark = needs_chromium
TEXT = "it was the best of times, it was the worst of times"


def heads(page: Page, panel: int, columns: int = 2) -> list[int]:
    """The cells of a model, a row each."""
    every = page.tab.locator(f"#blocks-{panel} .cell").all_text_contents()
    return [int(cell) for cell in every[::columns]]


def until(page: Page, panel: int, cells: list[int]) -> None:
    expect = sync_api.expect
    every = [str(cell) for cell in cells for _ in range(2)]
    expect(page.tab.locator(f"#blocks-{panel} .cell")).to_have_text(every)


def test_b_has_cells_of_its_own_and_they_open_together(opened):
    tab, expect = opened.tab, sync_api.expect
    tab.fill("#cells", "3, 1")
    tab.fill("#cells-b", "7, 0")
    until(opened, 0, [3, 1])
    until(opened, 1, [7, 0])
    tab.fill("#cells-b", "12")
    expect(tab.locator("#problem")).to_contain_text("There is no cell 12")
    tab.fill("#cells-b", "7, 0")
    tab.locator("#blocks-1 .cell").first.click()
    expect(tab.locator("#tab-cell")).to_have_attribute("aria-selected", "true")
    expect(tab.locator("#pick")).to_have_value("3")
    expect(tab.locator("#pick-b")).to_have_value("7")
    until(opened, 0, [3])
    until(opened, 1, [7])
    tab.wait_for_function("() => location.hash.includes('pickb=7')")
    tab.reload()
    until(opened, 1, [7])
    tab.fill("#pick-b", "")
    until(opened, 1, [3])
    assert opened.said == []


def test_the_order_follows_the_memory_chosen(opened, checkpoints):
    tab = opened.tab
    opened.write(TEXT)
    tab.fill("#cells", "0-11")
    assert not tab.is_visible("#by")
    tab.select_option("#order", "variance")
    # What the field lists are places in that order now.
    field = tab.locator("#cells-field")
    sync_api.expect(field).to_contain_text("Places")
    sync_api.expect(field).to_have_attribute("title", re.compile("in the order chosen"))
    names = ["inner, layer 2", "outer, layer 1"]
    sync_api.expect(tab.locator("#by option")).to_have_text(names)
    tab.select_option("#by", label="outer, layer 1")
    for panel, name in enumerate(("nested-chrono-ptb", "stacked-ptb")):
        model = load_checkpoint(checkpoints / f"{name}.safetensors")
        spread = model.trace(TEXT).display[:, 0, 0].var(0)  # level 0, layer 1
        # The order is made once the values are here.
        most = str(max(range(12), key=spread.tolist().__getitem__))
        sync_api.expect(tab.locator(f"#blocks-{panel} .cell").first).to_have_text(most)
        shown = heads(opened, panel)
        for before, after in pairwise(shown):
            assert spread[before] > spread[after] - 1e-3
    opened.settle()
    tab.select_option("#order", "correlation")
    sync_api.expect(tab.locator("#pick")).to_be_visible()
    tab.select_option("#order", "index")
    sync_api.expect(field).to_contain_text("Cells")
    sync_api.expect(field).to_have_attribute("title", "")


def test_a_pinned_cell_stays_first(opened):
    tab, expect = opened.tab, sync_api.expect
    tab.fill("#cells", "2-4")
    until(opened, 0, [2, 3, 4])
    pin = tab.locator("#blocks-0").get_by_label("Pin cell 4")
    pin.focus()
    tab.keyboard.press("Enter")
    until(opened, 0, [4, 2, 3])
    until(opened, 1, [2, 3, 4])
    tab.fill("#cells", "8")
    until(opened, 0, [4, 8])
    tab.wait_for_function("() => location.hash.includes('pins=4')")
    pin = tab.locator("#blocks-0").get_by_label("Pin cell 4")
    expect(pin).to_have_attribute("aria-pressed", "true")
    pin.click()
    until(opened, 0, [8])
    assert opened.said == []


def test_the_line_at_the_bottom_reads_the_cells_that_stand_side_by_side(opened):
    """Whatever view a character was pinned in: rows are others in the next one."""
    tab, expect = opened.tab, sync_api.expect
    tab.fill("#cells", "3, 1")
    tab.fill("#cells-b", "7, 0")
    until(opened, 1, [7, 0])
    tab.locator("#blocks-0 .view").nth(2).click(position={"x": 30, "y": 8})  # cell 1

    def read(*cells: int) -> None:
        said = [f"{letter} cell {cell}," for letter, cell in zip("AABB", cells, strict=True)]
        expect(tab.locator("#readings > span")).to_contain_text(said)

    read(1, 1, 0, 0)
    tab.click("#tab-map")
    opened.settle()
    read(1, 1, 1, 1)  # by cell number, a row each
    tab.click("#tab-find")
    tab.wait_for_selector(".ranked li [aria-pressed=true]")
    found = [int(cell) for cell in tab.locator(".block .cell").all_text_contents()]
    tab.locator("#blocks-0 .view").first.click(position={"x": 60, "y": 8})
    read(found[0], found[0], found[-1], found[-1])
    indexing = "409 (Conflict)"  # the first question to a corpus begins its index
    assert [line for line in opened.said if indexing not in line] == []
