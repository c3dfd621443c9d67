"""Which predicts better, a Nested or a Stacked LSTM: the pairs, their differences, who wins."""

import json
import math
from dataclasses import asdict

import pytest

from experiments.report.pairs import OURS, difference, pairs, sheet, summary
from experiments.results import PAGE, load_results
from experiments.train.settings import Settings


def runs(name, bits, *, score="test_bpc", saturated=0.0, **settings):
    """One run a seed, in order."""
    return [
        {
            "name": f"{name}-{seed}",
            "experiment": "ptb",
            "data": "ptb",
            "parameters": 1000,
            "settings": asdict(Settings(seed=seed, **settings)),
            "scores": {score: value, "test_bpc_reset": 99.0, "saturated": saturated},
        }
        for seed, value in enumerate(bits, 1)
    ]


def test_a_difference_is_paired_by_seed_and_relative():
    nested = runs("drift-nested", [1.8, 2.2])
    stacked = runs("drift-stacked", [2.0, 2.0, 7.0], layers=2, depth=1)
    (pair,) = pairs([*nested, *stacked])[3:]
    assert (pair["nested"], pair["stacked"]) == (2.0, 2.0)  # the third seed has no counterpart
    assert [pair["low"], pair["percent"], pair["high"]] == pytest.approx([-10, 0, 10])
    assert difference(pair) == "0.0 %, −10.0 to +10.0"
    assert pair["names"] == ["drift-nested", "drift-stacked"]
    assert "2 seeds" in pair["words"]


def test_the_papers_pairs_are_its_tables():
    found = pairs([])
    assert all(pair["paper"] and pair["alike"] for pair in found)
    assert [pair["percent"] for pair in found] == pytest.approx(
        [
            100 * (1.399 / 1.434 - 1),
            100 * (math.log(625.19) / math.log(771.88) - 1),
            100 * (0.1136 / 0.1149 - 1),
        ]
    )
    assert found[1]["nested"] == pytest.approx(math.log2(625.19))
    assert found[2]["nested"] == pytest.approx(0.1136 / math.log(2))


def test_a_state_that_was_not_carried_in_training_is_not_in_scoring():
    nested = runs("drift-nested", [1.5], carry=False)
    stacked = runs("drift-stacked", [1.5], carry=False, layers=2, depth=1)
    (pair,) = pairs([*nested, *stacked])[3:]
    assert pair["nested"] == 99


@pytest.mark.parametrize(
    ("nested", "stacked", "shares", "told"),
    [
        ([1.8, 1.9], [2.0, 2.0], (0.0, 0.05), "better once and the Stacked LSTM never; 0 are"),
        ([2.2, 2.1], [2.0, 2.0], (0.0, 0.0), "better never and the Stacked LSTM once; 0 are"),
        ([1.8, 2.1], [2.0, 2.0], (0.0, 0.0), "better never and the Stacked LSTM never; 1 is"),
        ([1.999] * 2, [2.0, 2.0], (0.0, 0.0), "better never and the Stacked LSTM never; 1 is"),
        ([1.8, 1.9], [2.0, 2.0], (1.0, 0.4), "better never and the Stacked LSTM never; 0 are"),
    ],
)
def test_a_pair_is_won_if_the_seeds_agree_and_saturation_does_not_decide(
    nested, stacked, shares, told
):
    ones = runs("drift-nested", nested, saturated=shares[0])
    others = runs("drift-stacked", stacked, saturated=shares[1], layers=2, depth=1)
    found = pairs([*ones, *others])
    assert told in summary(found)
    assert difference(found[3]).startswith("(") == (shares == (1.0, 0.4))


def test_the_page_has_all_pairs_of_the_runs():
    results = load_results()
    told = json.loads(PAGE.read_text())["pairs"]
    assert told["summary"] == summary(pairs(results))
    lines = sheet(results)["lines"]
    assert [row["difference"] for row in told["rows"]] == [line["cells"][-1] for line in lines]
    assert max(abs(row[end]) for row in told["rows"] for end in ("low", "high")) <= told["limit"]
    shown = {tuple(row["names"]) for row in told["rows"] if not row["paper"]}
    names = {run["name"].removesuffix(f"-{run['settings']['seed']}") for run in results}
    assert shown == {pair[1:] for pair in OURS if {pair.nested, pair.stacked} <= names}
