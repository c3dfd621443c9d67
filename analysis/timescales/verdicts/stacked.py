"""Verdict (b): whether inner cells last longer than the upper layer of a Stacked network."""

import numpy as np

from analysis.timescales.comparisons import LEAST_UNITS
from analysis.timescales.schema import Evidence, Interval, Report, Verdict
from analysis.timescales.statistics import SIGNIFICANT, brunner_munzel, cliff, holm, shift
from analysis.timescales.verdicts.evidence import (
    DECISIVE,
    SIMILAR_SATURATED,
    Place,
    brief,
    network,
    saturated_share,
    taus,
    transplant,
)

RULE_STACKED = (
    "Inner cells last longer than the upper layer of a Stacked LSTM: yes, if for context swap and "
    "for impulse the 95 % interval over units of the shift of log2 tau lies above 0 with Holm's p "
    "of the Brunner-Munzel test below 0.05, and the transplant's interval of the inner cells lies "
    "above that of the upper layer's cells. No, if any of these lies below. Undecided otherwise. "
    "Only models on the same text, within 10 % of parameters, 0.05 bits per character and 10 "
    "points of saturated cells: what is left beside many saturated cells is a selection."
)
SIMILAR_SIZE, SIMILAR_BPC = 0.10, 0.05


def outlasts_stacked(report: Report, rival: Report) -> Verdict:
    """Verdict (b): the inner cells of a Nested network against a Stacked one's upper layer."""
    layers, depth = network(report)
    first, second = Place(layers - 1, depth - 1), Place(network(rival)[0] - 1, 0)
    found = [
        _unpaired_evidence(report, first, rival, second),
        _transplant_evidence(report, first, rival, second),
    ]
    evidence = [e for part, _ in found for e in part]
    against = any(opposed for _, opposed in found)
    holds = all(e.get("holds", False) for e in evidence)
    unlike = differences(report, rival)
    answer = "yes" if holds else "no" if against else "undecided"
    if unlike:
        answer = "not comparable"
    return {
        "claim": "inner_outlasts_stacked",
        "rival": rival["model"],
        "answer": answer,
        "scope": "these checkpoints",
        "sentence": _sentence(report, rival, answer, evidence[0].get("medians"), unlike),
        "rule": RULE_STACKED,
        "evidence": [brief(e) for e in evidence],
    }


def _unpaired_evidence(
    report: Report, first: Place, rival: Report, second: Place
) -> tuple[list[Evidence], bool]:
    """The conditions on the cells of both networks; whether one speaks against."""
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
    return evidence, against


def _transplant_evidence(
    report: Report, first: Place, rival: Report, second: Place
) -> tuple[list[Evidence], bool]:
    """The condition on how long the loss of each memory lasts; whether it speaks against."""
    one, two = transplant(report, first), transplant(rival, second)
    entry: Evidence = {"test": "transplant", "bits": [one["total"], two["total"]], "holds": False}
    against = one["status"] == "dead" or (one["status"], two["status"]) == ("ok", "censored")
    if one["status"] == two["status"] == "ok":
        entry |= {"tau": [one["tau"], two["tau"]], "holds": _above(one["tau"], two["tau"])}
        against |= _above(two["tau"], one["tau"])
    elif one["status"] == "censored" and two["status"] == "ok":
        entry["holds"] = True
    return [entry], against


def _sentence(
    report: Report, rival: Report, answer: str, medians: list[float] | None, unlike: list[str]
) -> str:
    """The verdict in words.

    Args:
        medians: of both sides, by context swap; None where there are too few cells.
        unlike: the reasons why the two are not comparable.
    """
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
    return sentence


def differences(report: Report, rival: Report) -> list[str]:
    """The reasons why two models are not comparable, in words."""
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


def _above(one: Interval, two: Interval) -> bool:
    """Return whether interval one [estimate, low, high] lies above two; a null high has no end."""
    return one[1] is not None and two[2] is not None and one[1] > two[2]
