"""What cannot be read, shown or written is said in a sentence, and what there was stays."""

import pytest
from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium


def are_chosen(page: Page, *models: str) -> None:
    """Until these models are."""
    for panel, name in enumerate(models):
        sync_api.expect(page.tab.locator(f"#model-{panel}")).to_have_value(name)


def test_the_models_stay_and_others_are_offered_for_a_text_they_cannot_read(opened):
    opened.tab.select_option("#model-0", "deep-ptb")
    opened.tab.select_option("#model-1", "lstm-ptb")
    offer = opened.tab.locator("#offer")
    for press in ("[data-sample=prose]", "[data-sample=quatrain]", "#own"):
        opened.tab.click(press)
        opened.settle()
        are_chosen(opened, "deep-ptb", "lstm-ptb")
    sync_api.expect(offer).to_be_hidden()
    text = "“Well, Prince!” (He SMILED; why?)"
    opened.write(text)
    sync_api.expect(offer).to_contain_text("cannot read")
    opened.tab.click("#offer button")
    sync_api.expect(offer).to_have_text(
        '2 characters (dotted) are read by their plain form, such as “ as ".'
    )
    are_chosen(opened, "nested-war-and-peace", "stacked-war-and-peace")
    assert opened.tab.input_value("#text") == text
    opened.write("学而时习之")
    sync_api.expect(offer).to_contain_text("Models A and B cannot read any of these characters")
    sync_api.expect(offer).to_contain_text("No model here reads more of it.")
    assert opened.tab.input_value("#text") == "学而时习之"


def test_a_dropped_file_is_decoded_by_its_mark_or_refused_with_a_reason(opened):
    drop = """(editor, [name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name));
        editor.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    }"""
    editor = opened.tab.locator("#editor")
    text = sync_api.expect(opened.tab.locator("#text"))
    editor.evaluate(drop, ["wide.txt", list("the café\n".encode("utf-16"))])
    text.to_have_value("the café\n")
    editor.evaluate(drop, ["old.txt", list("a café".encode("cp1252"))])
    sync_api.expect(opened.tab.locator("#toast")).to_have_text(
        "Cannot read old.txt: it is not UTF-8 text: byte 0xe9 at 5 cannot stand there."
        " Save it as UTF-8."
    )
    text.to_have_value("the café\n")


def test_a_cell_that_is_not_there_is_said_and_not_left_in_the_field(browser, server, opened):
    problem = sync_api.expect(opened.tab.locator("#problem"))
    opened.tab.click("#tab-cell")
    pick = opened.tab.locator("#pick")
    for wrong in ("999", "-1", "3.5", ""):
        pick.fill("3")
        problem.to_have_text("")
        pick.fill(wrong)
        problem.to_contain_text("0 to 11")
        sync_api.expect(pick).to_have_attribute("aria-invalid", "true")
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
        said = sync_api.expect(page.tab.locator("#problem"))
        said.to_contain_text(words)
        # It is said as long as it holds, and no longer.
        page.tab.select_option("#model-1", "lstm-ptb")
        said.to_contain_text(words)
        page.tab.select_option("#palette", "safe")
        said.to_contain_text(words)
        page.tab.click("#tab-map")
        said.to_have_text("")
        page.tab.go_back()
        said.to_contain_text(words)
        page.tab.click("[data-sample=paper]")
        said.to_have_text("")
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
