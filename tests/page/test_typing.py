"""What is typed is what is shown and read, whatever it is and wherever it is typed."""

import re

import pytest
from browser import Page, needs_chromium, sync_api
from painting import expected_colours, matches

pytestmark = needs_chromium

NASTY = {
    "newlines": "a\n\nb\n",
    "only newlines": "\n\n\n",
    "tabs": "a\tb\t\tc",
    "spaces": "  a   b                                                                 c  ",
    "script": "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>",
    "entities": "&lt;b&gt; &amp;amp; &#65;",
    "emoji": "a😀b👩‍👩‍👧‍👦c🇫🇷d",
    "chinese": "学而时习之，不亦说乎？",
    "right to left": "abc שלום עולם def مرحبا بالعالم ghi",
    "combining": "e\u0301 a\u0300\u0316\u0301 \u0301x",
    "long word": "x" * 400,
    "zero width": "a\u200bb\u00adc\ufeffd\u2028e",
    "braces": "{{ 7 * 7 }} ${window.ran = 1} %s </textarea></p>",
    "nul and controls": "a\u0001b\u007fc",
}


def test_the_text_shown_is_the_text_typed_and_is_only_text(opened):
    for name, text in NASTY.items():
        opened.write(text)
        assert set(opened.shown()) == {text}, name
        assert opened.tab.evaluate("typeof window.ran") == "undefined", name
        assert opened.tab.eval_on_selector_all(".block .text *", "all => all.length") == 0, name
    assert opened.said == []


def test_half_a_surrogate_pair_is_shown_as_the_replacement_character(opened):
    opened.tab.evaluate(
        """() => {
            const area = document.querySelector('#text');
            area.value = 'a' + String.fromCharCode(0xd83d) + 'b';
            area.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }"""
    )
    opened.settle()
    assert set(opened.shown()) == {"a\ufffdb"}
    assert opened.said == []


def test_typing_at_the_end_colours_the_new_character_and_leaves_the_others(opened, checkpoints):
    opened.write("the cat sat")
    before = opened.colours(0, list(range(11)))
    opened.tab.focus("#text")
    opened.tab.keyboard.press("Control+End")
    opened.tab.keyboard.type(" on the mat")
    opened.tab.wait_for_function(
        "() => document.querySelector('.block .text').textContent.length === 22"
    )
    opened.settle()
    text = "the cat sat on the mat"
    values, steps = expected_colours(
        opened, checkpoints / "nested-chrono-ptb.safetensors", text, 0, 1, 0
    )
    painted = opened.colours(0, list(range(22)))
    assert painted[:11] == before
    assert all(matches(c, v, steps) for c, v in zip(painted, values, strict=True))


def test_an_edit_in_the_middle_gives_the_figure_of_the_whole_text(browser, server, opened):
    opened.write("one two three four five six seven eight nine ten " * 4)
    opened.tab.evaluate("document.querySelector('#text').setSelectionRange(60, 66)")
    opened.tab.keyboard.type("xyz & 0", delay=15)
    opened.settle()
    text = opened.tab.input_value("#text")
    assert "xyz & 0" in text
    fresh = Page(browser, server.url)
    fresh.write(text)
    assert fresh.pixels() == opened.pixels()
    fresh.close()


def test_an_input_method_composes_and_only_the_committed_text_is_read(opened):
    opened.write("")
    opened.tab.focus("#text")
    devtools = opened.context.new_cdp_session(opened.tab)
    for composing in ("n", "ni", "ni h"):
        devtools.send(
            "Input.imeSetComposition",
            {"text": composing, "selectionStart": len(composing), "selectionEnd": len(composing)},
        )
    assert set(opened.shown()) == {""}
    devtools.send("Input.insertText", {"text": "你好"})
    opened.tab.wait_for_function(
        "() => document.querySelector('.block .text').textContent === '你好'"
    )
    opened.settle()
    sync_api.expect(opened.tab.locator("#offer")).to_contain_text("cannot read any")
    assert opened.said == []


