"""Compares two memories of one network, measure by measure.

Within a layer units are paired: outer cell u reads inner cell u, h_u reads c_u. Between layers they
are not. The interval `low`, `high` is over units, which are no independent sample of anything; the
interval `text_low`, `text_high` is over text blocks and answers whether other text would agree.
A censored timescale counts as the longest that can be measured, never as missing.
"""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from analysis.timescales import measures
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.decay import Floats
from analysis.timescales.measurement import Measurement
from analysis.timescales.measures.measure import Loss
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.memories import Memory
from analysis.timescales.schema import Comparison, Contrast
from analysis.timescales.statistics import (
    brunner_munzel,
    cliff,
    hodges_lehmann,
    holm,
    percentile_interval,
    shift,
    signed_rank,
    superiority,
)

LEAST_UNITS = 10
"""The least usable units for a comparison."""


def paired(first: Floats, second: Floats) -> Contrast:
    """log2 of first / second, unit by unit: (U,) timescales, finite."""
    ratio = np.log2(first) - np.log2(second)
    center = hodges_lehmann(ratio)
    return {
        "median_log2_ratio": float(np.median(ratio)),
        "estimate": center.estimate,
        "low": center.low,
        "high": center.high,
        "superiority": superiority(first, second),
        "p": signed_rank(ratio),
    }


def unpaired(first: Floats, second: Floats) -> Contrast:
    """log2 of first over log2 of second, every unit with every other: (U,) and (W,) timescales."""
    moved = shift(np.log2(first), np.log2(second))
    return {
        "median_log2_ratio": float(np.log2(np.median(first)) - np.log2(np.median(second))),
        "estimate": moved.estimate,
        "low": moved.low,
        "high": moved.high,
        "cliff": cliff(first, second),
        "p": brunner_munzel(first, second),
    }


def comparisons(measured: Measurement) -> list[Comparison]:
    """Every pair of levels of a layer, each outermost cell with its h, and layers upward."""
    by_place = {(m.layer, m.level): m for m in measured.memories if m.value == "read"}
    layers = max(m.layer for m in measured.memories) + 1
    # A GRU has no levels: its h is the innermost memory, and nothing reads it out.
    levels = [m.level for m in measured.memories if m.level is not None]
    depth = max(levels, default=-1) + 1
    innermost = depth - 1 if levels else None
    result: list[Comparison] = []
    for l in range(layers):
        for inner in reversed(range(1, depth)):
            for outer in reversed(range(inner)):
                pair = by_place[l, inner], by_place[l, outer]
                result += _pair("nested", measured, *pair)
        if levels:
            result += _pair("readout", measured, by_place[l, 0], by_place[l, None])
        if l > 0:
            result += _pair("layers", measured, by_place[l, innermost], by_place[l - 1, innermost])
    return result


def _pair(kind: str, measured: Measurement, first: Memory, second: Memory) -> list[Comparison]:
    """All measures that both memories have, their p adjusted together."""
    result = []
    a, b = measured.memories.index(first), measured.memories.index(second)
    left_out = measured.dead | measured.saturated
    for measure, estimates in measured.estimates.items():
        if measures.named(measure).of_gates:
            if kind != "layers":
                continue
            # A gate belongs to the raw innermost cell of a layer.
            one = _of_layer(measured, measure, first.layer)
            two = _of_layer(measured, measure, second.layer)
            use_one = use_two = np.ones(len(one.tau), bool)
        else:
            one, two = _of(estimates, a), _of(estimates, b)
            use_one, use_two = ~left_out[a], ~left_out[b]
        if kind != "layers":
            use_one = use_two = use_one & use_two
        entry: Comparison = {
            "kind": kind,
            "measure": measure,
            "first": first.keys(),
            "second": second.keys(),
            "units": [int(use_one.sum()), int(use_two.sum())],
            "censored": [
                int(np.isinf(one.tau[use_one]).sum()),
                int(np.isinf(two.tau[use_two]).sum()),
            ],
        }
        if min(entry["units"]) >= LEAST_UNITS:
            x, y = _capped(one.tau[use_one], one.cap), _capped(two.tau[use_two], two.cap)
            contrast = paired(x, y) if kind != "layers" else unpaired(x, y)
            entry = {**entry, **contrast}
            low, high = _over_text(
                kind,
                measured.cut.bins,
                _capped(one.samples[:, use_one], one.cap),
                _capped(two.samples[:, use_two], two.cap),
            )
            entry |= {"text_low": low, "text_high": high}
        result.append(entry)
    result.append(_functional(kind, measured, first, second))
    with_p = [entry for entry in result if "p" in entry]
    for entry, p in zip(with_p, holm([entry["p"] for entry in with_p]), strict=True):
        entry["p_holm"] = p
    return [cast(Comparison, {k: _short(v) for k, v in entry.items()}) for entry in result]


def _of(estimates: list[Estimates | None], m: int) -> Estimates:
    """The estimates of memory m, which the measure must have."""
    found = estimates[m]
    assert found is not None
    return found


def _of_layer(measured: Measurement, measure: str, layer: int) -> Estimates:
    """The estimates of a layer by a measure with only one memory in each."""
    return next(
        found
        for memory, found in zip(measured.memories, measured.estimates[measure], strict=True)
        if memory.layer == layer and found is not None
    )


def _short(value: Any) -> Any:
    """The number with the digits that a JSON file needs."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _capped(tau: Floats, cap: float) -> Floats:
    """The timescales with censored ones at the longest that can be measured."""
    return np.minimum(tau, cap)


def _over_text(kind: str, bins: int, first: Floats, second: Floats) -> tuple[float, float]:
    """The bootstrap's interval of the median log2 ratio: (R, U) samples each."""
    if kind == "layers":
        medians = np.log2(np.median(first, 1)) - np.log2(np.median(second, 1))
    else:
        medians = np.median(np.log2(first) - np.log2(second), 1)
    low, high = percentile_interval(medians, bins)
    return float(low), float(high)


def _functional(kind: str, measured: Measurement, first: Memory, second: Memory) -> Comparison:
    """Comparisons by transplant: an inner cell against the outer one with its h; layer against
    layer."""

    def loss(*members: tuple[int, int | None]) -> Loss:
        return next(
            x for x in measured.losses[Transplant.key] if set(x.group.members) == set(members)
        )

    if kind == "layers":
        pair = [
            loss(*{m.place for m in measured.memories if m.layer == memory.layer})
            for memory in (first, second)
        ]
    elif kind == "nested" and second.level == 0:
        pair = [loss(first.place), loss((second.layer, 0), (second.layer, None))]
    else:
        pair = [loss(first.place), loss(second.place)]
    entry: Comparison = {
        "kind": kind,
        "measure": Transplant.key,
        "first": first.keys(),
        "second": second.keys(),
        "bits": [x.total for x in pair],
        "status": [x.status for x in pair],
    }
    if all(x.status != "dead" for x in pair):
        longest = measured.cut.window / 4
        taus = [min(x.tau, longest) for x in pair]
        samples = [_capped(x.samples, longest) for x in pair]
        drawn: NDArray[np.floating] = np.log2(samples[0]) - np.log2(samples[1])
        low, high = percentile_interval(drawn, measured.cut.bins)
        tail = min(float(np.mean(drawn <= 0)), float(np.mean(drawn >= 0)))
        entry |= {
            "estimate": float(np.log2(taus[0] / taus[1])),
            "text_low": float(low),
            "text_high": float(high),
            "p": float(min(1, 2 * tail + 1 / len(drawn))),
        }
    return entry
