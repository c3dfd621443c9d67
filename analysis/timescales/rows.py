"""The rows of a result file: the timescale of every unit, by every measure."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.timescales import measures
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.measurement import Measurement
from analysis.timescales.memories import Memory
from analysis.timescales.schema import UnitRow


def rounded(x: float | np.floating) -> float | None:
    """Four significant digits; None where infinite or unknown."""
    return float(f"{x:.4g}") if np.isfinite(x) else None


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


def unit_rows(measured: Measurement) -> Iterable[list[UnitRow]]:
    """Rows of one measure and memory after another, first those with a timescale a unit."""
    for measure, estimates in measured.estimates.items():
        for m, memory in enumerate(measured.memories):
            found = estimates[m]
            if found is not None:
                of = by_value(measured, memory, measure)
                yield _of_units(measure, of, found, statuses(measured, measure, m))
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


def by_value(measured: Measurement, memory: Memory, measure: str) -> Memory:
    """A memory by the value that a measure is of, where it has but one."""
    if _has_raw(measured, memory) or memory.value == "raw":
        return memory
    return replace(memory, value=measures.named(measure).value)


def _of_units(measure: str, memory: Memory, e: Estimates, status: Any) -> list[UnitRow]:
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
