"""The few cells with a long memory: what a median hides, the 95th and 99th percentile tell."""

import json
from pathlib import Path

import numpy as np
import pytest
from planted_networks import leaky_lstm, letters

from analysis.timescales import curves, measurement, report, table
from analysis.timescales.bootstrap import Estimates

CHECKPOINTS = Path(__file__).parents[3] / "checkpoints"


def test_two_slow_cells_of_thirty_are_told_with_their_interval():
    model = leaky_lstm([3.0] * 28 + [40.0] * 2)
    settings = measurement.Settings(resamples=200)
    measured = measurement.measure(model, letters(10_500), settings)
    result = report.report("toy", model, "letters", settings, measured)
    (curve,) = (
        c
        for c in result["curves"]
        if c["measure"] == "context_swap" and c.get("level") == 0 and c["value"] == "read"
        if "counts" in c
    )
    assert curve["tau"]["0.5"] == pytest.approx(3, rel=0.15)
    for q in ("0.95", "0.99"):
        tau, low, high = curve["slowest"][q]
        assert tau == pytest.approx(40, rel=0.15)
        assert low <= tau <= high < 80
    (row,) = table.slowest_rows(result)
    assert f"{curve['slowest']['0.99'][1]:.3g}" in row
    assert row.endswith("| 1 of 30 |") or row.endswith("| 2 of 30 |")


@pytest.mark.parametrize("q", curves.SLOWEST)
def test_the_interval_of_an_extreme_quantile_holds_its_estimate(q):
    """Units that are all alike: noise alone spreads their resamples, the slowest far out."""
    alike = np.full(200, 10.0)
    samples = (alike * np.exp(np.random.default_rng(0).normal(0, 0.2, (500, 200)))).astype("f4")
    found = Estimates(np.ones((3, 200)), alike, alike, alike, samples, 400.0, 40, {})
    assert np.quantile(samples, q, axis=1).min() > 11
    tau, low, high = curves._over_text(found, alike > 0, q)
    assert (tau, low) == (10, 10)
    assert high > 12


def test_the_slowest_twentieth_is_looked_for_in_all_memories_together():
    """Against numpy, of a shipped file."""
    result = json.loads((CHECKPOINTS / "stacked-ptb.timescales.json").read_text("utf-8"))
    rows = [
        row
        for row in result["units"]
        if row["measure"] == "context_swap" and row["value"] == "read" and row["state"] == "c"
        if row["status"] == "ok"
    ]
    taus = np.array([row["tau"] for row in rows])
    few = np.sort(taus)[-(len(taus) // 20) :]
    told = table.slowest_rows(result)
    assert len(told) == 2
    for layer, line in zip((0, 1), told, strict=True):
        mine = np.array([row["tau"] for row in rows if row["layer"] == layer])
        assert f"| {np.sum(mine >= few[0])} of {len(mine)} |" in line
        assert f"| {np.quantile(mine, 0.95, method='nearest'):.3g} [" in line


def test_the_slowest_cells_of_a_gru_are_told():
    """Against numpy, of a shipped file: it has h and no c."""
    result = json.loads((CHECKPOINTS / "gru-war-and-peace.timescales.json").read_text("utf-8"))
    taus = [
        row["tau"]
        for row in result["units"]
        if (row["measure"], row["value"], row["status"]) == ("context_swap", "read", "ok")
    ]
    (told,) = table.slowest_rows(result)
    assert f"{np.quantile(taus, 0.95, method='nearest'):.3g} [" in told
    few = np.sort(taus)[-(len(taus) // 20)]
    assert told.endswith(f"| {np.sum(taus >= few)} of {len(taus)} |")


def test_a_large_network_lists_the_timescale_of_every_cell(monkeypatch):
    """What does not fit into the file are cells of other measures."""
    model = leaky_lstm([3.0] * 28 + [40.0] * 2)
    settings = measurement.Settings(resamples=20)
    measured = measurement.measure(model, letters(10_500), settings)
    whole = report.report("toy", model, "letters", settings, measured)
    assert whole["settings"]["every_nth_unit"] == 1
    rows = len(whole["units"])
    monkeypatch.setattr(
        report, "MOST_BYTES", report.CURVES_BYTES + int(0.7 * rows * report.BYTES_A_ROW)
    )
    small = report.report("toy", model, "letters", settings, measured)
    stride = small["settings"]["every_nth_unit"]
    assert stride == 2
    assert small["units"] == [
        row
        for row in whole["units"]
        if row["measure"] == "context_swap" or row["unit"] is None or row["unit"] % stride == 0
    ]
    assert len(small["units"]) <= 0.7 * rows
    assert table.slowest_rows(small) == table.slowest_rows(whole)
    # Where the primary measure alone would fill the file, it is thinned as well.
    monkeypatch.setattr(
        report, "MOST_BYTES", report.CURVES_BYTES + int(0.2 * rows * report.BYTES_A_ROW)
    )
    least = report.report("toy", model, "letters", settings, measured)
    stride = least["settings"]["every_nth_unit"]
    assert least["units"] == [
        row for row in whole["units"] if row["unit"] is None or row["unit"] % stride == 0
    ]
    assert 0.1 * rows < len(least["units"]) <= 0.2 * rows + 2


def test_the_shipped_large_networks_list_every_cell():
    for name, memories in (("stacked-600-ptb", 2), ("nested-600-ptb", 2)):
        result = json.loads((CHECKPOINTS / f"{name}.timescales.json").read_text("utf-8"))
        told = table.slowest_rows(result)
        assert len(told) == memories
        assert all(line.endswith("of 600 |") for line in told)
        swaps = (c for c in result["curves"] if c["measure"] == "context_swap" and "counts" in c)
        for curve in swaps:
            if curve["value"] == "read" and curve["state"] == "c":
                for tau, low, high in curve["slowest"].values():
                    assert low <= tau <= high
