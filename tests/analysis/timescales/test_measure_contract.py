"""The contract of a measure: one more is a file and a line, and everything knows it."""

from typing import ClassVar

import numpy as np
import pytest
from planted_networks import leaky_lstm, letters

from analysis.timescales import measurement, measures, report, table
from analysis.timescales.bootstrap import by_crossing
from analysis.timescales.decay import Sums
from analysis.timescales.measures.measure import OfUnits


class HalfWay(OfUnits):
    """A toy: every unit falls by half a character after a character, whatever it reads."""

    key = "half_way"
    label = "half way"
    question = "Does one more measure need more than a file and a line?"
    method = "Every curve is 1, a half, a quarter."
    axis = "what is left"
    seen: ClassVar[list[int]] = []

    def __init__(self, setup):
        M, H = len(setup.memories), setup.like.shape[-1]
        self.lags = setup.lags
        self.sums = Sums(setup.cut.bins, len(setup.lags), M, H, setup.like)

    def add(self, passage):
        curve = passage.seen.new_tensor(0.5**self.lags)
        shape = (len(passage.symbols), len(self.lags), *self.sums.sums.shape[2:])
        self.sums.add(passage.bins, curve[None, :, None, None].expand(shape))

    def estimate(self, weights, progress):
        sums = self.sums.sums.numpy()
        return [by_crossing(sums[:, :, m], self.lags, weights) for m in range(sums.shape[2])]


@pytest.fixture
def one_more(monkeypatch):
    monkeypatch.setattr(measures, "MEASURES", (*measures.MEASURES, HalfWay))


@pytest.mark.usefixtures("one_more")
def test_one_more_measure_is_reported_and_in_the_table():
    model, settings = leaky_lstm([2, 5, 9]), measurement.Settings(resamples=20)
    measured = measurement.measure(model, letters(8_500), settings)
    result = report.report("toy", model, "letters", settings, measured)
    rows = [row for row in result["units"] if row["measure"] == "half_way"]
    assert len(rows) == 3 * len(measured.memories)
    taus = {row["tau"] for row in rows if row["status"] == "ok"}
    assert taus == {float(f"{1 / np.log(2):.4g}")}  # a half a character: 1 / ln 2
    head, *lines = table.tables([result]).splitlines()
    column = head.split(" | ").index("half way |")
    assert "1.44 (1.44-1.44)" in lines[1].split(" | ")[column]


def test_no_name_of_a_measure_is_used_twice():
    keys = [measure.key for measure in measures.MEASURES]
    assert len(set(keys)) == len(keys)
    assert len({measure.label for measure in measures.MEASURES}) == len(keys)


def test_a_measure_is_told_to_the_page_whole():
    for measure in measures.MEASURES:
        assert all(value != "" for value in measure.card().values())
