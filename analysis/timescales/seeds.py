"""A claim about architectures: networks trained from several seeds, the seed as the unit.

Units of one network are no independent sample, networks of several seeds are. Each seed gives one
effect (log2) for each measure; an exact sign test asks whether they agree. Six seeds are the fewest
that can reach p < 0.05.

`python -m analysis.timescales.seeds FILE ...` takes result files of Nested, Stacked and plain LSTMs
measured on one text, paired by their training seed.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from analysis.timescales.decay import Floats
from analysis.timescales.statistics import hodges_lehmann, holm, shift, sign_test
from analysis.timescales.verdicts import (
    DECISIVE,
    LEAST_SEEDS,
    LEAST_UNITS,
    Place,
    Report,
    network,
    ratios,
    taus,
    transplant,
)


def across_seeds(effects: dict[str, Floats]) -> Report:
    """The verdict over seeds.

    Args:
        effects: for each measure one effect (log2) a seed; above 0 speaks for the claim.
    """
    ps = holm([sign_test(x) for x in effects.values()])
    tests = []
    for (measure, x), p in zip(effects.items(), ps, strict=True):
        center = hodges_lehmann(x) if len(x) >= LEAST_SEEDS else None
        tests.append(
            {
                "measure": measure,
                "seeds": len(x),
                "effects": [float(f"{value:.3g}") for value in x],
                "estimate": center.estimate if center else None,
                "low": center.low if center else None,
                "high": center.high if center else None,
                "p_sign": sign_test(x),
                "p_holm": p,
            }
        )
    enough = min((len(x) for x in effects.values()), default=0) >= LEAST_SEEDS
    # Every measure must agree, which is stricter than any one of them: each is tested by itself.
    # Holm's p, which six seeds cannot bring below 0.05 for three measures, stands beside it.
    surely = [sign_test(x) < 0.05 for x in effects.values()]
    up = [float(np.median(x)) > 0 for x in effects.values() if len(x)]
    if enough and all(surely) and all(up):
        answer = "yes"
    elif enough and any(s and not u for s, u in zip(surely, up, strict=True)):
        answer = "no"
    else:
        answer = "undecided"
    return {
        "answer": answer,
        "scope": "the architectures" if enough else "these checkpoints",
        "evidence": tests,
    }


def inner_over_outer(nested: list[Report], plain: list[Report]) -> dict[str, Floats]:
    """Claim (a), top layer, innermost against the next: what exceeds the largest readout null."""
    effects: dict[str, list[float]] = {measure: [] for measure in (*DECISIVE, "transplant")}
    for report, nulls in _by_seed(nested, plain):
        layers, depth = network(report)
        inner, outer = Place(layers - 1, depth - 1), Place(layers - 1, depth - 2)
        for measure in DECISIVE:
            here = ratios(report, inner, outer, measure)
            there = [
                ratios(null, Place(l, 0), Place(l, None), measure)
                for null in nulls
                for l in range(network(null)[0])
            ]
            usable = [x for x in there if len(x) >= LEAST_UNITS]
            if len(here) >= LEAST_UNITS and usable:
                null = max(hodges_lehmann(x).estimate for x in usable)
                effects[measure].append(hodges_lehmann(here).estimate - null)
        for entry in report["comparisons"]:
            pair = entry["first"], entry["second"]
            if entry["kind"] == "nested" and entry["measure"] == "transplant":
                places = [(p["layer"], p["level"]) for p in pair]
                if places == [inner, outer] and "estimate" in entry:
                    effects["transplant"].append(entry["estimate"])
    return {measure: np.array(x) for measure, x in effects.items()}


def inner_over_stacked(nested: list[Report], stacked: list[Report]) -> dict[str, Floats]:
    """Claim (b): inner cells against the upper layer of the Stacked network of the same seed."""
    effects: dict[str, list[float]] = {measure: [] for measure in (*DECISIVE, "transplant")}
    for report, rivals in _by_seed(nested, [r for r in stacked if network(r)[0] > 1]):
        layers, depth = network(report)
        for rival in rivals:
            inner, upper = Place(layers - 1, depth - 1), Place(network(rival)[0] - 1, 0)
            for measure in DECISIVE:
                x, y = taus(report, inner, measure), taus(rival, upper, measure)
                x, y = x[~np.isnan(x)], y[~np.isnan(y)]
                if min(len(x), len(y)) >= LEAST_UNITS:
                    effects[measure].append(shift(np.log2(x), np.log2(y)).estimate)
            one, two = transplant(report, inner), transplant(rival, upper)
            if one["status"] == two["status"] == "ok":
                effects["transplant"].append(float(np.log2(one["tau"][0] / two["tau"][0])))
    return {measure: np.array(x) for measure, x in effects.items()}


def _by_seed(nested: list[Report], plain: list[Report]) -> list[tuple[Report, list[Report]]]:
    """Each Nested report with the plain ones of its seed, on its text."""

    def key(report: Report) -> tuple[Any, str]:
        settings = report["settings"]
        return settings["network"]["seed"], settings["text_sha256"]

    return [(report, [p for p in plain if key(p) == key(report)]) for report in nested]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis.timescales.seeds", description=__doc__
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="result files")
    options = parser.parse_args()
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in options.files]
    nested = [r for r in reports if network(r)[1] > 1]
    plain = [r for r in reports if network(r)[1] == 1]
    result = {
        "inner_lasts_longer": across_seeds(inner_over_outer(nested, plain)),
        "inner_outlasts_stacked": across_seeds(inner_over_stacked(nested, plain)),
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
