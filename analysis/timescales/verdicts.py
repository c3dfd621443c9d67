"""Two verdicts in words, by rules declared here before anything was measured.

They are drawn from result files alone, so several models can be judged together and judged again.
"""

from typing import NamedTuple, cast

import numpy as np
from numpy import nan

from analysis.timescales.decay import Floats
from analysis.timescales.schema import Comparison, Curve, Evidence, Interval, Report, Verdict
from analysis.timescales.statistics import (
    SIGNIFICANT,
    brunner_munzel,
    cliff,
    holm,
    shift,
)

RULE_INNER = (
    "Inner lasts longer than outer: yes, if for context swap and for impulse the 95 % interval "
    "over units and the one over text blocks of log2(inner / outer) lie above 0 with Holm's p "
    "below 0.05, if the transplant's interval over text blocks lies above 0, and if for context "
    "swap and for impulse the ratio exceeds the same ratio of every readout null (c against h of "
    "the innermost reading) with an interval above 0. No, if any of these intervals lies below 0 "
    "or transplanting the inner memory costs nothing. Undecided otherwise."
)
RULE_STACKED = (
    "Inner cells last longer than the upper layer of a Stacked LSTM: yes, if for context swap and "
    "for impulse the 95 % interval over units of the shift of log2 tau lies above 0 with Holm's p "
    "of the Brunner-Munzel test below 0.05, and the transplant's interval of the inner cells lies "
    "above that of the upper layer's cells. No, if any of these lies below. Undecided otherwise. "
    "Only models on the same text, within 10 % of parameters, 0.05 bits per character and 10 "
    "points of saturated cells: what is left beside many saturated cells is a selection."
)
SIMILAR_SIZE, SIMILAR_BPC, SIMILAR_SATURATED = 0.10, 0.05, 0.10
LEAST_SEEDS = 6
"""Fewer cannot reach p < 0.05 in a two-sided sign test: 2 / 2^6 = 0.031."""
LEAST_UNITS = 10
DECISIVE = ("context_swap", "impulse")


class Place(NamedTuple):
    """A memory of a network by the value read."""

    layer: int
    level: int | None


def taus(report: Report, place: Place, measure: str) -> Floats:
    """Every unit's timescale: censored at the longest, NaN where dead, saturated or n/a."""
    longest = report["settings"]["longest"][measure]
    rows = [
        row
        for row in report["units"]
        if (row["layer"], row["level"]) == place
        and row["value"] == "read"
        and row["measure"] == measure
        and row["unit"] is not None
    ]
    return np.array(
        [
            row["tau"] if row["status"] == "ok" else longest if row["status"] == "censored" else nan
            for row in rows
        ]
    )


def saturated_share(report: Report, place: Place) -> float:
    """The share of a memory's units that are saturated, and so left out of every comparison."""
    statuses = [
        row["status"]
        for row in report["units"]
        if (row["layer"], row["level"]) == place
        and row["value"] == "read"
        and row["measure"] == DECISIVE[0]
        and row["unit"] is not None
    ]
    return statuses.count("saturated") / max(1, len(statuses))


def ratios(report: Report, first: Place, second: Place, measure: str) -> Floats:
    """log2(first / second) of the units usable in both."""
    ratio = np.log2(taus(report, first, measure)) - np.log2(taus(report, second, measure))
    return np.asarray(ratio[~np.isnan(ratio)])


def network(report: Report) -> tuple[int, int]:
    """Layers and depth."""
    network = report["settings"]["network"]
    return network["layers"], network["depth"]


def _entry(report: Report, kind: str, measure: str, first: Place, second: Place) -> Comparison:
    """One comparison of a report."""
    for entry in report["comparisons"]:
        if entry["kind"] == kind and entry["measure"] == measure:
            places = [(entry[k]["layer"], entry[k]["level"]) for k in ("first", "second")]
            if places == [first, second]:
                return entry
    raise KeyError((kind, measure, first, second))


def readouts(reports: list[Report]) -> list[tuple[str, Report, int]]:
    """The readout nulls: every layer of every plain LSTM or Stacked LSTM: (name, report, layer)."""
    result = []
    for report in reports:
        layers, depth = network(report)
        if depth == 1:
            result += [(report["model"], report, l) for l in range(layers)]
    return result


