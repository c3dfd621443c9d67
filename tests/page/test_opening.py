"""A visit opens with named cells on a text that shows them, and says what to see."""

import json
import random
import re

import pytest
from browser import ROOT, Page, needs_chromium, sync_api

from analysis.selectivity.features import FEATURES
from models import load_checkpoint
from models.memories import memories

pytestmark = needs_chromium
NAMES = ("nested-war-and-peace", "stacked-war-and-peace")
LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture
def fresh(browser, shipped):
    page = Page(browser, shipped.url, viewport=LAPTOP)
    page.settle()
    yield page
    assert page.said == []
    page.close()


def atlas(name: str) -> dict:
    return json.loads((ROOT / f"checkpoints/{name}.atlas.json").read_text("utf-8"))


def named(name: str, feature: str) -> dict:
    return next(entry for entry in atlas(name)["found"] if entry["feature"] == feature)


def name_of(name: str, entry: dict) -> str:
    """The memory that a cell is of, in words."""
    card = load_checkpoint(ROOT / f"checkpoints/{name}.safetensors").card
    return next(
        memory.name
        for memory in memories(card.layers, card.depth)
        if (memory.layer, memory.level) == (entry["layer"], entry["level"])
    )


def stretches(label) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer("1+", "".join(str(int(on)) for on in label))]


def test_a_fresh_page_shows_the_quotation_cell_and_says_what_to_see(fresh):
    tab, expect = fresh.tab, sync_api.expect
    cell = named(NAMES[0], "quotes")
    heads = tab.locator("#blocks-0 .block .cell")
    expect(heads.first).to_have_text(str(cell["cell"]))
    expect(tab.locator("#blocks-1 .block .cell").first).to_have_text(
        str(named(NAMES[1], "quotes")["cell"])
    )
    text = tab.input_value("#text")
    assert text == next(e["example"]["text"] for e in atlas(NAMES[0])["found"] if "example" in e)
    # The sentence is true of the network itself, not only of what the page was told.
    caption = tab.locator("#caption")
    expect(caption).to_contain_text("characters later")
    number = int(re.search(r"([\d,]+) characters later", caption.text_content())[1])
    model = load_checkpoint(ROOT / f"checkpoints/{NAMES[0]}.safetensors")
    values = model.trace(text).display[:, cell["layer"], cell["level"], cell["cell"]]
    (quotes,) = [feature for feature in FEATURES if feature.key == "quotes"]
    held = [
        stop - start
        for start, stop in stretches(quotes.mark(text))
        if (cell["sign"] * values[start:stop] > 0).mean() >= 0.9
    ]
    assert number == max(held)
    # Seen at first look, with how long it remembers.
    view = tab.locator("#blocks-0 .view").first.bounding_box()
    dock = tab.locator("#dock").bounding_box()
    assert dock["y"] - view["y"] >= 0.45 * LAPTOP["height"]
    expect(tab.locator("#blocks-0 .note").first).to_contain_text("remembers")


def test_the_sentence_follows_the_typing(fresh):
    tab, expect = fresh.tab, sync_api.expect
    fresh.write("There is none here.")
    expect(tab.locator("#caption")).to_contain_text("Type a quotation mark")
    tab.click("[data-sample=paper]")
    expect(tab.locator("#caption")).to_have_text("See what a network remembers, and for how long.")
    expect(tab.locator("#blocks-0 .cell").first).to_have_text("0")
    expect(tab.locator("#called-0")).to_have_text("nested-chrono-ptb")
    expect(tab.locator("#called-1")).to_have_text("stacked-ptb")
    # Back at what was typed by undo; a reload keeps all of it.
    fresh.settle()
    tab.wait_for_function("() => location.hash.includes('sample=paper')")
    tab.reload()
    expect(tab.locator("#called-0")).to_have_text("nested-chrono-ptb")


