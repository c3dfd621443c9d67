"""The figure without a browser: every character on the colour of its cell's state."""

import io
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
import random_models as spot
from hypothesis import given
from hypothesis import strategies as st

from analysis.figure import layout, svg
from analysis.figure.palettes import palette
from app.__main__ import main

TEXT = "don't panic.\nthe <R> end of it all, said zoë & co\n\n  \u4e00\u4e8c e\u0301 😀 done"
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments, **more):
    command = [sys.executable, "-m", "app", "figure", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def stripes(svg):
    """The rectangles behind the characters: (x, y, width, fill)."""
    root = ElementTree.fromstring(svg)
    return [
        (float(r.get("x")), float(r.get("y")), float(r.get("width")), r.get("fill"))
        for r in root.iter(f"{SVG}rect")
        if r.get("x")
    ]


def fill_at(found, x, y):
    """The colour under a point; exactly one stripe holds it."""
    (fill,) = {
        fill for left, top, width, fill in found if left <= x < left + width and top <= y < top + 17
    }
    return fill


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("checkpoints")
    spot.write_checkpoints(made)
    return made


@pytest.fixture
def draw(folder, monkeypatch, capsys):
    """Runs the command here; text: what it reads from the standard input."""
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(folder))

    def drawn(*arguments, text=None):
        if text is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        monkeypatch.setattr(sys, "argv", ["app", "figure", *map(str, arguments)])
        main()
        assert capsys.readouterr().err == ""

    return drawn


@pytest.mark.parametrize("name", ["nested", "deep", "lstm", "stacked", "gru"])
@pytest.mark.parametrize("scale", ["fixed", "cell"])
def test_every_character_lies_on_its_state(name, scale, draw, tmp_path):
    (tmp_path / "text.txt").write_text(TEXT, newline="")
    out = tmp_path / "figure.svg"
    draw(
        *("--model", name, "--text", tmp_path / "text.txt", "--cells", "3-1,0", "--scale", scale),
        *("--columns", "24", "--palette", "safe", "--theme", "dark", "--out", out),
    )
    found = stripes(out.read_text())
    trace = spot.model(name).trace(TEXT)
    layers, depth = trace.c.shape[1:3]
    if not depth:
        shown = [trace.h[:, layer] for layer in reversed(range(layers))]
    elif layers == depth == 1:
        shown = [np.tanh(trace.c[:, 0, 0]), trace.h[:, 0]]
    else:
        shown = [
            np.tanh(trace.c[:, layer, level]) if level == depth - 1 else trace.c[:, layer, level]
            for layer in reversed(range(layers))
            for level in reversed(range(depth))
        ]
    at = layout.places(TEXT, 24)
    steps = palette("safe", "dark").steps
    block = at.columns * svg.ADVANCE + svg.GAP
    for m, values in enumerate(shown):
        for k, cell in enumerate([3, 2, 1, 0]):
            row = values[:, cell]
            if scale == "cell":
                row = row / np.abs(row).max()
            top = svg.GAP + 14 + k * (svg.TITLE + at.rows * svg.LINE + 12) + svg.TITLE
            for t in range(len(TEXT)):
                if at.width[t] == 0:
                    continue
                x = svg.GAP + m * block + (at.column[t] + at.width[t] / 2) * svg.ADVANCE
                y = top + at.row[t] * svg.LINE + 8
                assert fill_at(found, x, y) == steps[127 + round(127 * float(row[t]))]