def test_characters_out_of_the_alphabet_are_marked_in_place(opened):
    opened.write("a☃b")
    marks = sync_api.expect(opened.tab.locator("#marks-0 .out-of-vocabulary"))
    marks.to_have_attribute("d", re.compile("^M[^M]*$"))
    opened.write("abc")
    marks.not_to_have_attribute("d", re.compile("M"))


def test_characters_read_by_their_plain_form_are_marked_and_said(opened):
    tab = opened.tab
    opened.models("nested-war-and-peace", "stacked-ptb")
    opened.write("“It’s late,” she said — twice…")
    dots = "symbol => symbol.querySelector('.plain-form').getAttribute('d').split('M').length - 1"
    # The alphabet of B has no quotation mark of two strokes.
    sync_api.expect(tab.locator("#marks-0 .plain-form")).to_have_attribute("d", re.compile("M"))
    assert [tab.locator(f"#marks-{k}").evaluate(dots) for k in (0, 1)] == [5, 3]
    offer = sync_api.expect(tab.locator("#offer"))
    offer.to_contain_text(
        'Model A reads 5 characters (dotted) by their plain form, such as “ as ".'
    )
    offer.to_contain_text(
        "Model B reads 3 characters (dotted) by their plain form, such as ’ as '."
    )
    tab.focus("#figure")
    tab.keyboard.press("Home")
    where = sync_api.expect(tab.locator("#where"))
    where.to_contain_text('U+201C · not in the alphabet of B · read as " by A')
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    where.to_contain_text("U+2019 · read as '")
    tab.keyboard.press("ArrowRight")
    where.not_to_contain_text("read as")
    # With a model that reads all the rest it is all there is to say, and is no complaint.
    opened.models("nested-war-and-peace", "stacked-war-and-peace")
    offer.to_have_text('5 characters (dotted) are read by their plain form, such as “ as ".')
    sync_api.expect(tab.locator(".how")).to_be_visible()
    opened.write("It is late")
    offer.to_be_hidden()
    assert opened.said == []


def test_a_text_over_the_limit_is_read_as_far_as_the_limit_and_that_is_said(opened):
    opened.one_row()
    opened.write("ab " * 2100)
    count = sync_api.expect(opened.tab.locator("#count"))
    count.to_contain_text("6,300 characters: the first 6,000 are read")
    assert len(opened.shown()[0]) == 6300
    # What follows its end is not known.
    toast = sync_api.expect(opened.tab.locator("#toast"))
    opened.tab.click(".writing summary")
    opened.tab.click("#write-go")
    toast.to_contain_text("shorten the text to 6,000 characters")
    opened.tab.evaluate("document.querySelector('#toast').hidden = true")
    opened.tab.click("#tab-predictions")
    sync_api.expect(opened.tab.locator("#predictions-0 .likeliest li")).to_have_count(5)
    opened.tab.focus("#text")
    opened.tab.keyboard.press("Control+End")
    opened.tab.keyboard.press("Tab")
    toast.to_be_visible()
    assert len(opened.tab.input_value("#text")) == 6300
    # A model that comes to the end says so.
    opened.tab.fill("#text", "ab " * 1999)
    opened.tab.click(".writing summary")
    opened.tab.click("#write-go")
    toast.to_have_text("4 characters written: more would not be read.")
    assert opened.said == []


