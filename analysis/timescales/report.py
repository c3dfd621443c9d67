"""The result file: everything measured, small enough to ship and to send to a page."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from analysis.timescales.blocks import BURN_IN, PASSAGES
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.comparisons import comparisons
from analysis.timescales.decay import SHORTEST, Floats
from analysis.timescales.measurement import DEAD, SATURATED, Measurement, Settings
from analysis.timescales.measures.autocorrelation import two_timescales
from analysis.timescales.memories import Memory, places
from analysis.timescales.statistics import percentile_interval
from models.networks import CharacterModel

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
MOST_BYTES = 2_000_000
BYTES_A_ROW = 140
CURVES_BYTES = 250_000

Report = dict[str, Any]


def rounded(x: float | np.floating) -> float | None:
    """Four significant digits; None where infinite or unknown."""
    return float(f"{x:.4g}") if np.isfinite(x) else None


def report(
    name: str, model: CharacterModel, text_name: str, settings: Settings, measured: Measurement
) -> Report:
    """The result file's content, without the verdicts (they may need other models' reports)."""
    rows = [row for rows in _rows(measured) for row in rows]
    stride = max(1, -(-len(rows) * BYTES_A_ROW // (MOST_BYTES - CURVES_BYTES)))
    kept = [row for row in rows if row["unit"] is None or row["unit"] % stride == 0]
    caps = {measure: list_[0].cap for measure, list_ in measured.estimates.items()}
    return {
        "model": name,
        "sha256": model.sha256,
        "settings": {
            **asdict(settings),
            "characters": measured.cut.characters,
            "text": text_name,
            "text_sha256": measured.text_sha256,
            "burn_in": BURN_IN,
            "window": measured.cut.window,
            "blocks": measured.cut.blocks,
            "block": measured.cut.block,
            "passages": PASSAGES * measured.cut.blocks,
            "longest": caps | {"transplant": measured.cut.window / 4},
            "shortest": SHORTEST,
            "dead_below_sd": DEAD,
            "saturated_above_share": SATURATED,
            "every_nth_unit": stride,
            "network": {
                "layers": model.rnn.layers,
                "depth": model.rnn.depth,
                "hidden": model.rnn.hidden,
                "parameters": model.parameters_count,
                "seed": model.card.training.get("seed"),
                "valid_bpc": model.card.scores.get("valid_bpc"),
            },
        },
        "units": kept,
        "curves": _curves(measured),
        "comparisons": comparisons(measured),
        "verdicts": [],
    }


def dumps(result: Report) -> str:
    """Compact JSON without NaN."""
    return json.dumps(result, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _row(memory: Memory, unit: int | None, measure: str, status: str, *taus: float) -> Report:
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


def _rows(measured: Measurement) -> Iterable[list[Report]]:
    """Rows of one measure and memory after another."""
    for measure in ("context_swap", "autocorrelation", "impulse"):
        for m, memory in enumerate(measured.memories):
            estimates = measured.estimates[measure][m]
            yield _unit_rows(measure, memory, estimates, statuses(measured, measure, m))
    innermost = [m for m in measured.memories if m.value == "raw"]
    for memory in measured.memories:
        raw = Memory(memory.layer, memory.level, memory.state, "raw")
        if memory.value == "raw":
            layer = innermost.index(memory)
            estimates = measured.estimates["gate"][layer]
            status = np.where(np.isfinite(estimates.tau), "ok", "censored")
            yield _unit_rows("gate", memory, estimates, status)
        elif raw not in innermost:
            yield [_row(raw, u, "gate", "n/a") for u in range(measured.dead.shape[1])]
    for loss in measured.losses:
        if len(loss.group.members) == 1:
            memory = next(m for m in measured.memories if m.place == loss.group.members[0])
            yield [_row(memory, None, "transplant", loss.status, loss.tau, loss.low, loss.high)]


def _unit_rows(measure: str, memory: Memory, e: Estimates, status: Any) -> list[Report]:
    """One row a unit."""
    return [
        _row(memory, u, measure, str(status[u]), e.tau[u], e.low[u], e.high[u])
        for u in range(len(e.tau))
    ]


def statuses(measured: Measurement, measure: str, m: int) -> Any:
    """The status of every unit of a memory: (H,) strings."""
    tau = measured.estimates[measure][m].tau
    status = np.where(np.isfinite(tau), "ok", "censored")
    # A cell stuck at exactly 1 has no variance either: stuck says more than dead.
    status = np.where(measured.dead[m], "dead", status)
    return np.where(measured.saturated[m], "saturated", status)


def _quantiles(curves: Floats) -> dict[str, list[float | None]]:
    """Over units: (lags, U) -> for each quantile one value a lag."""
    return {
        str(q): [rounded(x) for x in row]
        for q, row in zip(QUANTILES, np.quantile(curves, QUANTILES, axis=1), strict=True)
    }


def _curves(measured: Measurement) -> list[Report]:
    """Curves as quantiles over the units that are neither dead nor saturated, and summaries."""
    result = []
    lags = measured.lags
    for measure in ("context_swap", "autocorrelation", "impulse"):
        for m, memory in enumerate(measured.memories):
            status = statuses(measured, measure, m)
            used = (status == "ok") | (status == "censored")
            entry = _curve(memory, measure, lags, measured.estimates[measure][m], used, status)
            if measure == "context_swap" and used.any():
                late = lags >= 0.75 * lags[-1]
                curves = measured.estimates[measure][m].curves
                entry["floor"] = rounded(np.median(curves[late][:, used].mean(0)))
                entry["area"] = rounded(np.median(measured.area[m, used]))
            result.append(entry)
            if measure == "autocorrelation":
                control = measured.shuffled[m]
                tau = control.tau
                status = np.where(used, np.where(np.isfinite(tau), "ok", "censored"), status)
                shuffled = _curve(memory, measure, lags, control, used, status)
                for each, e in ((entry, measured.estimates[measure][m]), (shuffled, control)):
                    _describe_fit(each, lags, e, used)
                entry["text"], shuffled["text"] = "natural", "shuffled"
                shuffled["interval"] = None  # not resampled
                result.append(shuffled)
    for l, memory in enumerate(m for m in measured.memories if m.value == "raw"):
        estimates = measured.estimates["gate"][l]
        status = np.where(np.isfinite(estimates.tau), "ok", "censored")
        result.append(_curve(memory, "gate", lags, estimates, status != "", status))
    states = places(
        max(m.layer for m in measured.memories) + 1,
        max(m.level or 0 for m in measured.memories) + 1,
    )
    for s, source in enumerate(states):
        for m, memory in enumerate(measured.memories):
            if memory.value == "read":
                result.append(
                    {
                        "measure": "impulse",
                        **memory.keys(),
                        "pushed": _member(source),
                        "lags": lags.tolist(),
                        "typical": [rounded(x) for x in measured.between[:, s, m]],
                    }
                )
    for loss in measured.losses:
        k = lags[1:]
        result.append(
            {
                "measure": "transplant",
                "members": [_member(place) for place in loss.group.members],
                "lags": k.tolist(),
                "bits": [rounded(x) for x in loss.curve[k - 1]],
                "total": [rounded(x) for x in (loss.total, loss.total_low, loss.total_high)],
                "tau": [rounded(x) for x in (loss.tau, loss.low, loss.high)],
                "status": loss.status,
            }
        )
    return result


def _member(place: tuple[int, int | None]) -> Report:
    """A state as the file names it."""
    return {"layer": place[0], "level": place[1], "state": "h" if place[1] is None else "c"}


def _curve(memory: Memory, measure: str, lags: Any, e: Estimates, used: Any, status: Any) -> Report:
    """One memory's curves and taus in quantiles; taus beyond the cap are null."""
    entry: Report = {
        "measure": measure,
        **memory.keys(),
        "counts": {s: int((status == s).sum()) for s in ("ok", "censored", "dead", "saturated")},
        "lags": lags.tolist(),
        "quantiles": None,
        "tau": None,
        "interval": None,
    }
    if used.any():
        entry["quantiles"] = _quantiles(e.curves[:, used])
        taus = np.quantile(e.tau[used], QUANTILES, method="nearest")
        entry["tau"] = {str(q): rounded(t) for q, t in zip(QUANTILES, taus, strict=True)}
        medians = np.quantile(e.samples[:, used], 0.5, axis=1, method="nearest")
        entry["interval"] = [rounded(float(x)) for x in percentile_interval(medians, e.blocks)]
    return entry


def _describe_fit(entry: Report, lags: Any, e: Estimates, used: Any) -> None:
    """Medians of what the fit says beside tau."""
    if e.fit is None or not used.any():
        return
    double = two_timescales(lags, e.curves[1:], e.fit, e.cap)
    entry["amplitude"] = rounded(np.median(e.fit.amplitude[used]))
    entry["explained"] = rounded(np.median(e.fit.explained[used]))
    entry["two_timescales"] = rounded(np.mean(double[used]))