def inner_lasts_longer(
    report: Report, layer: int, inner: int, outer: int, others: list[Report]
) -> Verdict:
    """Verdict (a) for one pair of levels of one Nested network.

    Args:
        others: reports whose plain layers serve as readout nulls, beside the network's own c and h.
    """
    first, second = Place(layer, inner), Place(layer, outer)
    evidence: list[Evidence] = []
    against = False
    for measure in DECISIVE:
        entry = _entry(report, "nested", measure, first, second)
        if "p_holm" not in entry:
            evidence.append({"test": "paired", "measure": measure, "units": entry["units"]})
            continue
        low = min(entry["low"], entry["text_low"])
        evidence.append(
            {
                "test": "paired",
                "measure": measure,
                "estimate": entry["estimate"],
                "low": entry["low"],
                "high": entry["high"],
                "text_low": entry["text_low"],
                "text_high": entry["text_high"],
                "p_holm": entry["p_holm"],
                "holds": low > 0 and entry["p_holm"] < SIGNIFICANT,
            }
        )
        against |= entry["high"] < 0 or entry["text_high"] < 0
    entry = _entry(report, "nested", "transplant", first, second)
    unused = entry["status"][0] == "dead"
    costs: Evidence = {"test": "transplant", "bits": entry["bits"]}
    if "estimate" in entry:
        costs["estimate"] = entry["estimate"]
        costs["text_low"], costs["text_high"] = entry["text_low"], entry["text_high"]
    evidence.append({**costs, "holds": not unused and entry.get("text_low", -1) > 0})
    against |= unused or entry.get("text_high", 1) < 0
    own = (report["model"], report, layer)
    share = saturated_share(report, first)
    unlike = {}
    if abs(share - (outside := saturated_share(report, second))) > SIMILAR_SATURATED:
        unlike[f"level {outer}"] = outside
    for name, null, l in [own, *readouts(others)]:
        theirs = saturated_share(null, Place(l, 0))
        if null is not report and abs(share - theirs) > SIMILAR_SATURATED:
            unlike[f"layer {l + 1} of {name}, a readout null"] = theirs
        for measure in DECISIVE:
            here = ratios(report, first, second, measure)
            there = ratios(null, Place(l, 0), Place(l, None), measure)
            if min(len(here), len(there)) < LEAST_UNITS:
                continue
            excess = shift(here, there)
            evidence.append(
                {
                    "test": "excess over readout null",
                    "measure": measure,
                    "null": {"model": name, "layer": l},
                    "estimate": excess.estimate,
                    "low": excess.low,
                    "high": excess.high,
                    "holds": excess.low > 0,
                }
            )
            against |= excess.high < 0
    holds = all(e.get("holds", False) for e in evidence)
    answer = "yes" if holds else "no" if against else "undecided"
    return {
        "claim": "inner_lasts_longer",
        "layer": layer,
        "inner": inner,
        "outer": outer,
        "answer": answer,
        "scope": "this checkpoint",
        "sentence": _inner_sentence(report, first, second, answer, evidence, len(others) > 0)
        + _of_unlike(share, unlike),
        "rule": RULE_INNER,
        "evidence": [_brief(e) for e in evidence],
    }


def _inner_sentence(
    report: Report, first: Place, second: Place, answer: str, evidence: list[Evidence], nulls: bool
) -> str:
    """The verdict in words, exclusions first."""
    values = taus(report, first, "context_swap")
    out = int(np.isnan(values).sum())
    said = {
        "yes": "last longer",
        "no": "do not last longer",
        "undecided": "may or may not last longer",
    }
    words = ""
    if out:
        words = f"{out} of {len(values)} inner cells are dead or saturated and left out. "
    words += (
        f"In this checkpoint the cells of level {first.level} {said[answer]} than those of level "
        f"{second.level}"
    )
    numbers = []
    for measure, name in (("context_swap", "context swap"), ("impulse", "impulse")):
        x, y = taus(report, first, measure), taus(report, second, measure)
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.any():
            numbers.append(
                f"{name} {np.median(x[both]):.3g} against {np.median(y[both]):.3g} characters"
            )
    words += f" (medians: {', '.join(numbers)})." if numbers else "."
    failing = [e for e in evidence if not e.get("holds", False)]
    if answer != "yes" and failing:
        words += f" {len(failing)} of {len(evidence)} conditions do not hold."
    if not nulls:
        words += " No plain LSTM was given: the only readout null is the network's own c and h."
    return words


def _of_unlike(share: float, others: dict[str, float]) -> str:
    """What must be said of sides with another share of saturated cells."""
    if not others:
        return ""
    named = "; ".join(f"{100 * theirs:.0f} % of {name}" for name, theirs in others.items())
    return (
        f" It rests on sides that are not alike: {100 * share:.0f} % of the inner cells are "
        f"saturated, and {named}. What is left beside many saturated cells is a selection."
    )


