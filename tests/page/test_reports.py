"""The pages of timescales and results in a real browser, against the shipped files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from browser import ROOT, needs_chromium, sync_api, visiting

pytestmark = needs_chromium


@pytest.fixture(params=[("light", 1440), ("dark", 375)], ids=["light, wide", "dark, narrow"])
def visit(request, browser, shipped):
    with visiting(browser, shipped, *request.param) as open_:
        yield open_


def report(model):
    return json.loads((ROOT / "checkpoints" / f"{model}.timescales.json").read_text())


def test_timescales_are_drawn_as_the_report_has_them(visit):
    page = visit("timescales?model=nested-ptb").tab
    page.wait_for_selector("#main:not([aria-busy])")
    page.locator("#cells > summary").click()
    page.wait_for_selector("#scatter .main-svg")
    page.locator("#numbers > summary").click()
    for measure in ("context_swap", "impulse"):
        page.select_option("#measure", measure)
        rows = [row for row in report("nested-ptb")["curves"] if row["measure"] == measure]
        inner = next(row for row in rows if row.get("level") == 1 and row["value"] == "read")
        cells = page.locator("#rows tr").first.locator("td").all_inner_texts()
        assert cells[0] == str(inner["counts"]["ok"] + inner["counts"]["censored"])
        assert float(cells[5]) == pytest.approx(inner["tau"]["0.5"], rel=1e-2)
        drawn = page.evaluate("document.getElementById('ecdf').data.map((t) => [...t.x])")
        taus = sorted(
            row["tau"]
            for row in report("nested-ptb")["units"]
            if (row["measure"], row["level"], row["value"]) == (measure, 1, "read")
        )
        assert drawn[0] == taus
    for verdict in report("nested-ptb")["verdicts"]:
        assert verdict["sentence"] in page.text_content("#claims")
    answers = page.locator("#claims .answer").all_inner_texts()
    assert answers == [verdict["answer"] for verdict in report("nested-ptb")["verdicts"]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_read_with_is_shown_first_and_what_is_awaited_is_said(visit):
    page = visit("#a=nested-sqlite&b=nested-poetry&c=stacked-sqlite").tab
    page.wait_for_selector("#figure[aria-busy=false]")
    held = []
    page.route("**/api/timescales/stacked-sqlite", lambda route: held.append(route))
    with page.expect_request("**/api/timescales/stacked-sqlite"):
        page.evaluate("location.assign('timescales')")
    said = page.locator("#coming")
    sync_api.expect(said).to_have_text("Loading the timescales of stacked-sqlite…")
    assert page.inner_text("#left-out") == ""  # neither that nothing is chosen
    assert page.locator("#dumbbell svg").count() == 0  # nor two axes without a dot
    held[0].continue_()
    page.wait_for_selector("#main:not([aria-busy])")
    sync_api.expect(said).to_be_hidden()
    chosen = page.locator("#models label:has(:checked)").all_inner_texts()
    assert chosen == ["nested-sqlite", "stacked-sqlite"]  # poems have no timescales
    # What is asked for by the address comes before.
    page.goto(page.url.split("?")[0] + "?model=lstm-ptb")
    page.wait_for_selector("#main:not([aria-busy])")
    assert page.locator("#models label:has(:checked)").all_inner_texts() == ["lstm-ptb"]


def test_no_table_of_verdicts_is_wider_than_its_page(visit):
    page = visit("timescales?model=nested-ptb").tab
    page.wait_for_selector("#main:not([aria-busy])")
    page.locator("#seeds > summary").click()
    wider = """all => all.filter((one) => one.scrollWidth > one.clientWidth).length"""
    assert page.locator("#seeds .wide").evaluate_all(wider) == 0
    # Every effect of every line is there.
    effects = page.locator("#seeds tr:has(td)").first.locator("td span").all_inner_texts()
    assert effects
    assert all(-9 < float(effect.replace("−", "-")) < 9 for effect in effects)


def test_a_chart_is_saved_shows_no_cells_where_none_are_measured_and_opens_a_cell(visit):
    page = visit("timescales?model=nested-ptb").tab
    page.wait_for_selector("#main:not([aria-busy])")
    with page.expect_download() as saved:
        page.locator("#dumbbell-exports").get_by_text("CSV").click()
    table = Path(saved.value.path()).read_text().splitlines()
    assert table[0].startswith("memory,cells used,saturated")
    cells = page.locator("#rows tr").first.locator("th, td").all_text_contents()
    assert table[1].split(",") == cells
    with page.expect_download() as saved:
        page.locator("#dumbbell-exports").get_by_text("SVG").click()
    assert Path(saved.value.path()).read_text().startswith("<svg xmlns=")
    for section in ("forgetting", "cells", "numbers"):
        page.locator(f"#{section} > summary").click()
    page.wait_for_selector("#scatter .main-svg")
    page.select_option("#measure", "transplant")
    inner = next(
        row
        for row in report("nested-ptb")["units"]
        if (row["measure"], row["level"]) == ("transplant", 1)
    )
    (tau,) = page.locator("#rows tr").first.locator("td").all_inner_texts()
    assert float(tau) == pytest.approx(inner["tau"], rel=1e-2)
    assert page.evaluate("document.getElementById('curves').layout.shapes") == []
    assert "1/e" not in page.inner_text("#reading").replace("1 − 1/e", "")
    page.select_option("#measure", "gate")
    assert "no number" in page.inner_text("#scatter")
    page.select_option("#measure", "context_swap")
    page.evaluate(
        "document.getElementById('scatter').emit('plotly_click',"
        "{points: [{customdata: document.getElementById('scatter').data[1].customdata[7]}]})"
    )
    page.wait_for_url("**/#*pick=7*")
    assert "a=nested-ptb" in page.url
    assert "view=cell" in page.url


def test_charts_are_printed_in_the_light_theme(visit):
    page = visit("timescales?model=nested-ptb").tab
    page.wait_for_selector("#main:not([aria-busy])")
    page.locator("#cells > summary").click()
    page.wait_for_selector("#scatter .main-svg")
    looks = """(event) => {
        dispatchEvent(new Event(event));
        const dot = document.querySelector('#dumbbell circle');
        const words = document.querySelector('#scatter .xtitle');
        return [dot, words].map((it) => getComputedStyle(it).fill);
    }"""
    # In the light theme nothing changes, in the dark one all does, and comes back.
    shown, printed, after = (
        page.evaluate(looks, event) for event in ("", "beforeprint", "afterprint")
    )
    assert printed[1] == "rgb(23, 24, 27)"
    assert shown == after
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert [one != other for one, other in zip(shown, printed, strict=True)] == [dark, dark]


def test_the_picture_shows_every_memory_at_its_median(visit):
    """A dot a memory, where the log axis says; a model with all cells left out has none."""
    page = visit("timescales?model=nested-ptb&model=stacked-ptb").tab
    page.wait_for_selector("#main:not([aria-busy])")
    places = page.eval_on_selector_all(
        "#dumbbell circle", "all => all.map((c) => +c.getAttribute('cx'))"
    )
    medians = [
        next(
            curve["tau"]["0.5"]
            for curve in report(model)["curves"]
            if curve["measure"] == "context_swap"
            and (curve["layer"], curve["level"], curve["value"]) == (layer, level, "read")
        )
        for model, layer, level in (
            ("nested-ptb", 0, 1),
            ("nested-ptb", 0, 0),
            ("stacked-ptb", 1, 0),
            ("stacked-ptb", 0, 0),
        )
    ]
    slope, offset = np.polyfit(np.log(medians), places, 1)
    assert slope > 0
    assert np.allclose(slope * np.log(medians) + offset, places, atol=0.5)


def test_a_legend_covers_no_label(visit):
    models = ("nested-ptb", "nested-plain-ptb", "stacked-ptb", "stacked-war-and-peace")
    page = visit("timescales?" + "&".join(f"model={model}" for model in models)).tab
    page.wait_for_selector("#main:not([aria-busy])")
    for section in ("forgetting", "cells"):
        page.locator(f"#{section} > summary").click()
    page.wait_for_selector("#scatter .main-svg")
    for chart in ("ecdf", "scatter", "curves"):
        legend, title = (
            page.locator(f"#{chart} {part}").bounding_box() for part in (".legend", ".xtitle")
        )
        assert legend["y"] + legend["height"] <= title["y"]
        card = page.locator(f"#{chart}").bounding_box()
        assert title["y"] + title["height"] <= card["y"] + card["height"]
        assert not page.locator(f"#{chart} .scrollbar[height]:not([height='0'])").count()


# The order of the cells knows neither scheme nor width.
@pytest.mark.parametrize("visit", [("light", 1440)], indirect=True, ids=["light, wide"])
def test_the_figure_takes_the_cells_that_last_longest(visit):
    page = visit("#a=nested-ptb&b=nested-plain-ptb&order=lasting&cells=0-6").tab
    for panel, model in enumerate(("nested-ptb", "nested-plain-ptb")):
        lasts = {
            row["unit"]: row["tau"] or float("inf")
            for row in report(model)["units"]
            if (row["measure"], row["level"], row["value"]) == ("context_swap", 1, "read")
            and row["status"] in ("ok", "censored")
        }
        longest = sorted(lasts, key=lambda unit: (-lasts[unit], unit))[:7]
        titles = page.locator(f"#blocks-{panel} .block button.cell")
        for k, cell in enumerate(longest):
            sync_api.expect(titles.nth(2 * k)).to_have_text(str(cell))


def test_a_report_that_does_not_come_is_asked_for_again_and_the_choice_is_in_the_address(visit):
    visited = visit("timescales?model=nested-ptb")
    page = visited.tab
    page.wait_for_selector("#main:not([aria-busy])")
    page.route("**/api/timescales/stacked-ptb", lambda route: route.abort())
    page.get_by_label("stacked-ptb", exact=True).check()
    sync_api.expect(page.locator("#problem")).to_contain_text("The timescales of stacked-ptb")
    page.unroute("**/api/timescales/stacked-ptb")
    page.get_by_label("stacked-ptb", exact=True).uncheck()
    page.select_option("#measure", "impulse")
    page.get_by_label("stacked-ptb", exact=True).check()
    sync_api.expect(page.locator("#dumbbell")).to_contain_text("stacked-ptb")
    assert page.inner_text("#problem") == ""
    page.wait_for_url("**/timescales?model=nested-ptb&model=stacked-ptb&measure=impulse")
    # One that is unticked before its report comes is not shown after all.
    held = []
    page.route("**/api/timescales/lstm-ptb", lambda route: held.append(route))
    with page.expect_request("**/api/timescales/lstm-ptb"):
        page.get_by_label("lstm-ptb", exact=True).check()
    page.get_by_label("lstm-ptb", exact=True).uncheck()
    with page.expect_response("**/api/timescales/lstm-ptb"):
        held[0].continue_()
    page.get_by_label("nested-plain-ptb", exact=True).check()
    page.wait_for_url("**nested-plain-ptb**")
    assert "lstm-ptb" not in page.url
    page.get_by_label("nested-plain-ptb", exact=True).uncheck()
    page.wait_for_url("**/timescales?model=nested-ptb&model=stacked-ptb&measure=impulse")
    page.reload()
    page.wait_for_selector("#main:not([aria-busy])")
    assert page.input_value("#measure") == "impulse"
    assert page.get_by_label("stacked-ptb", exact=True).is_checked()
    # The lost answer itself is told to the console by the browser.
    visited.said = [words for words in visited.said if "ERR_FAILED" not in words]


def test_a_short_text_is_told_what_it_lacks_and_a_longer_one_is_measured_till_stopped(visit):
    visited = visit("timescales?model=nested-ptb")
    page = visited.tab
    page.wait_for_selector("#main:not([aria-busy])")
    page.fill("#own-text", "too short\n" * 10)
    assert page.inner_text("#own-least") == "At least 8,500 characters."
    assert page.inner_text("#own-count") == "100 characters, 8,400 too few"
    page.get_by_role("button", name="Measure").click()
    sync_api.expect(page.locator("#own-says")).to_contain_text("8,500", timeout=60_000)
    # The refusal itself is told to the console by the browser.
    visited.said = [words for words in visited.said if "422" not in words]
    page.select_option("#own-model", "nested-ptb")
    page.fill("#own-text", "the meaning of life is in the question and not in the answer\n" * 145)
    page.get_by_role("button", name="Measure").click()
    sync_api.expect(page.locator("#own-says")).to_contain_text("reading", timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    sync_api.expect(page.locator("#own-says")).to_have_text("Stopped.", timeout=60_000)
    # What is measured stays what it was begun with, whatever is chosen meanwhile.
    held = []
    page.route("**/api/timescales", lambda route: held.append(route))
    with page.expect_request("**/api/timescales"):
        page.get_by_role("button", name="Measure").click()
    page.select_option("#own-model", "lstm-ptb")
    assert held[0].request.post_data_json["model"] == "nested-ptb"
    line = json.dumps({"report": report("nested-ptb")}) + "\n"
    held[0].fulfill(content_type="application/x-ndjson", body=line)
    sync_api.expect(page.locator("#own-says")).to_contain_text("“nested-ptb, your text”")
    sync_api.expect(page.get_by_label("nested-ptb, your text")).to_be_checked()


def test_results_are_the_files(visit):
    page = visit("results").tab
    expect = sync_api.expect
    content = json.loads((ROOT / "experiments" / "results" / "page.json").read_text())
    # The whole page is no longer than a few screens, and each part is a press away.
    page.wait_for_selector("#tables [aria-current]")
    wide = page.viewport_size["width"] > 700
    for link in page.locator("#tables a").all():
        link.click()
        assert page.locator("[data-section]:visible").count() == 1
        assert page.evaluate("document.documentElement.scrollHeight") < (2600 if wide else 5600)
        expect(link).to_be_in_viewport(ratio=0.9)
    page.locator("#tables a").first.click()
    page.get_by_text("more pairs, from the search for a recipe").click()
    drawn = page.locator(".pairs tbody tr").evaluate_all(
        """(rows) => rows.map((row) => {
          const [dot, zero] = ["circle", ".zero"].map((part) => {
            const { left, right } = row.querySelector(part).getBoundingClientRect();
            return (left + right) / 2;
          });
          return [row.querySelector(".label").innerText, row.cells[2].innerText, dot - zero];
        })"""
    )
    for (label, difference, offset), pair in zip(drawn, content["pairs"]["rows"], strict=True):
        assert (label, difference) == (pair["title"], pair["difference"])
        assert abs(pair["percent"]) < 0.2 or (offset > 0) == (pair["percent"] > 0)
    # The picture is saved as it is drawn, and as its rows.
    exports = page.locator("[data-pairs]").first
    first = [pair for pair in content["pairs"]["rows"] if not pair["searched"]]
    with page.expect_download() as saved:
        exports.get_by_text("CSV").click()
    table = list(csv.DictReader(Path(saved.value.path()).read_text("utf-8").splitlines()))
    assert [(row["trained alike"], row["difference"]) for row in table] == [
        (pair["title"], pair["difference"]) for pair in first
    ]
    with page.expect_download() as saved:
        exports.get_by_text("SVG").click()
    assert Path(saved.value.path()).read_text("utf-8").count("<circle") == len(first)
    for k, table in enumerate(content["tables"]):
        page.locator("#tables a").nth(k + 1).click()
        section = page.locator("section[data-table]").nth(k)
        expect(section).to_be_visible()
        page.evaluate("location.hash = '#main'")  # where the link that skips the head leads
        if k == 2:
            page.evaluate("location.hash = ''")
            expect(page.locator("[data-section]").first).to_be_visible()
            page.locator("#tables a").nth(k + 1).click()
        assert page.locator("[data-section]:visible").count() == 1
        # The paper's lines come first, each with our best of the same network; all are folded.
        kinds = [line["kind"] for line in table["lines"]]
        for folded in section.locator("details > summary").all():
            folded.click()
        tables = section.locator("table")
        assert tables.count() == 1 + ("paper" in kinds)
        if "paper" in kinds:
            first = tables.first.locator("tbody tr.paper .label").all_inner_texts()
            assert first == [one["label"] for one in table["lines"] if one["kind"] == "paper"]
            smaller = kinds.index("class") if "class" in kinds else len(kinds)
            best = {}
            for line in table["lines"][:smaller]:
                if line["kind"] == "ours":
                    score = float(line["cells"][0].split(" ")[0])
                    best[line["label"]] = min(best.get(line["label"], 1e9), score)
            ours = tables.first.locator("tbody tr.ours td:nth-of-type(1)").all_inner_texts()
            assert [float(cell.split(" ")[0]) for cell in ours] == list(best.values())
        shown = tables.last.locator("tbody tr:not(.command)")
        assert shown.count() == len(table["lines"])
        for n, line in enumerate(table["lines"]):
            row = shown.nth(n)
            assert row.locator(".label").inner_text() == line["label"]
            assert row.locator("td").all_inner_texts() == line["cells"]
            assert line["words"] in row.locator("th").inner_text()
            if line["kind"] == "ours":
                assert row.locator(".run").inner_text() == line["name"]
                typed = page.locator(f"#{row.locator('.run').get_attribute('aria-controls')}")
                assert typed.text_content() == line["command"]
    page.locator("#tables a").nth(1).click()
    for visible in (True, False):
        page.locator(".run").nth(1).press("Enter")
        sync_api.expect(page.locator(".command").nth(1)).to_be_visible(visible=visible)
    places = page.locator(".chart")
    assert places.count() == len(content["charts"])
    for k, chart in enumerate(content["charts"]):
        drawn = places.nth(k).evaluate("(place) => place.data.map((t) => [...t.y])")
        for run in chart["runs"]:
            assert run["valid"] in drawn
        looks = places.nth(k).evaluate(
            "(place) => place.data.filter((t) => t.showlegend !== false)"
            ".map((t) => [(t.line ?? t.marker).color, t.mode, t.marker.symbol].join())"
        )
        assert len(set(looks)) == len(looks)  # no two runs look alike, nor like the paper
        assert len(looks) == len(chart["runs"]) + bool(chart["paper"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
