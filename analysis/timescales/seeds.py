"""A claim about architectures: networks trained from several seeds, the seed as the unit.

Units of one network are no independent sample, networks of several seeds are. Each seed gives one
effect (log2) for each condition of the claim; an exact sign test asks whether they agree. Six seeds
are the fewest that can reach p < 0.05.

`python -m analysis.timescales.seeds FILE ...` takes result files of Nested, Stacked and plain LSTMs
measured on one text, paired by their training seed: of each kind one a seed.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from analysis.command import carry_out
from analysis.inputs import read_result
from analysis.timescales.comparisons import LEAST_UNITS
from analysis.timescales.decay import SHORTEST, Floats
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.pairing import by_seed, rivals, seed_of
from analysis.timescales.schema import Report, SeedMemory, SeedNetworks, SeedTest, SeedVerdict
from analysis.timescales.statistics import SIGNIFICANT, hodges_lehmann, holm, shift, sign_test
from analysis.timescales.verdicts.evidence import (
    DECISIVE,
    SIMILAR_SATURATED,
    Place,
    network,
    of_lstm,
    ratios,
    saturated_share,
    taus,
    transplant,
)
from analysis.timescales.verdicts.stacked import differences

LEAST_SEEDS = 6
"""Fewer cannot reach p < 0.05 in a two-sided sign test: 2 / 2^6 = 0.031."""


def across_seeds(effects: dict[str, Floats]) -> SeedVerdict:
    """The verdict over seeds.

    Args:
        effects: for each condition one effect (log2) a seed; above 0 speaks for the claim.
    """
    ps = holm([sign_test(x) for x in effects.values()])
    tests: list[SeedTest] = []
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
    # Seeds without a number (too few unsaturated cells) are not a random sample.
    counts = {len(x) for x in effects.values()}
    enough = len(counts) == 1 and min(counts) >= LEAST_SEEDS
    # For a yes every condition must agree, which is stricter than any one of them: each is tested
    # by itself. A no needs one condition alone and is not corrected for their number; Holm's p,
    # which six seeds cannot bring below 0.05 for three conditions, stands beside it.
    surely = [sign_test(x) < SIGNIFICANT for x in effects.values()]
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
    """Claim (a), top layer, innermost against the next: by itself, and beyond each readout null.

    Every condition is there, with fewer effects than seeds where a seed gives no number.
    """
    effects: dict[str, list[float]] = {measure: [] for measure in (*DECISIVE, Transplant.key)}
    for report, nulls in by_seed(nested, plain):
        layers, depth = network(report)
        inner, outer = Place(layers - 1, depth - 1), Place(layers - 1, depth - 2)
        beside = [("its own c/h", report, layers - 1)]
        for null in nulls:
            count = network(null)[0]
            name = "the LSTM's c/h" if count == 1 else "a Stacked LSTM's c/h, layer {} of {}"
            beside += [(name.format(l + 1, count), null, l) for l in range(count)]
        for measure in DECISIVE:
            here = ratios(report, inner, outer, measure)
            if len(here) >= LEAST_UNITS:
                effects[measure].append(hodges_lehmann(here).estimate)
            for name, null, l in beside:
                there = ratios(null, Place(l, 0), Place(l, None), measure)
                beyond = effects.setdefault(f"{measure} beyond {name}", [])
                if min(len(here), len(there)) >= LEAST_UNITS:
                    beyond.append(hodges_lehmann(here).estimate - hodges_lehmann(there).estimate)
        readers = [outer] if outer.level else [outer, Place(outer.layer, None)]
        if (rest := _lasting(report, readers)) is not None:
            # A memory that costs nothing when it is replaced lasts no time at all.
            lasts = _lasting(report, [inner]) or SHORTEST
            effects[Transplant.key].append(float(np.log2(lasts / rest)))
    return {condition: np.array(x) for condition, x in effects.items()}


def inner_over_stacked(nested: list[Report], stacked: list[Report]) -> dict[str, Floats]:
    """Claim (b): inner cells against the upper layer of the Stacked network of the same seed."""
    effects: dict[str, list[float]] = {measure: [] for measure in (*DECISIVE, Transplant.key)}
    for report, rival in rivals(nested, stacked):
        layers, depth = network(report)
        inner, upper = Place(layers - 1, depth - 1), Place(network(rival)[0] - 1, 0)
        for measure in DECISIVE:
            x, y = _usable(report, inner, measure), _usable(rival, upper, measure)
            if min(len(x), len(y)) >= LEAST_UNITS:
                effects[measure].append(shift(np.log2(x), np.log2(y)).estimate)
        if (theirs := _lasting(rival, [upper])) is not None:
            lasts = _lasting(report, [inner]) or SHORTEST
            effects[Transplant.key].append(float(np.log2(lasts / theirs)))
    return {measure: np.array(x) for measure, x in effects.items()}


def unlike_inside(nested: list[Report], plain: list[Report]) -> list[str]:
    """The seeds of claim (a) that compare unequal shares of saturated cells, and with what."""
    found = []
    for report, nulls in by_seed(nested, plain):
        layers, depth = network(report)
        share = saturated_share(report, Place(layers - 1, depth - 1))
        sides = [("the outer cells", report, Place(layers - 1, depth - 2))]
        for null in nulls:
            count = network(null)[0]
            name = "the LSTM's cells" if count == 1 else "the cells in layer {} of the Stacked LSTM"
            sides += [(name.format(l + 1), null, Place(l, 0)) for l in range(count)]
        far = [
            f"{100 * theirs:.0f} % of {name}"
            for name, of, place in sides
            if abs(share - (theirs := saturated_share(of, place))) > SIMILAR_SATURATED
        ]
        if far:
            found.append(
                f"seed {seed_of(report)}: {100 * share:.0f} % of the inner cells are saturated, "
                f"{', '.join(far)}"
            )
    return found


def unlike(nested: list[Report], stacked: list[Report]) -> list[str]:
    """The pairs of claim (b) that the rule for one pair would not compare, and the reasons."""
    return [
        f"seed {seed_of(report)}: {'; '.join(found)}"
        for report, rival in rivals(nested, stacked)
        if (found := differences(report, rival))
    ]


def networks(reports: list[Report]) -> list[SeedNetworks]:
    """The networks of each kind over their seeds: the numbers that the effects compare."""
    kinds: dict[tuple[int, int], list[Report]] = {}
    for report in reports:
        kinds.setdefault(network(report), []).append(report)
    return [
        {
            "layers": layers,
            "depth": depth,
            "seeds": [seed_of(report) for report in alike],
            "valid_bpc": [report["settings"]["network"]["valid_bpc"] for report in alike],
            "memories": [
                _memory(alike, Place(layer, level))
                for layer in range(layers - 1, -1, -1)
                for level in (*range(depth - 1, -1, -1), None)
            ],
        }
        for (layers, depth), alike in sorted(kinds.items(), key=lambda kind: -kind[0][1])
    ]


def _memory(alike: list[Report], place: Place) -> SeedMemory:
    """One memory of networks of one kind."""
    saturated = [saturated_share(report, place) for report in alike]
    lasting = {
        measure: [
            float(np.median(x)) for report in alike if len(x := _usable(report, place, measure))
        ]
        for measure in DECISIVE
    }
    lasting[Transplant.key] = [
        lasts for report in alike if (lasts := _lasting(report, [place])) is not None
    ]
    return {
        "layer": place.layer,
        "level": place.level,
        "state": "h" if place.level is None else "c",
        "saturated": (min(saturated), max(saturated)),
        "timescales": {measure: (min(x), max(x)) if x else None for measure, x in lasting.items()},
    }


def _usable(report: Report, place: Place, measure: str) -> Floats:
    """The timescales of the cells that are neither dead nor saturated."""
    found = taus(report, place, measure)
    return np.asarray(found[~np.isnan(found)])


def _lasting(report: Report, places: list[Place]) -> float | None:
    """The time that the loss of a group lasts: censored at the longest, None without a loss."""
    found = transplant(report, *places)
    if found["status"] == "dead":
        return None
    longest: float = report["settings"]["longest"][Transplant.key]
    return longest if found["status"] == "censored" else float(found["tau"][0])


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis.timescales.seeds", description=__doc__
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="result files")
    return parser


def run(options: argparse.Namespace) -> None:
    """Print the claims over seeds, as JSON.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    reports = [read_result(path, Report.__required_keys__) for path in options.files]
    if other := [report["model"] for report in reports if not of_lstm(report)]:
        raise ValueError(f"the claims are about LSTMs: leave out {', '.join(other)}, which is none")
    nested = [r for r in reports if network(r)[1] > 1]
    plain = [r for r in reports if network(r)[1] == 1]
    result = {
        "inner_lasts_longer": across_seeds(inner_over_outer(nested, plain))
        | {"unlike": unlike_inside(nested, plain)},
        "inner_outlasts_stacked": across_seeds(inner_over_stacked(nested, plain))
        | {"unlike": unlike(nested, plain)},
        "networks": networks(reports),
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    carry_out(arguments(), run)