def test_named_cells_are_listed_and_lead_to_themselves_by_keyboard(fresh):
    tab, expect = fresh.tab, sync_api.expect
    tab.focus("#named summary")
    tab.keyboard.press("Enter")
    for panel, name in enumerate(NAMES):
        home = tab.locator("#named-cells section").nth(panel)
        expect(home).to_contain_text(name)
        known = atlas(name)
        rows = home.evaluate(
            """home => Object.fromEntries([...home.querySelectorAll('a[aria-label]')].map(
                (link) => [link.ariaLabel, link.closest('tr').textContent]))"""
        )
        for entry in known["found"]:
            row = rows[f"{entry['label']}: {name_of(name, entry)} {entry['cell']}"]
            assert f"{entry['held_out']:.2f}" in row
            if (entry["timescale"] or {}).get("status") == "ok":
                tau = entry["timescale"]["tau"]
                assert row.endswith(f"{tau:.1f}" if tau < 9.95 else f"{tau:.0f}")
        for entry in known["not_found"]:
            expect(home.locator(".hint").first).to_contain_text(entry["label"])
    tab.keyboard.press("Escape")
    expect(tab.locator("#named-cells")).to_be_hidden()
    expect(tab.locator("#named summary")).to_be_focused()
    tab.keyboard.press("Enter")
    space = named(NAMES[1], "space")
    label = f"space: {name_of(NAMES[1], space)} {space['cell']}"
    tab.get_by_label(label, exact=True).focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#blocks-1 .block .cell").first).to_have_text(str(space["cell"]))
    expect(tab.locator("#text")).to_have_value(space["example"]["text"])
    expect(tab.locator("#caption")).to_contain_text("of the spaces here")
    assert not tab.is_visible("#named-cells")
    tab.go_back()
    expect(tab.locator("#caption")).to_contain_text("quotation mark")


def test_the_page_marks_features_as_the_analysis_does(browser, server):
    page = Page(browser, server.url + "docs")
    chance = random.Random(5)
    letters = "aé\"“”«»'’(){}[]<>-–_/* \n\tZÉ7٣.!uk—中"
    texts = ["".join(chance.choices(letters, k=chance.randrange(60))) for _ in range(300)]
    texts += [named(NAMES[0], "quotes")["example"]["text"], "it's a <unk> (so [it] is) }"]
    for feature in FEATURES:
        ours = page.tab.evaluate(
            """async ([key, texts, base]) => {
                const { FEATURES } = await import(`${base}static/atlas/features.js`);
                return texts.map((text) => [...FEATURES[key].mark([...text])].join(''));
            }""",
            [feature.key, texts, server.url],
        )
        for text, marks in zip(texts, ours, strict=True):
            theirs = "".join(str(int(on)) for on in feature.mark(text))
            assert marks == theirs, (feature.key, text)
    assert page.said == []
    page.close()


def test_a_model_without_an_atlas_opens_with_the_papers_passage(browser, server):
    page = Page(browser, server.url, overhear=True)
    page.settle()
    sync_api.expect(page.tab.locator("#text")).to_have_value(re.compile("^group said N"))
    assert not page.tab.is_visible("#named")
    assert page.asked
    assert [url for url in page.asked if "/api/atlas/" in url] == []
    assert page.said == []
    page.close()


def test_what_did_not_come_is_asked_for_when_the_server_is_back(browser, shipped):
    page = Page(browser, "about:blank", alone=True)
    tab, expect = page.tab, sync_api.expect
    channels = []

    def pass_on(channel) -> None:
        channel.connect_to_server()
        channels.append(channel)

    tab.route_web_socket("**/api/live", pass_on)
    for missing in ("atlas", "effects"):
        tab.route(f"**/api/{missing}", lambda route: route.abort())
    tab.goto(f"{shipped.url}#view=why&a={NAMES[0]}&b=none&text=The server is away.")
    expect(tab.locator("#problem")).to_have_text("The server cannot be reached.")
    cost = tab.locator(".cost-said").first
    expect(cost).to_have_text("")
    for part in ("#named", "#tour"):
        assert not tab.is_visible(part)
    for missing in ("atlas", "effects"):
        tab.unroute(f"**/api/{missing}")
    channels[0].close()
    expect(cost).to_contain_text("loses")
    expect(tab.locator("#problem")).to_have_text("")
    for part in ("#named", "#tour"):
        expect(tab.locator(part)).to_be_visible()
    page.close()


def test_a_link_tells_all_and_nothing_of_what_was_before_stays(fresh):
    tab, expect = fresh.tab, sync_api.expect
    tab.click("#tour")
    expect(tab.locator("#tour-title")).to_be_visible()
    tab.go_back()
    expect(tab.locator("#tour-title")).to_be_hidden()
    tab.locator("#blocks-0 .view").first.click(position={"x": 60, "y": 10})
    expect(tab.locator("#figure.pinned, .pinned #figure")).to_have_count(1)
    tab.click("#named summary")
    tab.locator("#named-cells a[aria-label]").last.click()
    expect(tab.locator("#figure.pinned, .pinned #figure")).to_have_count(0)
