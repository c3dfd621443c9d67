"""Verdict (a): whether the inner memory of a Nested network lasts longer than its outer one."""

import numpy as np

from analysis.timescales import measures
from analysis.timescales.comparisons import LEAST_UNITS
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.schema import Comparison, Evidence, Report, Verdict
from analysis.timescales.statistics import SIGNIFICANT, shift
from analysis.timescales.verdicts.evidence import (
    DECISIVE,
    SIMILAR_SATURATED,
    Place,
    brief,
    network,
    ratios,
    saturated_share,
    taus,
)

RULE_INNER = (
    "Inner lasts longer than outer: yes, if for context swap and for impulse the 95 % interval "
    "over units and the one over text blocks of log2(inner / outer) lie above 0 with Holm's p "
    "below 0.05, if the transplant's interval over text blocks lies above 0, and if for context "
    "swap and for impulse the ratio exceeds the same ratio of every readout null (c against h of "
    "the innermost reading) with an interval above 0. No, if any of these intervals lies below 0 "
    "or transplanting the inner memory costs nothing. Undecided otherwise."
)

Null = tuple[str, Report, int]
"""A readout null: the name of a network, its report, and a layer."""


def _entry(report: Report, kind: str, measure: str, first: Place, second: Place) -> Comparison:
    """One comparison of a report."""
    for entry in report["comparisons"]:
        if entry["kind"] == kind and entry["measure"] == measure:
            places = [(entry[k]["layer"], entry[k]["level"]) for k in ("first", "second")]
            if places == [first, second]:
                return entry
    raise KeyError((kind, measure, first, second))


def readouts(reports: list[Report]) -> list[Null]:
    """The readout nulls: every layer of every plain LSTM or Stacked LSTM."""
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
    nulls = [(report["model"], report, layer), *readouts(others)]
    found = [
        _paired_evidence(report, first, second),
        _transplant_evidence(report, first, second),
        _excess_evidence(report, first, second, nulls),
    ]
    evidence = [e for part, _ in found for e in part]
    against = any(opposed for _, opposed in found)
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
        + _of_unlike(report, first, second, nulls),
        "rule": RULE_INNER,
        "evidence": [brief(e) for e in evidence],
    }


def _paired_evidence(report: Report, first: Place, second: Place) -> tuple[list[Evidence], bool]:
    """The conditions on the cells of both levels, pair by pair; whether one speaks against."""
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
    return evidence, against


def _transplant_evidence(
    report: Report, first: Place, second: Place
) -> tuple[list[Evidence], bool]:
    """The condition on what the loss of each level costs; whether it speaks against."""
    entry = _entry(report, "nested", Transplant.key, first, second)
    unused = entry["status"][0] == "dead"
    costs: Evidence = {"test": "transplant", "bits": entry["bits"]}
    if "estimate" in entry:
        costs["estimate"] = entry["estimate"]
        costs["text_low"], costs["text_high"] = entry["text_low"], entry["text_high"]
    costs["holds"] = not unused and entry.get("text_low", -1) > 0
    return [costs], unused or entry.get("text_high", 1) < 0


def _excess_evidence(
    report: Report, first: Place, second: Place, nulls: list[Null]
) -> tuple[list[Evidence], bool]:
    """The conditions on each readout null, which the ratio must exceed; whether one is against."""
    evidence: list[Evidence] = []
    against = False
    for name, null, l in nulls:
        for measure in DECISIVE:
            here = ratios(report, first, second, measure)
            there = ratios(null, Place(l, 0), Place(l, None), measure)
            beyond: Evidence = {
                "test": "excess over readout null",
                "measure": measure,
                "null": {"model": name, "layer": l},
            }
            if min(len(here), len(there)) < LEAST_UNITS:
                evidence.append({**beyond, "units": [len(here), len(there)]})
                continue
            excess = shift(here, there)
            evidence.append(
                {
                    **beyond,
                    "estimate": excess.estimate,
                    "low": excess.low,
                    "high": excess.high,
                    "holds": excess.low > 0,
                }
            )
            against |= excess.high < 0
    return evidence, against


def _inner_sentence(
    report: Report, first: Place, second: Place, answer: str, evidence: list[Evidence], nulls: bool
) -> str:
    """The verdict in words, exclusions first."""
    values = taus(report, first, measures.PRIMARY)
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
    for measure in DECISIVE:
        x, y = taus(report, first, measure), taus(report, second, measure)
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.any():
            name, one, two = measures.named(measure).label, np.median(x[both]), np.median(y[both])
            numbers.append(f"{name} {one:.3g} against {two:.3g} characters")
    words += f" (medians: {', '.join(numbers)})." if numbers else "."
    failing = [e for e in evidence if not e.get("holds", False)]
    if answer != "yes" and failing:
        words += f" {len(failing)} of {len(evidence)} conditions do not hold."
    if not nulls:
        words += " No plain LSTM was given: the only readout null is the network's own c and h."
    return words


def _of_unlike(report: Report, first: Place, second: Place, nulls: list[Null]) -> str:
    """The warning about sides with another share of saturated cells; empty if all are alike."""
    share = saturated_share(report, first)
    sides = [(f"level {second.level}", saturated_share(report, second))]
    sides += [
        (f"layer {l + 1} of {name}, a readout null", saturated_share(null, Place(l, 0)))
        for name, null, l in nulls
        if null is not report
    ]
    others = {name: one for name, one in sides if abs(share - one) > SIMILAR_SATURATED}
    if not others:
        return ""
    named = "; ".join(f"{100 * theirs:.0f} % of {name}" for name, theirs in others.items())
    return (
        f" It rests on sides that are not alike: {100 * share:.0f} % of the inner cells are "
        f"saturated, and {named}. What is left beside many saturated cells is a selection."
    )
