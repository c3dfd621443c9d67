"""The figure and the table of how cells run away are those of the curves kept."""

import json
import runpy
import sys
from xml.etree import ElementTree

import pytest

from experiments.report.runaway import ROWS, figure
from experiments.runaway import FIGURE, HERE, OUT, table

CURVES = json.loads(OUT.read_text())["curves"]
FINDINGS = HERE.parent / "docs" / "explanation" / "findings.md"


def test_the_findings_show_the_curves_that_are_kept():
    assert FIGURE.read_text() == figure(CURVES)
    assert table(CURVES) in FINDINGS.read_text()


def test_every_curve_is_drawn_to_scale():
    """The last point of each line stands where its value is between the ends of its axis."""
    curves = {
        "Net <1>": [{"name": "zero", "updates": [0, 10], **{key: [0.0, 0.5] for key, *_ in ROWS}}]
    }
    root = ElementTree.fromstring(figure(curves))
    svg = "{http://www.w3.org/2000/svg}"
    lines = root.findall(f"{svg}polyline")
    axes = [path.get("d") for path in root.findall(f"{svg}path")]
    assert len(lines) == len(axes) == len(ROWS)
    for (_, _, most), line, axis in zip(ROWS, lines, axes, strict=True):
        top, bottom = (float(part) for part in axis.split(" ")[1].split("H")[0].split("V"))
        height = float(line.get("points").split(",")[-1])
        share = (bottom - height) / (bottom - top)
        assert abs(share - 0.5 / (most or 0.5)) < 0.01
    assert "Net <1>" in [text.text for text in root.iter(f"{svg}text")]


def test_the_start_is_unbiased_in_what_is_kept():
    """What the page says of the two starts, in the numbers."""
    for curves in CURVES.values():
        zero, frequency = curves
        assert (zero["name"], frequency["name"]) == ("zero", "frequency")
        assert zero["gradient_constant"][0] > 10 * frequency["gradient_constant"][0]
        assert max(frequency["saturated"]) < 0.5 < zero["saturated"][-1]


@pytest.mark.parametrize("option", ["--out", "--figure"])
def test_a_result_that_could_not_be_written_is_refused_before_the_training(
    tmp_path, monkeypatch, option
):
    monkeypatch.setattr(sys, "argv", ["runaway", option, str(tmp_path / "none" / "file")])
    monkeypatch.delitem(sys.modules, "experiments.runaway")
    with pytest.raises(SystemExit, match=f"error: {option} .* cannot be written"):
        runpy.run_module("experiments.runaway", run_name="__main__")