def test_the_text_of_the_file_is_the_text(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(folder))
    out = tmp_path / "figure.svg"
    done = run("--model", "nested", "--text", "-", "--cells", "0", "--out", out, input=TEXT)
    assert (done.returncode, done.stderr) == (0, "")
    root = ElementTree.fromstring(out.read_text())
    lines = [t for t in root.iter(f"{SVG}text") if "Mono" in t.get("font-family")]
    spans = [span for line in lines for span in ([line] if line.get("x") else line)]
    inked = "".join(TEXT.split())
    assert "".join(span.text for span in spans) == inked * 2  # two memories
    for span in spans:  # a letter with its marks, or an emoji, has one place
        assert len(span.get("x").split()) in (1, len(span.text.encode("utf-16-le")) // 2)
    assert {span.text for span in spans if " " not in span.get("x")} >= {"e\u0301", "😀"}
    assert spot.model("nested").trace(TEXT).text in TEXT
    assert "sha256" in root.find(f"{SVG}desc").text


def test_without_cells_the_first_seven_are_drawn_or_all_of_fewer(draw, tmp_path):
    out = tmp_path / "figure.svg"
    draw(*("--model", "deep", "--model", "nested"), "--text", "-", "--out", out, text="abc")
    words = [t.text for t in ElementTree.fromstring(out.read_text()).iter(f"{SVG}text")]
    drawn = {int(word) for word in words if word.isdigit()}
    assert spot.SIZES["deep"][2] == 5
    assert drawn == set(range(7))


def test_two_models_stand_side_by_side_with_their_own_cells(draw, tmp_path):
    out = tmp_path / "figure.svg"
    two = ("--model", "nested", "--model", "stacked", "--cells", "0", "--cells", "7,8")
    draw(*two, "--text", "-", "--out", out, text="abc")
    words = [t.text for t in ElementTree.fromstring(out.read_text()).iter(f"{SVG}text")]
    assert [word for word in words if word.isdigit()] == ["0", "0", "7", "8", "7", "8"]
    assert words[:4] == [
        "nested: inner tanh(c\u0303)",
        "nested: outer c",
        "stacked: layer 2 tanh(c)",
        "stacked: layer 1 tanh(c)",
    ]


def test_a_model_stands_beside_itself_changed(draw, tmp_path):
    """A memory held far up is the strongest colour from there on, and only where it is held."""
    out = tmp_path / "figure.svg"
    held = '[{"layer": 0, "level": 1, "cells": [2], "set": 30, "from": 3}]'
    twice = ("--model", "nested", "--model", "nested", "--cells", "2")
    changes = ("--interventions", "[]", "--interventions", held)
    draw(*twice, *changes, "--text", "-", "--out", out, text="abcdef")
    found = stripes(out.read_text())
    own = spot.model("nested").trace("abcdef").display[:, 0, 1, 2]
    steps = palette("paper", "light").steps
    block = layout.places("abcdef", 60).columns * svg.ADVANCE + svg.GAP
    y = svg.GAP + 14 + svg.TITLE + 8
    for t in range(6):
        fills = [
            fill_at(found, svg.GAP + 2 * sheet * block + (t + 0.5) * svg.ADVANCE, y)
            for sheet in (0, 1)
        ]
        natural = steps[127 + round(127 * float(own[t]))]
        assert fills == [natural, steps[254] if t >= 3 else natural]
    about = ElementTree.fromstring(out.read_text()).find(f"{SVG}desc").text
    assert 'changed by [{"layer": 0, "level": 1, "cells": [2], "set": 30, "from": 3}]' in about


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "other"], "there is no model 'other'"),
        (["--model", "../nested"], "there is no model '../nested'"),
        (["--model", "glimpses"], "reads no text"),
        (["--model", "nested", "--cells", "9"], "cells are numbered 0 to 8"),
        (["--model", "nested", "--cells", "x"], "'x' is not a cell number"),
        (["--model", "nested", "--cells", "1", "--cells", "2"], "is given 2 times, expected 1"),
        (["--model", "nested", "--interventions", "{}"], "must be a JSON list"),
        (["--model", "nested", "--interventions", "[4"], "must be a JSON list"),
        (["--model", "nested", "--interventions", "[{}]"], "exactly one of set, scale and add"),
        (
            ["--model", "nested", "--interventions", "[]", "--interventions", "[]"],
            "is given 2 times, expected 1",
        ),
        (["--model", "nested", "--columns", "3"], "3 columns are too few"),
        (["--model", "nested", "--palette", "pink"], "palette 'pink'"),
        (["--model", "nested", "--text", "/nowhere"], "cannot read /nowhere"),
        (["--model", "nested", "--out", "/nowhere/f.svg"], "cannot write /nowhere/f.svg"),
        (["--model", "nested", "--out", "."], "cannot write .: it is a folder"),
        (["--model", "nested", "--out", ".."], "cannot write .."),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    arguments, said, folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(folder))
    (tmp_path / "text.txt").write_text("abc")
    usual = ["--text", str(tmp_path / "text.txt"), "--out", str(tmp_path / "figure.svg")]
    monkeypatch.setattr(sys, "argv", ["app", "figure", *usual, *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    errors = capsys.readouterr().err
    assert errors.startswith("nestscope: ")
    assert said in errors
    assert errors.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]


@given(st.text(st.sampled_from("ab \n\t漢\u0301"), max_size=80), st.integers(8, 30))
def test_every_character_has_its_own_place(text, most):
    at = layout.places(text, most)
    taken = set()
    for k, character in enumerate(text):
        own = {(at.row[k], column) for column in range(at.column[k], at.column[k] + at.width[k])}
        assert not own & taken
        taken |= own
        hangs = character.isspace()
        assert at.column[k] + at.width[k] <= most + hangs
        if k:
            assert at.row[k] >= at.row[k - 1]
            assert (at.row[k] > at.row[k - 1]) or at.column[k] >= at.column[k - 1]
            assert text[k - 1] != "\n" or at.row[k] > at.row[k - 1]


def test_a_word_that_fits_is_not_broken():
    at = layout.places("one two three four", 9)
    assert at.row == [0] * 8 + [1] * 6 + [2] * 4


def test_the_notebook_figure_shows_the_exact_values():
    trace = spot.model("nested").trace(TEXT)
    drawn = trace.figure([4, 0], columns=20)
    assert len(drawn.data) == 4
    for k, cell in enumerate([4, 0]):
        for m, level in enumerate([1, 0]):
            block = drawn.data[2 * k + m]
            z, positions = np.asarray(block.z), np.asarray(block.customdata)
            shown = {int(p): z[at] for at, p in np.ndenumerate(positions) if p >= 0}
            assert np.isnan(z[positions < 0]).all()
            at = layout.places(TEXT, 20)
            assert set(shown) == {t for t in range(len(TEXT)) if at.width[t]}
            for t, value in shown.items():
                assert value == trace.display[t, 0, level, cell]
    with pytest.raises(ValueError, match="no cell was given, expected at least one"):
        trace.figure(cells=[])
