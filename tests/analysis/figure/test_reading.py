"""A trace in a notebook: what is coloured is what the cells hold, and nothing leaves its place."""

import base64
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from browser import CHROMIUM, needs_chromium

from analysis.figure.map import to_html as map_of
from analysis.figure.palettes import palette
from models import CharacterModel, Vocabulary, load_checkpoint, save_checkpoint, trace_module

TEXT = 'a <b>& "quote" \']]>\n\t</script><!-- 😀 e\u0301 '


def model(layers=1, depth=2, cell="lstm", hidden=24, seed=0):
    torch.manual_seed(seed)
    made = CharacterModel(Vocabulary("\n \"&'<>/abcdeiopqrstu"), layers, depth, hidden, cell)
    made.initialise(5.0)
    return made


class Page(HTMLParser):
    """The blocks of coloured letters, the scripts and the addresses of a piece of HTML."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.blocks, self.scripts, self.addresses, self.tags, self.inside = [], [], [], set(), None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.inside = tag
        self.tags.add(tag)
        self.addresses += [v for k, v in attributes if k in ("src", "href", "srcset")]
        if given.get("class") == "ns-text":
            self.blocks.append([])
        if tag == "i":
            self.blocks[-1].append([int(given["class"][1:]), ""])
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "i":
            self.blocks[-1][-1][1] += data
        if self.inside == "script":
            self.scripts[-1] += data


def values_of(about):
    flat = np.frombuffer(base64.b64decode(about["values"]), np.int8)
    return flat.reshape(len(about["rows"]), len(about["letters"]))


@pytest.mark.parametrize(
    ("layers", "depth", "cell"), [(1, 2, "lstm"), (2, 1, "lstm"), (1, 1, "lstm"), (2, 1, "gru")]
)
def test_every_letter_lies_on_its_value(layers, depth, cell):
    trace = model(layers, depth, cell).trace(TEXT)
    page = Page(trace.html(cells=[7, 0]))
    about = json.loads(page.scripts[0])
    assert "".join(about["letters"]) == TEXT
    shown = [(row["group"], row["name"]) for row in about["rows"]]
    assert shown == [(m.label, f"cell {k}") for m in trace.memories for k in (7, 0)]
    wanted = []
    for memory in trace.memories:
        states = (
            trace.h[:, memory.layer]
            if memory.level is None
            else trace.display[:, memory.layer, memory.level]
        )
        wanted += [states[:, 7], states[:, 0]]
    wanted = np.rint(127 * np.array(wanted))
    np.testing.assert_array_equal(values_of(about), wanted)
    for block, row in zip(page.blocks, (0, 2), strict=False):
        assert "".join(letter for _, letter in block) == TEXT.replace("\n", "↵\n")
        assert [step - 127 for step, _ in block] == wanted[row].tolist()


def test_text_cannot_leave_its_place():
    page = Page(model().trace(TEXT)._repr_html_())
    assert page.tags == {"div", "style", "p", "fieldset", "legend", "button", "i", "script", "br"}
    assert page.addresses == []
    assert len(page.scripts) == 2


def test_it_is_small_and_fetches_nothing():
    trace = model(hidden=300).trace("abc di\n" * 150)
    html = trace._repr_html_()[:]
    assert len(trace.text) >= 1000
    assert len(json.loads(Page(html).scripts[0])["rows"]) == 20
    assert len(html.encode()) < 300_000
    assert not re.search(r"https?:|@import|url\(|\bsrc|\bhref|fetch|import\(", html)


def test_the_liveliest_cells_are_offered():
    made = model(hidden=24)
    trace = made.trace("abc di\n" * 9)
    rows = json.loads(Page(trace._repr_html_()).scripts[0])["rows"]
    inner = [int(row["name"].split()[1]) for row in rows if "inner" in row["group"]]
    spread = trace.display[:, 0, 1].std(axis=0)
    assert inner == sorted(range(24), key=lambda k: -spread[k])[:10]


def test_every_step_of_both_palettes_is_in_the_style():
    html = model().trace("a")._repr_html_()
    light, dark = palette("paper", "light"), palette("paper", "dark")
    for k in range(255):
        assert (
            f".q{k}{{background:{light.steps[k]};background:light-dark({light.steps[k]},{dark.steps[k]})}}"
            in html
        )


def test_a_long_text_is_shown_in_part_and_says_so():
    trace = model().trace("abcdi" * 1000)
    about = json.loads(Page(trace.html(start=100)).scripts[0])
    assert (about["first"], len(about["letters"])) == (100, 2000)
    assert "characters 100 to 2,099 are shown" in trace.html(start=100)
    with pytest.raises(
        ValueError, match="there is no character 5000: characters are numbered 0 to 4999"
    ):
        trace.html(start=5000)
    with pytest.raises(ValueError, match="no cell 24"):
        trace.html(cells=[24])


@pytest.mark.parametrize("text", ["", "a", "☃"])
def test_short_texts_have_a_page(text):
    trace = model().trace(text)
    about = json.loads(Page(trace._repr_html_()).scripts[0])
    assert about["letters"] == list(text)
    assert f"{len(text)} characters" in repr(trace)


def test_reprs_say_what_a_thing_is(tmp_path):
    save_checkpoint(tmp_path / "mine.safetensors", model(2, 2))
    loaded = load_checkpoint(tmp_path / "mine.safetensors")
    assert repr(loaded) == (
        "CharacterModel mine: Nested LSTM of depth 2, 2 layers, 24 cells, 21 symbols, "
        f"{loaded.parameters_count:,} parameters"
    )
    held = [{"layer": 0, "level": 0, "set": 1.0}]
    assert repr(loaded.trace("abc", interventions=held)) == (
        "Trace of 3 characters by mine: Nested LSTM of depth 2, 2 layers, 24 cells, "
        "under 1 intervention"
    )
    assert repr(model(1, 1).trace("")) == "Trace of 0 characters: LSTM, 24 cells"
    assert (
        repr(model(3, 1, "gru").trace("ab")) == "Trace of 2 characters: GRU of 3 layers, 24 cells"
    )
    assert repr(Vocabulary("abc")) == "Vocabulary of 3 symbols: 'a' 'b' 'c'"


def test_surprisal_is_that_of_the_text():
    made = model()
    trace = made.trace("ab☃abba")
    symbols = torch.tensor(made.vocabulary.encode("ab☃abba"))
    logs = torch.from_numpy(trace.logits).double().log_softmax(-1)
    for t in range(7):
        if t in (0, 2):
            assert np.isnan(trace.surprisal[t])
        else:
            wanted = -logs[t - 1, symbols[t]] / np.log(2)
            assert trace.surprisal[t] == pytest.approx(float(wanted), abs=1e-5)
    assert trace.bits_per_character == pytest.approx(float(np.nanmean(trace.surprisal)))


def test_two_traces_side_by_side():
    made = model()
    held = [{"layer": 0, "level": 1, "cells": [3], "set": 2.0, "from": 5}]
    one, other = made.trace("abc di abc"), made.trace("abc di abc", interventions=held)
    compared = one.compare(other)
    np.testing.assert_array_equal(compared.surprisal, other.surprisal - one.surprisal)
    np.testing.assert_array_equal(compared.display, other.display - one.display)
    page = Page(compared._repr_html_())
    about = json.loads(page.scripts[0])
    most = np.abs(compared.display[:, 0, 1]).max(axis=0).argmax()
    inner = [row for row in about["rows"] if row["group"] == "difference in inner tanh(c̃)"]
    assert inner[0] == {
        "group": "difference in inner tanh(c̃)",
        "name": f"cell {most}",
        "scale": 2.0,
    }
    row = about["rows"].index(inner[0])
    wanted = np.rint(127 * compared.display[:, 0, 1, most] / 2)
    np.testing.assert_array_equal(values_of(about)[row], wanted)
    bits = about["rows"][0]["scale"] * values_of(about)[0] / 127
    np.testing.assert_allclose(
        bits[1:], compared.surprisal[1:], atol=about["rows"][0]["scale"] / 250
    )
    bits = f"{one.bits_per_character:.3f} and {other.bits_per_character:.3f} bits per character"
    kind = "Nested LSTM of depth 2, 24 cells"
    assert repr(compared) == f"Comparison of {kind} and {kind}, changed over 10 characters: {bits}"


def test_two_kinds_of_networks_side_by_side():
    one, other = model(2, 1).trace("abc"), model(1, 1, "gru").trace("abc")
    compared = one.compare(other)
    assert compared.display is None
    groups = {row["group"] for row in json.loads(Page(compared._repr_html_()).scripts[0])["rows"]}
    assert "Stacked LSTM of 2 layers, 24 cells: layer 2 tanh(c)" in groups
    assert "GRU, 24 cells: hidden state h" in groups
    with pytest.raises(ValueError, match="same text: they differ at character 2"):
        one.compare(model().trace("abd"))
    with pytest.raises(ValueError, match="same text: one is longer"):
        one.compare(model().trace("abcd"))


def pixels_of(address):
    """(rows, columns) of an indexed PNG, and its palette."""
    import struct
    import zlib

    raw = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    at, parts = 8, {}
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        kind, data = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]
        assert struct.unpack(">I", raw[at + 8 + length : at + 12 + length]) == (
            zlib.crc32(kind + data),
        )
        parts[kind] = data
        at += 12 + length
    columns, rows = struct.unpack(">II", parts[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:], parts[b"PLTE"]


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_a_series_of_numbers_is_a_map(kind):
    torch.manual_seed(0)
    trace = trace_module(kind(3, 6, 2), torch.randn(2, 40, 3).cumsum(1))
    page = Page(map_of(trace))
    shown = np.tanh(trace.c[0, :, :, 0]) if kind is torch.nn.LSTM else trace.h[0]
    dark_above, light_above, dark, light = page.addresses
    for address, layer in ((light_above, 1), (light, 0), (dark_above, 1), (dark, 0)):
        pixels, colours = pixels_of(address)
        np.testing.assert_array_equal(pixels, np.rint(127 * shown[:, layer].T + 127))
        theme = "light" if address in (light, light_above) else "dark"
        assert colours.hex() == "".join(c[1:] for c in palette("paper", theme).steps)
    assert "the first sequence" in trace._repr_html_()
    assert trace_module(kind(3, 6), torch.zeros(0, 3))._repr_html_().count("img") == 0


@pytest.mark.browser
@needs_chromium[1]
def test_cells_are_picked_and_letters_answer(tmp_path):
    from playwright.sync_api import sync_playwright

    trace = model().trace(TEXT)
    page_file = tmp_path / "page.html"
    # Twice, as in a notebook with two outputs.
    page_file.write_text(
        f"<!doctype html><meta charset=utf-8>{trace._repr_html_()}{trace._repr_html_()}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="dark")
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(page_file.as_uri())
        root = page.locator(".nestscope").nth(1)
        assert root.locator("[data-row]:not(button)").count() == 2
        button = root.locator("button").nth(4)
        button.press("Enter")
        assert button.get_attribute("aria-pressed") == "true"
        third = root.locator(".ns-blocks > div").nth(1)
        cell = button.text_content()
        assert third.locator("p").first.text_content() == f"inner tanh(c̃), cell {cell}"
        assert third.locator(".ns-text").inner_text().replace("↵", "").strip() == TEXT.strip()
        third.locator("i").nth(3).hover()
        value = trace.display[3, 0, 1, int(cell)]
        said = root.locator(".ns-readout").inner_text()
        assert said == f"“b” at 3: inner tanh(c̃), cell {cell}: {round(127 * value) / 127:.2f}"
        ground = third.locator("i").nth(3).evaluate("i => getComputedStyle(i).backgroundColor")
        step = palette("paper", "dark").steps[127 + round(float(127 * value))]
        assert ground == f"rgb({int(step[1:3], 16)}, {int(step[3:5], 16)}, {int(step[5:], 16)})"
        button.click()
        assert root.locator(".ns-blocks > div").count() == 2
        assert page.locator(".nestscope").nth(0).locator(".ns-blocks > div").count() == 2
        browser.close()
    assert wrong == []
