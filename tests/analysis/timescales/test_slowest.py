"""The few cells with a long memory: what a median hides, the 95th and 99th percentile tell."""

import json
from pathlib import Path

import numpy as np
import pytest
from planted_networks import leaky_lstm, letters

from analysis.timescales import measurement, report, table

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


def test_the_percentiles_of_a_large_network_are_of_all_its_cells():
    """Its file lists every second cell alone."""
    result = json.loads((CHECKPOINTS / "stacked-600-ptb.timescales.json").read_text("utf-8"))
    assert result["settings"]["every_nth_unit"] == 2
    curves = [
        curve
        for curve in result["curves"]
        if curve["measure"] == "context_swap" and curve["value"] == "read"
        if curve.get("level") == 0 and "counts" in curve
    ]
    for curve, line in zip(curves, table.slowest_rows(result), strict=True):
        tau, low, high = curve["slowest"]["0.99"]
        assert f"| {tau:.3g} [{low:.3g}, {high:.3g}] |" in line
        assert low <= tau <= high
        assert line.endswith("of 300 listed |")