def outlasts_stacked(report: Report, rival: Report) -> Verdict:
    """Verdict (b): the inner cells of a Nested network against a Stacked one's upper layer."""
    layers, depth = network(report)
    first, second = Place(layers - 1, depth - 1), Place(network(rival)[0] - 1, 0)
    evidence: list[Evidence] = []
    against = False
    ps = []
    for measure in DECISIVE:
        x, y = taus(report, first, measure), taus(rival, second, measure)
        x, y = x[~np.isnan(x)], y[~np.isnan(y)]
        entry: Evidence = {"test": "unpaired", "measure": measure, "units": [len(x), len(y)]}
        if min(len(x), len(y)) >= LEAST_UNITS:
            moved = shift(np.log2(x), np.log2(y))
            ps.append(brunner_munzel(x, y))
            entry |= {
                "medians": [float(np.median(x)), float(np.median(y))],
                "estimate": moved.estimate,
                "low": moved.low,
                "high": moved.high,
                "cliff": cliff(x, y),
                "p": ps[-1],
            }
            against |= moved.high < 0
        evidence.append(entry)
    tested = [e for e in evidence if "p" in e]
    for entry, p in zip(tested, holm(ps), strict=True):
        entry |= {"p_holm": p, "holds": entry["low"] > 0 and p < SIGNIFICANT}
    one, two = (transplant(r, p) for r, p in ((report, first), (rival, second)))
    entry = {"test": "transplant", "bits": [one["total"], two["total"]], "holds": False}
    if one["status"] == two["status"] == "ok":
        entry |= {"tau": [one["tau"], two["tau"]], "holds": _above(one["tau"], two["tau"])}
        against |= _above(two["tau"], one["tau"])
    elif one["status"] == "censored" and two["status"] == "ok":
        entry["holds"] = True
    against |= one["status"] == "dead" or (one["status"], two["status"]) == ("ok", "censored")
    evidence.append(entry)
    holds = all(e.get("holds", False) for e in evidence)
    unlike = differences(report, rival)
    answer = "yes" if holds else "no" if against else "undecided"
    if unlike:
        answer = "not comparable"
    medians = evidence[0].get("medians")
    said = {
        "yes": "last longer than",
        "no": "do not last longer than",
        "undecided": "may or may not last longer than",
        "not comparable": "cannot be compared fairly with",
    }[answer]
    sentence = f"In these checkpoints the inner cells of {report['model']} {said} the upper layer "
    sentence += f"of {rival['model']}"
    if medians:
        sentence += (
            f" (median by context swap {medians[0]:.3g} against {medians[1]:.3g} characters)"
        )
    sentence += f": {'; '.join(unlike)}." if unlike else "."
    return {
        "claim": "inner_outlasts_stacked",
        "rival": rival["model"],
        "answer": answer,
        "scope": "these checkpoints",
        "sentence": sentence,
        "rule": RULE_STACKED,
        "evidence": [_brief(e) for e in evidence],
    }


def differences(report: Report, rival: Report) -> list[str]:
    """What makes two models unfit to be compared, in words."""
    a, b = (r["settings"]["network"] for r in (report, rival))
    result = []
    inner, upper = saturated_sides(report, rival)
    if abs(inner - upper) > SIMILAR_SATURATED:
        result.append(
            f"{100 * inner:.0f} % of the inner cells are saturated and {100 * upper:.0f} % of the "
            "upper layer's, and what is left is a selection"
        )
    if report["settings"]["text_sha256"] != rival["settings"]["text_sha256"]:
        result.append("they were measured on different text")
    if abs(a["parameters"] / b["parameters"] - 1) > SIMILAR_SIZE:
        result.append(f"their sizes differ ({a['parameters']:,} and {b['parameters']:,} weights)")
    if a["valid_bpc"] is None or b["valid_bpc"] is None:
        result.append("their bits per character are not known")
    elif abs(a["valid_bpc"] - b["valid_bpc"]) > SIMILAR_BPC:
        result.append(
            "one predicts better "
            f"({a['valid_bpc']:.3f} and {b['valid_bpc']:.3f} bits per character)"
        )
    return result


def saturated_sides(report: Report, rival: Report) -> tuple[float, float]:
    """The shares of saturated cells that verdict (b) compares: inner cells, and the upper layer."""
    layers, depth = network(report)
    inner, upper = Place(layers - 1, depth - 1), Place(network(rival)[0] - 1, 0)
    return saturated_share(report, inner), saturated_share(rival, upper)


def transplant(report: Report, *places: Place) -> Curve:
    """The transplant of these states and no others, as the report's curves have it."""
    for curve in report["curves"]:
        if curve["measure"] == "transplant":
            members = {(member["layer"], member["level"]) for member in curve["members"]}
            if members == set(places):
                return curve
    raise KeyError(places)


def _above(one: Interval, two: Interval) -> bool:
    """Whether interval one [estimate, low, high] lies above two; a null high has no end."""
    return one[1] is not None and two[2] is not None and one[1] > two[2]


def _brief(evidence: Evidence) -> Evidence:
    """Four digits are enough."""
    short = {
        k: float(f"{v:.4g}") if isinstance(v, float) else bool(v) if k == "holds" else v
        for k, v in evidence.items()
    }
    return cast(Evidence, short)


def verdicts(report: Report, others: list[Report]) -> list[Verdict]:
    """Every verdict that a report allows beside others on the same text."""
    layers, depth = network(report)
    if depth == 1:
        return []
    same = [
        other
        for other in others
        if other["settings"]["text_sha256"] == report["settings"]["text_sha256"]
    ]
    result = [
        inner_lasts_longer(report, l, inner, outer, same)
        for l in range(layers)
        for inner in reversed(range(1, depth))
        for outer in reversed(range(inner))
    ]
    rivals = [other for other in others if network(other)[0] > 1 and network(other)[1] == 1]
    return result + [outlasts_stacked(report, rival) for rival in rivals]
