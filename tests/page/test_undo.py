"""Nothing that was typed is lost: it is undone, redone, and kept on the way from view to view."""

from browser import Page, needs_chromium, sync_api

pytestmark = needs_chromium


def test_undo_and_redo_walk_through_every_text_there_was(opened, tmp_path):
    tab = opened.tab
    tab.evaluate("location.hash = 'cells=0'")  # the long text need not be drawn in 28 blocks
    sync_api.expect(tab.locator("#blocks-0 .block")).to_have_count(2)
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


def test_accents_that_stand_apart_are_composed_and_taken_apart_again(opened):
    tab = opened.tab
    opened.write("cafe\u0301")
    tab.click("#offer button:text('Compose accents')")
    area = sync_api.expect(tab.locator("#text"))
    area.to_have_value("caf\u00e9")
    sync_api.expect(tab.locator("#offer")).to_be_hidden()
    tab.focus("#text")
    tab.keyboard.press("Control+z")
    area.to_have_value("cafe\u0301")
    sync_api.expect(tab.locator("#offer")).to_contain_text("accents are typed as characters of")


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
        sync_api.expect(tab.locator("#text")).to_have_value(text)
    for text in was[1:]:
        tab.keyboard.press("Control+y")
        sync_api.expect(tab.locator("#text")).to_have_value(text)


def test_a_model_that_writes_leaves_the_focus_to_who_has_gone_elsewhere(opened):
    tab, expect = opened.tab, sync_api.expect
    opened.write("the ")
    tab.click(".writing summary")
    tab.click("#write-go")
    expect(tab.locator("#text")).to_be_focused()  # by the first character
    before = tab.input_value("#text")
    cells = tab.locator("#cells")
    cells.select_text()
    for key in "1, 2":
        tab.keyboard.press(key)
        length = len(tab.input_value("#text"))
        tab.wait_for_function("n => document.querySelector('#text').value.length > n", arg=length)
    assert tab.inner_text(".writing summary") == "Stop writing"
    expect(cells).to_be_focused()
    expect(cells).to_have_value("1, 2")
    assert tab.input_value("#text").startswith(before)
    expect(tab.locator("#toast")).to_have_text("200 characters written.")
    assert len(tab.input_value("#text")) == 204
    expect(cells).to_be_focused()
    assert opened.said == []


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


def test_back_and_forward_lead_from_view_to_view_with_the_text_as_it_is(opened):
    view = sync_api.expect(opened.tab.locator("body"))
    for name in ("map", "cell"):
        opened.tab.click(f"#tab-{name}")
        opened.settle()
    opened.tab.fill("#text", "written in the view of one cell")
    opened.settle()
    for name in ("map", "figure"):
        opened.tab.go_back()
        opened.tab.wait_for_function(f"() => document.body.dataset.view === '{name}'")
        text = sync_api.expect(opened.tab.locator("#text"))
        text.to_have_value("written in the view of one cell")
    opened.tab.go_forward()
    opened.tab.wait_for_function("() => document.body.dataset.view === 'map'")
    opened.tab.wait_for_function("() => location.hash.includes('one+cell')")
    opened.tab.evaluate("location.hash = '#text=of+a+link&view=cell'")
    sync_api.expect(opened.tab.locator("#text")).to_have_value("of a link")
    opened.tab.go_back()
    sync_api.expect(opened.tab.locator("#text")).to_have_value("written in the view of one cell")
    view.to_have_attribute("data-view", "map")
    opened.tab.click("text=Results")
    opened.tab.wait_for_url("**/results")
    opened.tab.go_back()
    opened.tab.wait_for_selector("#figure[aria-busy=false]")
    view.to_have_attribute("data-view", "map")
    sync_api.expect(opened.tab.locator("#text")).to_have_value("written in the view of one cell")
