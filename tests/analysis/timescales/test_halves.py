"""The slow and the fast half of a memory, transplanted alone."""

import numpy as np
import pytest
from planted_networks import leaky_lstm, letters

from analysis.timescales import table
from analysis.timescales.halves import split
from analysis.timescales.measurement import Settings, measure
from analysis.timescales.report import report


def test_the_halves_are_equally_many_usable_cells_and_the_slow_ones_are_slower():
    tau = np.array([5.0, 1.0, np.inf, 3.0, 100.0, 2.0, 4.0])
    used = np.array([True, True, True, True, False, True, True])
    slow, fast = split(tau, used)
    assert slow == [0, 2, 6]  # 5, infinite, 4; the 100 is not usable
    assert fast == [1, 3, 5]
    used[2] = False
    slow, fast = split(tau, used)  # five: the middle one is in neither
    assert (slow, fast) == ([0, 6], [1, 5])


def test_where_only_slow_cells_are_read_the_slow_half_costs_all_and_the_fast_one_nothing():
    """No cell reads another there: what the whole memory costs is what the cells read cost."""
    model = leaky_lstm([2.0, 30.0] * 6)
    model.head.weight.data[:, ::2] = 0  # the fast ones
    measured = measure(model, letters(9_000), Settings(resamples=50, halves=True))
    whole = next(loss for loss in measured.losses["transplant"] if loss.group.members == ((0, 0),))
    slow, fast = measured.halves
    assert (slow.slow, fast.slow) == (True, False)
    assert slow.loss.group.cells == tuple(range(1, 12, 2))
    assert np.abs(whole.curve).max() > 1e-3
    np.testing.assert_allclose(slow.loss.curve, whole.curve, rtol=1e-6, atol=1e-12)
    assert np.abs(fast.loss.curve).max() < 1e-9


def test_the_report_and_its_table_tell_both_halves():
    model = leaky_lstm([2.0, 30.0] * 6)
    settings = Settings(resamples=50, halves=True)
    measured = measure(model, letters(9_000), settings)
    result = report("toy", model, "letters", settings, measured)
    assert [row["half"] for row in result["halves"]] == ["slow", "fast"]
    for row, half in zip(result["halves"], measured.halves, strict=True):
        assert row["cells"] == 6
        assert row["total"][0] == pytest.approx(half.loss.total, rel=1e-3, abs=1e-6)
    (line,) = table.half_rows(result)
    assert line.startswith("| toy | cell | 6 | ")
    whole = measure(model, letters(9_000), Settings(resamples=50))
    without = report("toy", model, "letters", settings, whole)
    assert "halves" not in without
    assert table.half_rows(without) == []
