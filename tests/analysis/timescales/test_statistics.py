"""Statistics against scipy, brute force and label permutation; the verdicts' rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from analysis.timescales.comparisons import paired
from analysis.timescales.seeds import (
    across_seeds,
    inner_over_outer,
    inner_over_stacked,
    networks,
    unlike,
    unlike_inside,
)
from analysis.timescales.seeds_table import seeds_table
from analysis.timescales.statistics import (
    block_weights,
    brunner_munzel,
    cliff,
    hodges_lehmann,
    holm,
    percentile_interval,
    shift,
    sign_test,
    signed_rank,
    superiority,
)
from analysis.timescales.verdicts import verdicts

numbers = arrays(float, st.integers(10, 30), elements=st.floats(-5, 5))


def test_exchanged_labels_give_an_interval_around_nothing():
    """Inner and outer swapped at random: 95 % intervals over units cover 0 in about 95 %."""
    draw = np.random.default_rng(0)
    inner = np.exp(draw.normal(2, 1, 80))
    outer = inner * np.exp(draw.normal(0.4, 0.8, 80))
    covered = 0
    for _ in range(400):
        exchange = draw.random(80) < 0.5
        found = paired(np.where(exchange, outer, inner), np.where(exchange, inner, outer))
        covered += found["low"] <= 0 <= found["high"]
    assert 0.92 <= covered / 400 <= 0.98
    assert paired(outer, inner)["low"] > 0  # with the labels as they are, the difference is seen


def test_shifts_of_two_samples_are_covered():
    draw = np.random.default_rng(1)
    covered = 0
    for _ in range(300):
        found = shift(draw.normal(0.7, 1, 40), draw.normal(0, 1, 30))
        covered += found.low <= 0.7 <= found.high
    assert 0.92 <= covered / 300 <= 0.98


@given(numbers)
@settings(deadline=None, max_examples=30)
def test_hodges_lehmann_by_brute_force(x):
    found = hodges_lehmann(x)
    averages = [(a + b) / 2 for k, a in enumerate(x) for b in x[k:]]
    assert found.estimate == pytest.approx(np.median(averages))
    assert found.low <= found.estimate <= found.high


def test_six_seeds_have_an_exact_interval():
    """From the least to the greatest: it covers in 62 of 64, the next narrower in 60."""
    found = hodges_lehmann(np.array([1.0, 2, 4, 8, 16, 32]))
    assert (found.low, found.high) == (1, 32)


def test_counting_out_the_ranks_joins_the_approximation():
    x = np.random.default_rng(4).normal(0, 1, 19)
    exact = hodges_lehmann(x)
    walsh = np.sort([(a + b) / 2 for k, a in enumerate(x) for b in x[k:]])
    assert exact.low == pytest.approx(walsh[46])  # Hollander and Wolfe's table: n = 19
    assert exact.high == pytest.approx(walsh[-47])


@given(numbers, numbers)
@settings(deadline=None, max_examples=30)
def test_cliff_and_superiority_by_brute_force(x, y):
    signs = np.sign(x[:, None] - y[None, :])
    assert cliff(x, y) == pytest.approx(signs.mean(), abs=1e-12)
    n = min(len(x), len(y))
    assert superiority(x[:n], y[:n]) == pytest.approx((np.sign(x[:n] - y[:n]).mean() + 1) / 2)
    assert shift(x, y).estimate == pytest.approx(np.median(x[:, None] - y[None, :]))


def test_p_values_are_scipys_and_defined_at_the_edges():
    draw = np.random.default_rng(2)
    x, y = draw.normal(0.3, 1, 50), draw.normal(0, 2, 60)
    assert brunner_munzel(x, y) == pytest.approx(stats.brunnermunzel(x, y).pvalue)
    assert brunner_munzel(x + 100, y) == 0
    assert brunner_munzel(np.ones(10), np.ones(12)) == 1
    assert signed_rank(np.zeros(12)) == 1
    assert signed_rank(np.abs(x)) < 1e-6


def test_holm_steps_down():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1, 1]


def test_six_seeds_are_the_fewest_that_can_say_anything():
    assert sign_test(np.ones(6)) == pytest.approx(0.03125)
    assert sign_test(np.ones(5)) == pytest.approx(0.0625)
    assert sign_test(np.zeros(4)) == 1


@pytest.mark.parametrize(
    ("seeds", "ratio", "null", "answer"),
    [(6, 4, 1, "yes"), (6, 1, 4, "no"), (5, 4, 1, "undecided")],
)
def test_a_claim_about_architectures_needs_six_seeds(seeds, ratio, null, answer):
    several = [nested(ratio, seed=s) for s in range(seeds)]
    controls = [plain(null, seed=s) for s in range(seeds)]
    found = across_seeds(inner_over_outer(several, controls))
    assert found["answer"] == answer
    assert found["scope"] == ("the architectures" if seeds >= 6 else "these checkpoints")
    stacked = [plain(1, layers=2, top=5 * ratio / 10, seed=s) for s in range(seeds)]
    rivals = across_seeds(inner_over_stacked(several, stacked))
    assert rivals["answer"] == ("yes" if seeds >= 6 else "undecided")


def test_the_networks_of_a_claim_are_told_by_their_medians():
    """Against numpy, seed by seed; saturated cells count as such and not among the medians."""
    several = [nested(ratio, seed=s, valid_bpc=1 + s / 10) for s, ratio in enumerate((2, 3, 5))]
    for row in several[2]["units"]:
        if row["level"] == 1 and row["unit"] < 3:
            row.update(tau=None, low=None, high=None, status="saturated")
    of_two, of_one = networks([plain(1, layers=2), *several])
    assert (of_two["layers"], of_two["depth"], of_two["seeds"]) == (1, 2, [0, 1, 2])
    assert of_two["valid_bpc"] == [1.0, 1.1, 1.2]
    inner, outer, hidden = of_two["memories"]
    assert (inner["level"], outer["level"], hidden["level"]) == (1, 0, None)
    values = spread(5, 0) * spread(1, 1)
    assert inner["saturated"] == (0, 0.1)
    assert inner["timescales"]["context_swap"] == pytest.approx(
        (2 * np.median(values), 5 * np.median(values[3:]))
    )
    assert outer["timescales"]["context_swap"] == pytest.approx([np.median(spread(5, 0))] * 2)
    assert outer["timescales"]["transplant"] == pytest.approx([np.median(spread(5, 0))] * 2)
    assert [memory["layer"] for memory in of_one["memories"]] == [1, 1, 0, 0]
    written = seeds_table({"networks": [of_two]})
    assert "| Nested LSTM, 3 seeds | 1.000 to 1.200 | inner | 0% to 10% |" in written


def test_a_claim_over_seeds_says_where_unequal_shares_are_saturated():
    several = [nested(4, seed=s) for s in range(3)]
    controls = [plain(1, seed=s) for s in range(3)]
    assert unlike_inside(several, controls) == []

    def saturate(report, level, cells):
        for row in report["units"]:
            if row["level"] == level and row["unit"] < cells:
                row.update(tau=None, low=None, high=None, status="saturated")

    saturate(several[1], 1, 3)  # a tenth of the cells, which may still be compared
    saturate(several[2], 1, 6)
    saturate(controls[2], 0, 6)
    (told,) = unlike_inside(several, controls)
    assert told == "seed 2: 20 % of the inner cells are saturated, 0 % of the outer cells"
    saturate(controls[0], 0, 4)
    first, _ = unlike_inside(several, controls)
    assert first == "seed 0: 0 % of the inner cells are saturated, 13 % of the LSTM's cells"


def test_seeds_are_not_mixed():
    effects = inner_over_outer([nested(4, seed=1)], [plain(1, seed=2)])
    assert not any("the LSTM" in condition for condition in effects)


def test_every_readout_null_is_judged_by_itself():
    """The largest of several is above all of them by chance alone; each of them is not."""
    several = [nested(1, seed=s) for s in range(6)]
    controls = [plain(4 if s % 2 else 0.25, seed=s) for s in range(6)]
    controls += [plain(0.25 if s % 2 else 4, layers=2, seed=s) for s in range(6)]
    effects = inner_over_outer(several, controls)
    beyond = [x for condition, x in effects.items() if condition.startswith("context_swap beyond")]
    assert len(beyond) == 4  # its own, the LSTM's, and two of the Stacked LSTM
    assert [set(np.sign(x)) for x in beyond[1:]] == [{-1, 1}] * 3
    assert across_seeds({str(k): x for k, x in enumerate(beyond[1:])})["answer"] == "undecided"


def test_a_seed_counts_once():
    for reports in ([nested(4), nested(3)], []), ([nested(4)], [plain(1), plain(2)]):
        with pytest.raises(ValueError, match="seed 1"):
            inner_over_outer(*reports)


def test_results_of_several_texts_are_refused():
    other = nested(4, seed=2)
    other["settings"]["text_sha256"] = "another"
    with pytest.raises(ValueError, match="texts"):
        inner_over_outer([nested(4), other], [])


def test_a_seed_that_gives_no_number_is_not_forgotten():
    """Seven seeds of which one has no cell to measure are not six seeds that agree."""
    several = [nested(4, seed=s) for s in range(7)]
    for row in several[0]["units"]:
        if row["measure"] == "impulse":
            row["status"] = "saturated"
    assert across_seeds(inner_over_outer(several, []))["answer"] == "undecided"


def test_conditions_that_give_no_seed_a_number_are_not_left_out():
    """Six trapped networks of six usable cells each: the transplant alone must not say yes."""
    controls = [plain(1, seed=s) for s in range(6)]
    whole = inner_over_outer([nested(4, seed=s) for s in range(6)], controls)
    trapped = [saturate(nested(4, seed=s), 0, 1, 24) for s in range(6)]
    effects = inner_over_outer(trapped, controls)
    assert list(effects) == list(whole)
    assert {condition: len(x) for condition, x in effects.items() if len(x)} == {"transplant": 6}
    found = across_seeds(effects)
    assert (found["answer"], found["scope"]) == ("undecided", "these checkpoints")


def test_a_readout_null_that_gives_no_seed_a_number_is_not_left_out():
    controls = [saturate(plain(1, seed=s), 0, 0, 24) for s in range(6)]
    effects = inner_over_outer([nested(4, seed=s) for s in range(6)], controls)
    assert len(effects["impulse beyond the LSTM's c/h"]) == 0
    assert across_seeds(effects)["answer"] == "undecided"


def test_no_answer_is_given_where_a_seed_gives_no_number():
    """Neither a yes nor, by one condition below 0, a no."""
    for sign in (1, -1):
        whole = {"one": sign * np.ones(7), "two": sign * np.ones(7)}
        assert across_seeds(whole)["answer"] == ("yes" if sign > 0 else "no")
        assert across_seeds(whole | {"two": sign * np.ones(6)})["answer"] == "undecided"


@pytest.mark.parametrize(("status", "sign"), [("censored", 1), ("dead", -1)])
def test_a_transplant_without_a_number_still_counts(status, sign):
    several = [nested(4, seed=s) for s in range(6)]
    stacked = [plain(1, layers=2, seed=s) for s in range(6)]
    for report in several:
        for curve in report["curves"]:
            if curve["members"] == [{"layer": 0, "level": 1, "state": "c"}]:
                curve |= {"status": status, "tau": [None, None, None]}
    for effects in (inner_over_outer(several, []), inner_over_stacked(several, stacked)):
        assert np.array_equal(np.sign(effects["transplant"]), np.full(6, sign))


def test_pairs_that_the_rule_for_one_pair_would_not_compare_are_named():
    stacked = [plain(1, layers=2, seed=1, valid_bpc=1.6), plain(1, layers=2, seed=2)]
    (found,) = unlike([nested(4, seed=1), nested(4, seed=2)], stacked)
    assert found.startswith("seed 1: one predicts better (1.500 and 1.600")


def test_block_bootstrap_covers_the_mean():
    draw = np.random.default_rng(3)
    covered = 0
    weights = block_weights(40, 400, 5)
    assert np.array_equal(weights.sum(1), np.full(400, 40))
    for _ in range(300):
        sums = draw.exponential(1, 40)
        low, high = percentile_interval(weights @ sums / 40, 40)
        covered += low <= 1 <= high
    assert covered / 300 > 0.9


def a_report(name, depth, layers, taus, **network):
    """A result file in which memory (layer, level) has the given timescales."""
    units, by_place = [], {}
    for (l, d), values in taus.items():
        state = "h" if d is None else "c"
        by_place[l, d] = np.asarray(values, float)
        for measure in ("context_swap", "impulse"):
            for unit, value in enumerate(values):
                units.append(
                    {
                        "layer": l,
                        "level": d,
                        "state": state,
                        "value": "read",
                        "unit": unit,
                        "measure": measure,
                        "tau": float(value),
                        "low": float(value),
                        "high": float(value),
                        "status": "ok",
                    }
                )
    comparisons = []
    for inner in range(1, depth):
        for outer in range(inner):
            places = {
                "first": {"layer": 0, "level": inner},
                "second": {"layer": 0, "level": outer},
            }
            found = paired(by_place[0, inner], by_place[0, outer])
            text = {"text_low": found["low"], "text_high": found["high"], "p_holm": found["p"]}
            for measure in ("context_swap", "impulse"):
                comparisons.append(
                    {"kind": "nested", "measure": measure, "units": [30, 30], **places}
                    | found
                    | text
                )
            comparisons.append(
                {
                    "kind": "nested",
                    "measure": "transplant",
                    "bits": [2.0, 3.0],
                    "status": ["ok", "ok"],
                    "estimate": found["estimate"],
                    **places,
                    **text,
                }
            )
    groups = {(place,): v for place, v in taus.items()}
    groups |= {((l, 0), (l, None)): taus[l, 0] for l in range(layers)}
    curves = [
        {
            "measure": "transplant",
            "members": [
                {"layer": l, "level": d, "state": "h" if d is None else "c"} for l, d in group
            ],
            "total": [2.0, 1.9, 2.1],
            "tau": [float(np.median(v)), 0.9 * float(np.median(v)), 1.1 * float(np.median(v))],
            "status": "ok",
        }
        for group, v in groups.items()
    ]
    known = {"layers": layers, "depth": depth, "parameters": 1000, "valid_bpc": 1.5, "seed": 1}
    return {
        "model": name,
        "settings": {
            "longest": {"context_swap": 400.0, "impulse": 400.0, "transplant": 100.0},
            "text_sha256": "t",
            "network": known | network,
        },
        "units": units,
        "comparisons": comparisons,
        "curves": curves,
        "verdicts": [],
    }


def spread(median, seed):
    return median * np.exp(np.random.default_rng(seed).normal(0, 0.2, 30))


def nested(ratio, **network):
    outer = spread(5, 0)
    values = {(0, 1): outer * ratio * spread(1, 1), (0, 0): outer, (0, None): outer * spread(1, 2)}
    return a_report("nested", 2, 1, values, **network)


def plain(ratio, layers=1, top=5.0, **network):
    values = {}
    for l in range(layers):
        h = spread(top, 5 + l)
        values |= {(l, None): h, (l, 0): h * ratio * spread(1, 8 + l)}
    return a_report("plain", 1, layers, values, **network)


@pytest.mark.parametrize(
    ("ratio", "null", "answer"),
    [(4, 1, "yes"), (4, 2, "yes"), (4, 4.2, "undecided"), (4, 16, "no"), (0.3, 1, "no")],
)
def test_inner_lasts_longer_only_beyond_the_readout_null(ratio, null, answer):
    (verdict,) = verdicts(nested(ratio), [plain(null)])
    assert verdict["answer"] == answer
    assert verdict["scope"] == "this checkpoint"


def test_a_null_on_other_text_is_not_used():
    report = nested(4)
    other = plain(16)
    other["settings"]["text_sha256"] = "another"
    (verdict,) = verdicts(report, [other])
    assert verdict["answer"] == "yes"
    assert "No plain LSTM was given" in verdict["sentence"]


def test_an_inner_memory_that_is_not_used_does_not_last():
    report = nested(4)
    report["comparisons"][-1]["status"][0] = "dead"
    assert verdicts(report, [])[0]["answer"] == "no"


@pytest.mark.parametrize(("top", "answer"), [(1, "yes"), (200, "no"), (20, "undecided")])
def test_inner_cells_against_the_upper_layer(top, answer):
    verdict = verdicts(nested(4), [plain(1, layers=2, top=top)])[1]
    assert verdict["answer"] == answer


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ({"parameters": 2000}, "sizes"),
        ({"valid_bpc": 1.6}, "predicts"),
        ({"valid_bpc": None}, "not known"),
    ],
)
def test_unlike_models_are_not_compared(difference, words):
    verdict = verdicts(nested(4), [plain(1, layers=2, top=1, **difference)])[1]
    assert verdict["answer"] == "not comparable"
    assert words in verdict["sentence"]


def saturate(report, layer, level, count):
    """The first `count` cells of a memory, by every measure."""
    for row in report["units"]:
        if (row["layer"], row["level"]) == (layer, level) and row["unit"] < count:
            row |= {"status": "saturated", "tau": None}
    return report


@pytest.mark.parametrize(("count", "answer"), [(0, "yes"), (3, "yes"), (4, "not comparable")])
def test_no_verdict_compares_a_trapped_net_with_one_that_is_not(count, answer):
    """Of 30 cells three are ten per cent, and four are more."""
    stacked = plain(1, layers=2, top=1)
    inner, outlasts = verdicts(nested(4), [saturate(stacked, 1, 0, count)])
    assert outlasts["answer"] == answer
    for words in (inner["sentence"], outlasts["sentence"]):
        assert ("saturated" in words) == (count > 3)
    if count > 3:
        assert "0 % of the inner cells are saturated and 13 % of the upper" in outlasts["sentence"]
        assert "13 % of layer 2 of plain, a readout null" in inner["sentence"]
        assert unlike([nested(4)], [stacked])[0].startswith("seed 1: 0 % of the inner cells")


def test_a_readout_null_with_too_few_cells_is_a_condition_that_does_not_hold():
    (verdict,) = verdicts(nested(4), [saturate(plain(1), 0, 0, 24)])
    assert verdict["answer"] == "undecided"
    assert "2 of 7 conditions do not hold" in verdict["sentence"]
    left = [e for e in verdict["evidence"] if "holds" not in e]
    assert [(e["measure"], e["null"], e["units"]) for e in left] == [
        (measure, {"model": "plain", "layer": 0}, [30, 6])
        for measure in ("context_swap", "impulse")
    ]


def test_nets_that_are_saturated_alike_are_compared():
    stacked = saturate(plain(1, layers=2, top=1), 1, 0, 12)
    report = saturate(nested(4), 0, 1, 12)
    assert verdicts(report, [stacked])[1]["answer"] == "yes"


def test_an_inner_memory_mostly_saturated_beside_an_outer_one_says_so():
    (verdict,) = verdicts(saturate(nested(4), 0, 1, 15), [])
    assert "50 % of the inner cells are saturated, and 0 % of level 0" in verdict["sentence"]


def test_rivals_of_two_kinds_are_not_twice_as_many_seeds():
    """Three seeds against rivals of 2 and of 3 layers gave six effects, and p = 0.031."""
    several = [nested(4, seed=s) for s in range(3)]
    rivals = [plain(1, layers=l, seed=s) for l in (2, 3) for s in range(3)]
    with pytest.raises(ValueError, match="the Stacked LSTMs are of 2 kinds, 2 layers of depth 1"):
        inner_over_stacked(several, rivals)
    deeper = [a_report("deeper", 3, 1, three_levels(), seed=s) for s in range(3)]
    for effects in (inner_over_outer, inner_over_stacked):
        with pytest.raises(ValueError, match="the Nested LSTMs are of 2 kinds, 1 layers of depth"):
            effects(several + deeper, rivals[:3])


def three_levels():
    """The timescales of a Nested LSTM of depth 3."""
    return {(0, d): spread(5, 0) for d in range(3)} | {(0, None): spread(5, 1)}
