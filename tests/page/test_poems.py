"""Poems as they are printed: read as a poem by a switch, in squares, and written to their end."""

import pytest
import torch
from browser import Page, Server, needs_chromium, sync_api
from random_models import randomised

from models import CharacterModel, Vocabulary, load_checkpoint, save_checkpoint

pytestmark = needs_chromium
# Li Shen, "Pity the farmers".
PRINTED = "鋤禾日當午，\n汗滴禾下土。\n誰知盤中餐，\n粒粒皆辛苦。"
READ = "\u3000锄禾日当午汗滴禾下土谁知盘中餐粒粒皆辛苦"
ADDRESS = "#a=nested-poems&b=stacked-poems&view=figure"


@pytest.fixture(scope="module")
def poets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poems")
    torch.manual_seed(8)
    vocabulary = Vocabulary(dict.fromkeys(READ[1:]))
    for name, size in {"nested-poems": (1, 2), "stacked-poems": (2, 1)}.items():
        model = randomised(CharacterModel(vocabulary, *size, 8))
        save_checkpoint(folder / f"{name}.safetensors", model)
    server = Server(folder)
    yield folder, server
    server.stop()


def switch(page, name):
    page.tab.get_by_role("button", name=name).click()
    page.tab.wait_for_timeout(400)
    page.settle()


@pytest.mark.parametrize("width", [1366, 375])
def test_a_printed_poem_is_read_as_a_poem_by_a_switch(browser, poets, width):
    _, server = poets
    viewport = {"width": width, "height": 900}
    page = Page(browser, server.url + ADDRESS, viewport=viewport)
    page.settle()
    page.write(PRINTED)
    offer = page.tab.locator("#offer")
    sync_api.expect(offer).to_contain_text("leave out 4 marks and 3 line breaks, read 鋤 as 锄")
    switch(page, "Read it as a poem")
    assert set(page.shown()) == {READ}
    assert page.tab.input_value("#text") == PRINTED
    sync_api.expect(offer).to_contain_text("the text stays as typed")
    rows = page.tab.evaluate(
        """() => {
            const text = document.querySelector('.block .text').firstChild;
            const range = document.createRange();
            return [...text.data].slice(1).map((_, k) => {
                range.setStart(text, k + 1);
                range.setEnd(text, k + 2);
                const box = range.getBoundingClientRect();
                return [Math.round(box.left), Math.round(box.top), box.width];
            });
        }"""
    )
    assert [len({top for _, top, _ in rows[k : k + 5]}) for k in range(0, 20, 5)] == [1] * 4
    assert len({top for _, top, _ in rows}) == 4
    assert max(len({left for left, _, _ in rows[k::5]}) for k in range(5)) == 1  # columns
    assert max(width for *_, width in rows) - min(width for *_, width in rows) < 0.1
    page.tab.wait_for_timeout(600)
    again = Page(browser, server.url + page.tab.evaluate("location.hash"), viewport=viewport)
    again.settle()
    assert set(again.shown()) == {READ}
    assert again.tab.input_value("#text") == PRINTED
    switch(page, "Read it as typed")
    assert set(page.shown()) == {PRINTED}
    assert page.said == again.said == []
    page.close()
    again.close()


def test_a_quatrain_is_written_to_its_end_and_no_further(browser, poets):
    page = Page(browser, poets[1].url + ADDRESS)
    page.settle()
    page.write(PRINTED[:13])  # two lines
    switch(page, "Read it as a poem")
    page.tab.click(".writing summary")
    page.tab.click("#write-go")
    sync_api.expect(page.tab.locator("#toast")).to_contain_text("10 characters written")
    page.settle()
    assert len(page.shown()[0]) == 21
    assert page.tab.input_value("#text").startswith(PRINTED[:13])
    page.tab.click(".writing summary")
    page.tab.click("#write-go")
    sync_api.expect(page.tab.locator("#toast")).to_contain_text("whole")
    assert len(page.shown()[0]) == 21
    page.close()


def test_the_perplexity_of_a_quatrain_is_the_models(browser, poets):
    folder, server = poets
    page = Page(browser, server.url + ADDRESS.replace("figure", "predictions"))
    page.settle()
    page.write(READ)
    trace = load_checkpoint(folder / "nested-poems.safetensors").trace(READ)
    perplexity = round(2**trace.bits_per_character)
    words = f"Perplexity per character: A {perplexity:,},"
    sync_api.expect(page.tab.locator("#verdict")).to_contain_text(words)
    # The caret is behind more characters than are read.
    page.write(PRINTED)
    switch(page, "Read it as a poem")
    page.tab.focus("#text")
    page.tab.keyboard.press("Control+End")
    for panel in (0, 1):
        sync_api.expect(page.tab.locator(f"#predictions-{panel} .likeliest li")).to_have_count(5)
        sync_api.expect(page.tab.locator(f"#predictions-{panel} .after")).to_contain_text("苦")
    page.close()
