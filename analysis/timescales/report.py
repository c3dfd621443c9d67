"""The result file: everything measured, small enough to ship and to send to a page."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.timescales import measures
from analysis.timescales.activity import DEAD
from analysis.timescales.blocks import BURN_IN, PASSAGES
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.comparisons import comparisons
from analysis.timescales.decay import SHORTEST, Floats
from analysis.timescales.measurement import Measurement, Settings
from analysis.timescales.measures.measure import Loss
from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.memories import Memory
from analysis.timescales.schema import Curve, Each, HalfRow, Member, Report, UnitRow
from analysis.timescales.statistics import percentile_interval
from models.memories import SATURATED_SHARE
from models.networks import CharacterModel

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SLOWEST = (0.95, 0.99)
"""Quantiles that show the few cells with a long memory, which a median hides."""
MOST_BYTES = 2_000_000
BYTES_A_ROW = 155
EACH = 16
"""Lags at which the curve of every unit is kept, of the primary measure."""
CURVES_BYTES = 250_000


def rounded(x: float | np.floating) -> float | None:
    """Four significant digits; None where infinite or unknown."""
    return float(f"{x:.4g}") if np.isfinite(x) else None


def report(
    name: str, model: CharacterModel, text_name: str, settings: Settings, measured: Measurement
) -> Report:
    """The result file's content, without the verdicts (they may need other models' reports)."""
    kept, stride = _listed([row for rows in _rows(measured) for row in rows])
    caps = {
        measure: next(found.cap for found in estimates if found is not None)
        for measure, estimates in measured.estimates.items()
    }
    caps |= dict.fromkeys(measured.losses, measured.cut.window / 4)
    result: Report = {
        "model": name,
        "sha256": model.sha256,
        "settings": {
            "characters": measured.cut.characters,
            "unknown": measured.unknown,
            "resamples": settings.resamples,
            "seed": settings.seed,
            "text": text_name,
            "text_sha256": measured.text_sha256,
            "burn_in": BURN_IN,
            "window": measured.cut.window,
            "blocks": measured.cut.blocks,
            "block": measured.cut.block,
            "passages": PASSAGES * measured.cut.blocks,
            "longest": caps,
            "shortest": SHORTEST,
            "dead_below_sd": DEAD,
            "saturated_above_share": SATURATED_SHARE,
            "every_nth_unit": stride,
            "network": {
                "layers": model.rnn.layers,
                "depth": model.rnn.depth,
                "cell": model.rnn.cell,
                "hidden": model.rnn.hidden,
                "parameters": model.parameters_count,
                "seed": model.card.training.get("seed"),
                "valid_bpc": model.card.scores.get("valid_bpc"),
            },
        },
        "units": kept,
        "curves": _curves(measured, stride),
        "comparisons": comparisons(measured),
        "verdicts": [],
    }
    if measured.halves:
        result["halves"] = _halves(measured)
    return result


def dumps(result: Report) -> str:
    """Compact JSON without NaN."""
    return json.dumps(result, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _listed(rows: list[UnitRow]) -> tuple[list[UnitRow], int]:
    """The rows that fit into the file; of every n-th unit only, and that n, where not all do.

    The primary measure says how long a cell remembers: it is kept of every unit, unless it alone
    fills half of the file (with some 900 cells in each of two stacked layers).
    """
    room = (MOST_BYTES - CURVES_BYTES) // BYTES_A_ROW
    primary = sum(row["measure"] == measures.PRIMARY for row in rows)
    whole = primary <= room // 2
    thinned, left = (len(rows) - primary, room - primary) if whole else (len(rows), room)
    stride = max(1, -(-thinned // left))
    return [
        row
        for row in rows
        if row["unit"] is None
        or row["unit"] % stride == 0
        or (whole and row["measure"] == measures.PRIMARY)
    ], stride


def _row(memory: Memory, unit: int | None, measure: str, status: str, *taus: float) -> UnitRow:
    """One entry of `units`; the numbers only where the status is ok."""
    tau, low, high = (rounded(t) for t in taus) if status == "ok" else (None, None, None)
    return {
        **memory.keys(),
        "unit": unit,
        "measure": measure,
        "tau": tau,
        "low": low,
        "high": high,
        "status": status,
    }


def _rows(measured: Measurement) -> Iterable[list[UnitRow]]:
    """Rows of one measure and memory after another, first those with a timescale a unit."""
    for measure, estimates in measured.estimates.items():
        for m, memory in enumerate(measured.memories):
            found = estimates[m]
            if found is not None:
                of = _by_value(measured, memory, measure)
                yield _unit_rows(measure, of, found, statuses(measured, measure, m))
            elif not _has_raw(measured, memory):
                units = range(measured.dead.shape[1])
                raw = replace(memory, value="raw")
                yield [_row(raw, u, measure, "n/a") for u in units]
    for measure, losses in measured.losses.items():
        for loss in losses:
            if len(loss.group.members) == 1:
                memory = next(m for m in measured.memories if m.place == loss.group.members[0])
                yield [_row(memory, None, measure, loss.status, loss.tau, loss.low, loss.high)]


def _has_raw(measured: Measurement, memory: Memory) -> bool:
    """Return whether a memory is measured twice, as it is read and raw."""
    return Memory(memory.layer, memory.level, memory.state, "raw") in measured.memories


def _by_value(measured: Measurement, memory: Memory, measure: str) -> Memory:
    """A memory by the value that a measure is of, where it has but one."""
    if _has_raw(measured, memory) or memory.value == "raw":
        return memory
    return replace(memory, value=measures.named(measure).value)


def _unit_rows(measure: str, memory: Memory, e: Estimates, status: Any) -> list[UnitRow]:
    """One row per unit."""
    return [
        _row(memory, u, measure, str(status[u]), e.tau[u], e.low[u], e.high[u])
        for u in range(len(e.tau))
    ]


def statuses(measured: Measurement, measure: str, m: int) -> Any:
    """The status of every unit of a memory: (H,) strings."""
    estimates = measured.estimates[measure][m]
    assert estimates is not None
    status = np.where(np.isfinite(estimates.tau), "ok", "censored")
    if measures.named(measure).of_gates:
        return status  # a gate is open or shut whatever the cell carries
    # A cell stuck at exactly 1 has no variance either: stuck says more than dead.
    status = np.where(measured.dead[m], "dead", status)
    return np.where(measured.saturated[m], "saturated", status)


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


def _curves(measured: Measurement, stride: int) -> list[Curve]:
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
            memory = _by_value(measured, memory, measure)
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


def _halves(measured: Measurement) -> list[HalfRow]:
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
