"""The curves of a result file, as quantiles over units, and what the loss of a memory costs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.timescales import measures
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.decay import Floats
from analysis.timescales.measurement import Measurement
from analysis.timescales.measures.measure import Loss
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.memories import Memory
from analysis.timescales.rows import by_value, rounded, statuses
from analysis.timescales.schema import Curve, Each, HalfRow, Member
from analysis.timescales.statistics import percentile_interval

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SLOWEST = (0.95, 0.99)
"""Quantiles that show the few cells with a long memory, which a median hides."""
EACH = 16
"""Lags at which the curve of every unit is kept, of the primary measure."""


def _quantiles(curves: Floats) -> dict[str, list[float | None]]:
    """Over units: (lags, U) -> for each quantile one value a lag."""
    return {
        str(q): [rounded(x) for x in row]
        for q, row in zip(QUANTILES, np.quantile(curves, QUANTILES, axis=1), strict=True)
    }


def _each(curves: Floats, lags: NDArray[np.int64], stride: int) -> Each:
    """(lags, U) -> the curve of every n-th unit at EACH lags, spaced as the lags are."""
    at = np.unique(np.linspace(0, len(lags) - 1, EACH).round().astype(int))
    thousandths = np.rint(1000 * curves[at, ::stride].T).clip(0, 9999).astype(int)
    return {"lags": lags[at].tolist(), "thousandths": thousandths.tolist()}


def curves_of(measured: Measurement, stride: int) -> list[Curve]:
    """Curves as quantiles over the units that are neither dead nor saturated, and summaries.

    stride: of the units whose own curves are kept.
    """
    result: list[Curve] = []
    lags = measured.lags
    for measure, estimates in measured.estimates.items():
        controls = measured.shuffled.get(measure)
        for m, memory in enumerate(measured.memories):
            found = estimates[m]
            if found is None:
                continue
            status = statuses(measured, measure, m)
            used = (status == "ok") | (status == "censored")
            memory = by_value(measured, memory, measure)
            entry = _curve(memory, measure, lags, found, used, status)
            if measure == measures.PRIMARY and memory.value == "read":
                entry["each"] = _each(found.curves, lags, stride)
            result.append(entry)
            control = controls[m] if controls else None
            if control is not None:
                status = np.where(
                    used, np.where(np.isfinite(control.tau), "ok", "censored"), status
                )
                shuffled = _curve(memory, measure, lags, control, used, status)
                entry["text"], shuffled["text"] = "natural", "shuffled"
                shuffled["interval"] = shuffled["slowest"] = None  # not resampled
                result.append(shuffled)
    states = list(dict.fromkeys(m.place for m in measured.memories))
    for measure, between in measured.between.items():
        for s, source in enumerate(states):
            for m, memory in enumerate(measured.memories):
                if memory.value == "read":
                    result.append(
                        {
                            "measure": measure,
                            "layer": memory.layer,
                            "level": memory.level,
                            "state": memory.state,
                            "value": memory.value,
                            "pushed": _member(source),
                            "lags": lags.tolist(),
                            "typical": [rounded(x) for x in between[:, s, m]],
                        }
                    )
    for measure, losses in measured.losses.items():
        result += [_loss(measure, loss, lags[1:]) for loss in losses]
    return result


def _loss(measure: str, loss: Loss, lags: NDArray[np.int64]) -> Curve:
    """The cost of changing one group."""
    return {
        "measure": measure,
        "members": [_member(place) for place in loss.group.members],
        "lags": lags.tolist(),
        "bits": [rounded(x) for x in loss.curve[lags - 1]],
        "total": [rounded(x) for x in (loss.total, loss.total_low, loss.total_high)],
        "tau": [rounded(x) for x in (loss.tau, loss.low, loss.high)],
        "status": loss.status,
    }


def halves_of(measured: Measurement) -> list[HalfRow]:
    """The slow and the fast half of each memory; the losses as those of whole memories."""
    rows: list[HalfRow] = []
    for half in measured.halves:
        loss = _loss(Transplant.key, half.loss, measured.lags[1:])
        rows.append(
            {
                **_member((half.layer, half.level)),
                "half": "slow" if half.slow else "fast",
                "cells": len(half.loss.group.cells or ()),
                "lags": loss["lags"],
                "bits": loss["bits"],
                "total": loss["total"],
                "tau": loss["tau"],
                "status": loss["status"],
            }
        )
    return rows


def _member(place: tuple[int, int | None]) -> Member:
    """A state as the file names it."""
    return {"layer": place[0], "level": place[1], "state": "h" if place[1] is None else "c"}


def _curve(memory: Memory, measure: str, lags: Any, e: Estimates, used: Any, status: Any) -> Curve:
    """One memory's curves and taus in quantiles; taus beyond the cap are null."""
    entry: Curve = {
        "measure": measure,
        "layer": memory.layer,
        "level": memory.level,
        "state": memory.state,
        "value": memory.value,
        "counts": {s: int((status == s).sum()) for s in ("ok", "censored", "dead", "saturated")},
        "lags": lags.tolist(),
        "quantiles": None,
        "tau": None,
        "interval": None,
        "slowest": None,
    }
    if used.any():
        entry["quantiles"] = _quantiles(e.curves[:, used])
        taus = np.quantile(e.tau[used], QUANTILES, method="nearest")
        entry["tau"] = {str(q): rounded(t) for q, t in zip(QUANTILES, taus, strict=True)}
        _, *entry["interval"] = _over_text(e, used, 0.5)
        entry["slowest"] = {str(q): _over_text(e, used, q) for q in SLOWEST}
        for name, values in e.extras.items():
            typical = np.mean if values.dtype == bool else np.median
            # The names of the extras are those of `Curve`.
            entry[name] = rounded(typical(values[used]))  # type: ignore[literal-required]
    return entry


def _over_text(e: Estimates, used: Any, q: float) -> list[float | None]:
    """A quantile of tau over units, and its interval over blocks of text.

    Noise spreads the resampled taus, so that their extreme quantiles lie farther out than that of
    the estimates: the interval is extended to hold it, as `bootstrap.estimated` does.
    """
    drawn = np.quantile(e.samples[:, used], q, axis=1, method="nearest")
    tau = np.quantile(e.tau[used], q, method="nearest")
    low, high = percentile_interval(drawn, e.blocks)
    return [rounded(float(x)) for x in (tau, min(low, tau), max(high, tau))]