def test_a_lost_server_is_said_the_text_kept_and_the_figure_continued(browser, server, checkpoints):
    try:
        # Its tab is not used again: it would tell the next test what it asked for in vain.
        page = Page(browser, server.url, alone=True)
        page.settle()
        page.write("before")
        # The code of a view is fetched ahead; that of Why comes after that of Predictions.
        page.tab.wait_for_function(
            "() => performance.getEntriesByType('resource')"
            ".some(({ name }) => name.endsWith('why/why.js'))"
        )
        server.stop()
        page.tab.wait_for_selector("#lost:not([hidden])")
        page.tab.focus("#text")
        page.tab.keyboard.press("Control+End")
        page.tab.keyboard.type(" and after")
        server.start()
        page.tab.wait_for_selector("#lost", state="hidden")
        page.settle()
        assert set(page.shown()) == {"before and after"}
        painted = page.colours(0, list(range(16)))
        values, steps = expected_colours(
            page, checkpoints / "nested-chrono-ptb.safetensors", "before and after", 0, 1, 0
        )
        assert all(matches(c, v, steps) for c, v in zip(painted, values, strict=True))
        server.stop()
        page.tab.click("#tab-predictions")  # asked in vain, and again when the server is back
        problem = sync_api.expect(page.tab.locator("#problem"))
        problem.to_have_text("The server cannot be reached.")
        server.start()
        verdict = page.tab.locator("#verdict")
        sync_api.expect(verdict).to_contain_text("Not comparable: only 15 characters")
        problem.to_have_text("")
        page.close()
    finally:
        if server.process.poll() is not None:
            server.start()


def test_a_warm_up_is_read_before_the_text_and_parted_from_it(browser, server, checkpoints):
    page = Page(browser, f"{server.url}#a=nested-chrono-ptb&b=none&start=poem&text=it+was&cells=2")
    page.settle()
    whole = page.shown()[0]
    assert page.tab.input_value("#text") == "it was"
    assert whole.endswith("\nit was")
    before = whole.removesuffix("it was")
    assert set(page.shown()) == {whole}
    values, steps = expected_colours(
        page, checkpoints / "nested-chrono-ptb.safetensors", whole, 0, 1, 2
    )
    # From the zero state these characters would have other colours.
    positions = list(range(len(before), len(whole)))
    cold, _ = expected_colours(
        page, checkpoints / "nested-chrono-ptb.safetensors", "it was", 0, 1, 2
    )
    assert max(abs(values[len(before) :] - cold)) > 0.05
    for position, colour in zip(positions, page.colours(0, positions), strict=True):
        assert matches(colour, values[position], steps)
    # The border lies under the last row of the warm-up.
    border = page.tab.get_attribute("#marks-0 .border", "d")
    line = page.tab.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.text')).lineHeight)"
    )
    rows = page.tab.evaluate("document.querySelector('.block .page').offsetHeight") / line
    assert float(border.split()[1].split("H")[0]) == pytest.approx((rows - 1) * line, abs=1)
    page.tab.click("#start-name")
    page.tab.select_option("#start", "")
    page.settle()
    assert set(page.shown()) == {"it was"}
    page.tab.wait_for_function("() => !location.hash.includes('start=')")
    page.close()


def test_a_text_pasted_over_the_map_is_laid_out_when_the_figure_comes_back(opened):
    text = "but there were no buyers " * 40
    opened.write(text)
    before = opened.pixels()
    opened.write("")
    opened.tab.click("#tab-map")
    opened.settle()
    opened.write(text)
    opened.tab.click("#tab-figure")
    opened.settle()
    assert opened.pixels() == before
    opened.tab.wait_for_function("() => document.querySelector('.block canvas').height > 1")


def test_the_menu_closes_while_a_model_writes_and_what_it_wrote_is_marked(opened):
    tab, expect = opened.tab, sync_api.expect
    opened.one_row()
    opened.write("the ")
    summary = tab.locator(".writing summary")
    summary.click()
    tab.click("#write-go")
    expect(tab.locator("#write-go")).to_be_hidden()
    expect(summary).to_have_text("Stop writing")
    tab.wait_for_function("() => document.querySelector('#text').value.length > 8")
    summary.click()
    expect(summary).to_have_text("Let a model continue…")
    expect(tab.locator("#write-go")).to_be_hidden()
    written = len(tab.input_value("#text"))
    tab.wait_for_function(
        "length => location.hash.includes(`span=4.${length}`)", arg=written, timeout=10_000
    )
    tab.focus("#text")
    tab.keyboard.press("Control+End")
    tab.keyboard.type("x")
    tab.wait_for_function("() => !location.hash.includes('span=')")
