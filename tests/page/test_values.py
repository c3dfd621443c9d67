"""Every number on the page and in its files is the model's own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from browser import ROOT, needs_chromium, sync_api
from painting import PASSAGE, expected_colours, matches

from models import load_checkpoint

pytestmark = needs_chromium


def test_pointing_lights_one_character_everywhere_with_its_exact_value(opened, checkpoints):
    text = opened.tab.input_value("#text")
    opened.tab.evaluate("document.querySelector('.figure').scrollIntoView()")
    box = opened.tab.locator(".block .view").nth(2).bounding_box()
    opened.tab.mouse.move(box["x"] + 100, box["y"] + 30)
    opened.tab.wait_for_selector(".block .reading.exact")
    position = int(opened.tab.inner_text("#where b").split()[1])
    said = opened.tab.locator(".block .reading").nth(2).inner_text()
    trace = load_checkpoint(checkpoints / "nested-chrono-ptb.safetensors").trace(text)
    value = float(trace.display[position, 0, 1, 1])
    assert float(said.replace("−", "-")) == pytest.approx(value, rel=5e-3)
    opened.tab.wait_for_function(
        """() => new Set([...document.querySelectorAll('.cursor')]
            .map((cursor) => getComputedStyle(cursor).transform)).size === 1"""
    )
    opened.tab.mouse.down()
    opened.tab.mouse.up()
    opened.tab.mouse.move(5, 5)
    sync_api.expect(opened.tab.locator("#where b")).to_have_text(f"position {position}")
    # The blocks and the dock have three digits of it, the table all.
    digits = re.sub(r"^[+−]?[0.]*|e.*$|\.", "", said)
    assert len(digits) == 3
    assert said in opened.tab.inner_text("#readings")
    opened.tab.click("#table-button")
    whole = opened.tab.locator("#table td").nth(1).inner_text()
    assert float(whole.replace("−", "-")) == pytest.approx(value, abs=2e-6)
    opened.tab.click("#table-button")
    opened.tab.focus("#figure")
    opened.tab.keyboard.press("ArrowRight")
    opened.tab.wait_for_function(
        f"() => document.querySelector('#where b').textContent === 'position {position + 1}'"
    )
    opened.tab.keyboard.press("Escape")
    opened.tab.wait_for_function("() => !document.querySelector('#where b')")


def test_the_map_shows_every_cell_and_points_at_the_same_value_as_the_model(opened, checkpoints):
    text = opened.tab.input_value("#text")
    opened.tab.click("#tab-map")
    opened.tab.wait_for_selector(".map-frame")
    opened.settle()
    sync_api.expect(opened.tab.locator(".map-frame")).to_have_count(4)
    box = opened.tab.locator(".map-frame").first.bounding_box()
    # 12 cells from top to bottom in the order of their numbers; 373 characters from left to right.
    opened.tab.mouse.move(
        box["x"] + box["width"] * 100.5 / 373, box["y"] + box["height"] * 7.5 / 12
    )
    sync_api.expect(opened.tab.locator("#where b")).to_have_text("position 100")
    sync_api.expect(opened.tab.locator("#readings")).to_contain_text("A cell 7")
    values, steps = expected_colours(
        opened, checkpoints / "nested-chrono-ptb.safetensors", text, 0, 1, 7
    )
    width, painted = opened.tab.evaluate(
        """() => {
            const canvas = document.querySelector('.map-canvas');
            const at = (t) => [...canvas.getContext('2d').getImageData(
                Math.floor(canvas.width * (t + 0.5) / 373),
                Math.floor(canvas.height * 7.5 / 12), 1, 1).data];
            return [canvas.width, Array.from({ length: 373 }, (_, t) => at(t))];
        }"""
    )
    for t, colour in enumerate(painted):
        # A pixel shows the character at its left edge, and the strongest of all that end within.
        pixel = int(width * (t + 0.5) / 373)
        first = pixel * 373 // width
        shared = values[first : max(first + 1, (pixel + 1) * 373 // width)]
        assert matches(colour, max(shared, key=abs), steps)
    opened.tab.click("#zoom-in")
    opened.tab.wait_for_function(
        "() => !document.querySelector('#range').textContent.includes('all')"
    )
    # A touch that becomes a scroll, as the browser tells it, is none of the map's.
    seen = opened.tab.inner_text("#range")
    for target in (".map-frame", ".minimap"):
        opened.tab.evaluate(
            """async (target) => {
                const node = document.querySelector(target);
                const { left, top, width } = node.getBoundingClientRect();
                const tell = (kind, share, on) => on.dispatchEvent(new PointerEvent(kind, {
                    bubbles: true, clientX: left + share * width, clientY: top + 5,
                }));
                tell('pointerdown', 0.5, node);
                tell('pointercancel', 0.5, node);
                for (const share of [0.45, 0.4]) tell('pointermove', share, document.body);
                tell('pointerup', 0.4, document.body);
                for (let k = 0; k < 3; k += 1) await new Promise(requestAnimationFrame);
            }""",
            target,
        )
        assert opened.tab.inner_text("#range") == seen, target
    assert opened.said == []


def test_the_map_has_one_scale_and_its_legend_says_which(opened):
    opened.tab.select_option("#scale", "cell")
    sync_api.expect(opened.tab.locator("#legend")).to_contain_text("+max")
    opened.tab.click("#tab-map")
    sync_api.expect(opened.tab.locator("#legend")).to_contain_text("+0.5")
    sync_api.expect(opened.tab.locator("#scale")).to_be_hidden()
    opened.tab.click("#tab-figure")
    sync_api.expect(opened.tab.locator("#legend")).to_contain_text("+max")


def test_the_strip_of_the_whole_text_stays_while_one_zooms_and_follows_the_text(opened):
    opened.tab.click("#tab-map")
    opened.settle()
    strip = """() => {
        const { width, height } = document.querySelector('#mini');
        const pen = document.querySelector('#mini').getContext('2d');
        return pen.getImageData(0, 0, width, height).data.join();
    }"""
    before = opened.tab.evaluate(strip)
    assert len(set(before.split(","))) > 10
    opened.tab.click("#zoom-in")
    opened.settle()
    sync_api.expect(opened.tab.locator("#mini-window")).to_have_attribute(
        "style", re.compile("width: 50%")
    )
    assert opened.tab.evaluate(strip) == before
    opened.write("there were no buyers")
    opened.tab.wait_for_function(f"before => ({strip})() !== before", arg=before)


def test_one_cell_is_explained_by_equations_that_hold(opened, checkpoints):
    opened.tab.locator("#blocks-0 .cell").nth(4).click()
    opened.tab.wait_for_selector("#cell-0 .equation")
    sync_api.expect(opened.tab.locator("#pick")).to_have_value("2")
    opened.tab.locator(".block .view").first.click(position={"x": 60, "y": 8})
    opened.tab.wait_for_selector("#where b")
    position = int(opened.tab.inner_text("#where b").split()[1])
    opened.tab.wait_for_function(
        f"() => document.querySelector('.equations-at').textContent.includes(' {position} ')"
    )
    said = opened.tab.eval_on_selector_all(
        "#cell-0 .equation", "all => all.map(e => e.querySelector('b').textContent)"
    )
    drawn = [
        opened.tab.text_content(f'#cell-0 .diagram [data-key="{key}"]')
        for key in ("0.1.c", "0.0.c", "0.0.out")
    ]
    assert drawn == said
    trace = load_checkpoint(checkpoints / "nested-chrono-ptb.safetensors").trace(
        opened.tab.input_value("#text")
    )
    truth = [trace.c[position, 0, 1, 2], trace.c[position, 0, 0, 2], trace.h[position, 0, 2]]
    assert [float(v.replace("−", "-")) for v in said] == pytest.approx(
        [float(v) for v in truth], abs=6e-4
    )
    assert opened.said == []


def test_predictions_are_the_models_own(opened, checkpoints):
    opened.tab.click("#tab-predictions")
    sync_api.expect(opened.tab.locator("#verdict")).to_contain_text("Bits per character")
    text = opened.tab.input_value("#text")
    for panel, name in enumerate(("nested-chrono-ptb", "stacked-ptb")):
        model = load_checkpoint(checkpoints / f"{name}.safetensors")
        scores = torch.log_softmax(torch.tensor(model.trace(text).logits), -1)
        symbols = torch.tensor(model.vocabulary.encode(text))
        bits = -scores[:-1].gather(1, symbols[1:, None]).mean() / torch.log(torch.tensor(2.0))
        said = opened.tab.inner_text("#verdict")
        found = re.search(rf"{'AB'[panel]} (\d+\.\d+)", said)
        assert found is not None
        assert float(found[1]) == pytest.approx(float(bits), abs=6e-4)
        assert "over the 372 characters" in said
    assert opened.said == []


def test_an_exported_table_holds_the_models_values_and_its_checksum(opened, checkpoints):
    opened.tab.click("#export summary")
    with opened.tab.expect_download() as download:
        opened.tab.click("[data-export=csv]")
    lines = Path(download.value.path()).read_text().splitlines()
    table = [line for line in lines if not line.startswith("#")]
    model = load_checkpoint(checkpoints / "nested-chrono-ptb.safetensors")
    assert any(model.sha256 in line for line in lines)
    display = model.trace(PASSAGE).display
    for position in (0, 17, 372):
        row = table[1 + position].split(",")
        assert row[0] == str(position)
        inner = [float(value) for value in row[2:9]]
        assert inner == pytest.approx([float(v) for v in display[position, 0, 1, :7]], abs=2e-6)


def test_an_exported_picture_says_the_command_that_draws_it_again(
    opened, checkpoints, tmp_path, monkeypatch
):
    opened.tab.fill("#cells", "9,2-3")
    opened.settle()
    opened.tab.click("#export summary")
    with opened.tab.expect_download() as download:
        opened.tab.click("[data-export=svg]")
    about = ElementTree.parse(download.value.path()).find("{http://www.w3.org/2000/svg}desc").text
    command = re.search("Draw it again: (.*)", about)[1]
    text = json.loads(re.search(r"Text \(text.txt\): (.*)", about)[1])
    assert text == PASSAGE
    (tmp_path / "text.txt").write_text(text)
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(checkpoints))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    python, *rest = command.split()
    assert python == "python"
    subprocess.run([sys.executable, *rest], cwd=tmp_path, check=True)
    words = [
        (t.text or "").split()
        for t in ElementTree.parse(tmp_path / "figure.svg").iter("{http://www.w3.org/2000/svg}text")
    ]
    for name in ("nested-chrono-ptb:", "stacked-ptb:", "9", "2", "3"):
        assert any(name in word for word in words), name


def test_the_table_opens_with_numbers(opened):
    tab = opened.tab
    for view in ("figure", "map", "cell", "predictions"):
        tab.click(f"#tab-{view}")
        opened.settle()
        tab.click("#table-button")
        tab.wait_for_function(
            "() => [...document.querySelectorAll('#table td')]"
            ".some(td => /\\d/.test(td.textContent))"
        )
        sync_api.expect(tab.locator("#where b")).to_have_text("position 372")
        tab.click("#table-button")
        tab.focus("#figure")
        tab.keyboard.press("Escape")
        sync_api.expect(tab.locator("#where b")).to_have_count(0)


def test_a_block_that_comes_into_sight_tells_the_character_that_is_pinned(opened):
    tab, expect = opened.tab, sync_api.expect
    tab.set_viewport_size({"width": 1366, "height": 500})
    tab.fill("#cells", "0-11")
    opened.settle()
    last = tab.locator("#blocks-0 .block").last
    first = tab.locator("#blocks-0 .block").first
    last.scroll_into_view_if_needed()
    last.locator(".view").click(position={"x": 40, "y": 10})
    expect(last.locator(".reading.exact")).to_have_count(1)
    before = last.locator(".reading").inner_text()
    first.scroll_into_view_if_needed()
    tab.evaluate("scrollTo(0, 0)")
    tab.wait_for_timeout(200)
    first.locator(".view").click(position={"x": 200, "y": 10})
    expect(first.locator(".reading.exact")).to_have_count(1)
    last.scroll_into_view_if_needed()
    expect(last.locator(".reading.exact")).to_have_count(1)
    expect(last.locator(".reading")).not_to_have_text(before)


def test_the_map_numbers_its_rows_and_zooms_about_the_character_pinned(opened):
    tab = opened.tab
    tab.click("#tab-map")
    frame = tab.locator(".map-frame").first
    frame.click(position={"x": 40, "y": 50})
    # Beside the rows stand numbers.
    inked = """([canvas]) => canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0)"""
    assert tab.locator(".map-numbers").evaluate_all(inked)

    def place() -> float:
        return frame.evaluate("frame => parseFloat(frame.style.getPropertyValue('--left'))")

    before = place()
    tab.focus("#figure")
    tab.keyboard.press("+")
    tab.wait_for_function("() => document.querySelector('#range').textContent.includes('to')")
    tab.wait_for_timeout(200)
    wide = frame.evaluate("frame => parseFloat(frame.style.getPropertyValue('--wide'))")
    assert abs(place() - before) <= wide
