"""Which predicts better, a Nested or a Stacked LSTM: the pairs, their differences, who wins."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest

from experiments.report.pairs import difference, pairs, sheet, summary
from experiments.results import PAGE, load_results
from experiments.train.settings import Settings

FINDINGS = Path(__file__).parents[3] / "docs" / "explanation" / "findings.md"
STACKED = {"layers": 2, "depth": 1}


def runs(bits, *, scores=None, first=1, **settings):
    """One run a seed, in order."""
    return [
        {
            "name": f"run-{settings}-{seed}",
            "experiment": "ptb",
            "data": "ptb",
            "parameters": 1000,
            "settings": asdict(Settings(seed=seed, **settings)),
            "scores": {
                "test_bpc_reset": value,
                "test_bpc": 99.0,
                "saturated": 0.0,
                **(scores or {}),
            },
        }
        for seed, value in enumerate(bits, first)
    ]


def ours(*some):
    return [pair for pair in pairs([run for each in some for run in each]) if not pair["paper"]]


def test_a_difference_is_paired_by_seed_and_relative():
    (pair,) = ours(runs([1.8, 2.2]), runs([2.0, 2.0, 7.0], **STACKED))
    assert (pair["nested"], pair["stacked"]) == (2.0, 2.0)  # the third seed has no counterpart
    assert [pair["low"], pair["percent"], pair["high"]] == pytest.approx([-10, 0, 10])
    assert difference(pair) == "0.0 %, −10.0 to +10.0"
    assert pair["words"] == "1,000 parameters; 3 epochs; 2 seeds"


def test_a_pair_has_one_recipe():
    """A penalty on Nested LSTMs alone, another rate or size is another training."""
    nested = [runs([1.0], penalty=0.1, penalty_on="nested"), runs([1.0], learning_rate=0.1)]
    stacked = runs([1.0], penalty=0.1, penalty_on="nested", **STACKED)
    assert not ours(*nested, stacked)
    assert not ours(runs([1.0], hidden=8), runs([1.0], hidden=9, **STACKED))
    assert not ours(runs([1.0]), runs([1.0], layers=3, depth=1), runs([1.0], layers=1, depth=1))
    assert not ours(runs([1.0]), runs([1.0], first=2, **STACKED))  # no seed in common
    (pair,) = ours(runs([1.0], learning_rate=0.1), runs([1.0], learning_rate=0.1, **STACKED))
    assert "learning rate 0.1" in pair["words"]


def test_a_run_without_scores_is_left_out():
    unscored = runs([1.0], **STACKED)
    unscored[0]["scores"] = {}
    assert not ours(runs([1.0]), unscored)
    for run in (known := runs([1.0]), *(others := [runs([2.0], **STACKED)])):
        del run[0]["scores"]["saturated"]
    assert ours(known, *others)[0]["alike"]


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


@pytest.mark.parametrize(
    ("nested", "stacked", "shares", "told"),
    [
        ([1.8, 1.9], [2.0, 2.0], (0.0, 0.05), "none and the Nested LSTM in 1, and none are"),
        ([2.2, 2.1], [2.0, 2.0], (0.0, 0.0), "1 and the Nested LSTM in none, and none are"),
        ([1.8, 2.1], [2.0, 2.0], (0.0, 0.0), "none and the Nested LSTM in none, and 1 is"),
        ([1.999] * 2, [2.0, 2.0], (0.0, 0.0), "none and the Nested LSTM in none, and 1 is"),
        ([1.8, 1.9], [2.0, 2.0], (1.0, 0.4), "none and the Nested LSTM in none, and none are"),
    ],
)
def test_a_pair_is_won_if_the_seeds_agree_and_saturation_does_not_decide(
    nested, stacked, shares, told
):
    found = ours(
        runs(nested, scores={"saturated": shares[0]}),
        runs(stacked, scores={"saturated": shares[1]}, **STACKED),
    )
    assert f"the Stacked LSTM predicts better in {told} level. Of the 0 with" in summary(found)
    assert difference(found[0]).startswith("(") == (shares == (1.0, 0.4))


def test_the_page_and_the_findings_have_all_pairs_of_the_runs():
    results = load_results()
    found, told = pairs(results), json.loads(PAGE.read_text())["pairs"]
    assert told["summary"] == summary(found)
    assert summary(found) in FINDINGS.read_text()
    lines = sheet(results)["lines"]
    assert [row["difference"] for row in told["rows"]] == [line["cells"][-1] for line in lines]
    shown = {name for row in told["rows"] for name in row["names"]}
    assert {"nested-ptb", "drift-nested", "poetry-lstm-2x32", "glimpses-nlstm-75"} <= shown


def test_single_seeds_of_the_search_come_last():
    found = pairs(load_results())
    searched = [pair["searched"] for pair in found]
    assert searched == sorted(searched)
    names = {name for pair in found if pair["searched"] for name in pair["names"]}
    assert "search-nested-drift-1" in names
    assert not names & {"drift-nested", "rate-0.02-nested", "nested-chrono-ptb"}
