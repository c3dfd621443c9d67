"""Result files as the Markdown tables of docs/explanation/timescales-results.md.

`python -m analysis.timescales.table checkpoints/*.timescales.json`; the result of
`analysis.timescales.seeds` in a file gives the table of a claim about architectures.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from analysis.command import carry_out
from analysis.inputs import read_result
from analysis.timescales import measures
from analysis.timescales.curves import SLOWEST
from analysis.timescales.schema import (
    CLAIMS,
    Curve,
    MemoryKeys,
    NetworkFacts,
    Report,
)
from analysis.timescales.seeds_table import seeds_table
from analysis.timescales.verdicts.evidence import cell_rows
from models.memories import states


def name(keys: MemoryKeys | Curve, network: NetworkFacts) -> str:
    """A memory in words, as the page has them."""
    known = states(network["layers"], network["depth"], network.get("cell", "lstm"))
    found = next(s for s in known if (s.layer, s.level) == (keys["layer"], keys["level"]))
    return found.name + (", raw" if keys["value"] == "raw" else "")


def number(x: float | None) -> str:
    """Three digits; "censored" for null."""
    return "censored" if x is None else f"{x:.3g}"


def head() -> str:
    """The first two lines of the table of memories."""
    cells = ["model", "memory", "used", "saturated, dead"]
    for kind in measures.MEASURES:
        if not kind.of_units:
            cells += [f"{kind.label}: bits", "its tau"]
        else:
            cells.append(kind.label)
            cells += [f"{kind.label} on shuffled text"] * kind.shuffled
    return f"| {' | '.join(cells)} |\n{'|---' * len(cells)}|\n"


def memory_rows(report: Report) -> list[str]:
    """One row a memory: of every measure of units the median, with the middle 80 % in brackets."""
    curves: dict[tuple[str, str, bool], Curve] = {}
    losses: dict[tuple[str, str], Curve] = {}
    network = report["settings"]["network"]
    for curve in report["curves"]:
        if "members" in curve:
            if len(curve["members"]) == 1:
                memory = name({**curve["members"][0], "value": "read"}, network)
                losses[memory, curve["measure"]] = curve
        elif "counts" in curve:
            curves[name(curve, network), curve["measure"], curve.get("text") == "shuffled"] = curve
    rows = []
    for memory in dict.fromkeys(memory for memory, _, _ in curves):
        counts = next(c["counts"] for (m, _, _), c in curves.items() if m == memory)
        cells = [
            report["model"],
            memory,
            str(counts["ok"] + counts["censored"]),
            f"{counts['saturated']}, {counts['dead']}",
        ]
        for kind in measures.MEASURES:
            if not kind.of_units:
                cells += _loss_cells(losses.get((memory, kind.key)))
                continue
            cells.append(_tau_cell(curves.get((memory, kind.key, False)), kind.of_gates))
            if kind.shuffled:
                cells.append(_tau_cell(curves.get((memory, kind.key, True))))
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _tau_cell(curve: Curve | None, of_gates: bool = False) -> str:
    """The median timescale, its middle 80 %, and the amplitude of a fit."""
    if curve is None:
        return "n/a" if of_gates else ""
    if curve["tau"] is None:
        return "-"
    low, middle, high = (number(curve["tau"][q]) for q in ("0.1", "0.5", "0.9"))
    cell = f"{middle} ({low}-{high})"
    return f"{cell}, A {number(curve['amplitude'])}" if "amplitude" in curve else cell


def _loss_cells(loss: Curve | None) -> list[str]:
    """The bits lost in all, and their timescale."""
    if loss is None:
        return ["", ""]
    tau = number(loss["tau"][0]) if loss["status"] == "ok" else str(loss["status"])
    return [number(loss["total"][0]), tau]


def verdict_rows(report: Report) -> list[str]:
    """One row per verdict, with the conditions that fail."""
    rows = []
    for verdict in report["verdicts"]:
        about = CLAIMS[verdict["claim"]]
        if "inner" in verdict:
            about += f" (level {verdict['inner']} against {verdict['outer']})"
        else:
            about += f" ({verdict['rival']})"
        failing = []
        for evidence in verdict["evidence"]:
            if not evidence.get("holds", False):
                said = f"{evidence['test']}, {evidence.get('measure', '')}".rstrip(", ")
                if "null" in evidence:
                    layer = int(evidence["null"]["layer"]) + 1
                    said += f" ({evidence['null']['model']}, layer {layer})"
                if "low" in evidence:
                    said += f": {evidence['estimate']:.2g} [{evidence['low']:.2g}, "
                    said += f"{evidence['high']:.2g}]"
                if "low" in evidence and "text_low" in evidence:
                    said += f", over text [{evidence['text_low']:.2g}, {evidence['text_high']:.2g}]"
                failing.append(said)
        held = len(verdict["evidence"]) - len(failing)
        rows.append(
            f"| {report['model']} | {about} | **{verdict['answer']}** | {held} of "
            f"{len(verdict['evidence'])} hold; not: {'; '.join(failing) or 'none'} |"
        )
    return rows


def slowest_rows(report: Report) -> list[str]:
    """One row a memory of cells: its slowest ones by context swap, and where the network's lie.

    The interval is over blocks of text; files measured before there was one have none.
    """
    network = report["settings"]["network"]
    longest = report["settings"]["longest"][measures.PRIMARY]
    taus: dict[str, list[float]] = {}
    for row in cell_rows(report):
        values = taus.setdefault(name(row, network), [])
        if row["status"] == "ok" and row["tau"] is not None:
            values.append(row["tau"])
        elif row["status"] == "censored":
            values.append(longest)
    curves = {
        name(curve, network): curve.get("slowest")
        for curve in report["curves"]
        if curve["measure"] == measures.PRIMARY and "counts" in curve and curve["value"] == "read"
    }
    every = sorted(value for values in taus.values() for value in values)
    few = every[-max(1, len(every) // 20) :] if every else []
    rows = []
    for memory, values in taus.items():
        cells = [report["model"], memory]
        for q in SLOWEST:
            found = (curves.get(memory) or {}).get(str(q))
            if found:
                cells.append("{} [{}, {}]".format(*map(number, found)))
            else:
                tau = float(np.quantile(values, q, method="nearest")) if values else None
                cells.append(number(tau) if values else "-")
        there = sum(value >= few[0] for value in values) if few else 0
        rows.append(f"| {' | '.join(cells)} | {there} of {len(values)} |")
    return rows


def half_rows(report: Report) -> list[str]:
    """A row a memory: its slower and its faster half, transplanted alone; none if not measured."""
    network = report["settings"]["network"]
    rows: dict[str, list[str]] = {}
    for half in report.get("halves", []):
        memory = name(
            {
                "layer": half["layer"],
                "level": half["level"],
                "state": half["state"],
                "value": "read",
            },
            network,
        )
        cells = rows.setdefault(memory, [report["model"], memory, str(half["cells"])])
        total, low, high = half["total"]
        cells.append(f"{number(total)} [{number(low)}, {number(high)}]")
        cells.append(number(half["tau"][0]) if half["status"] == "ok" else half["status"])
    return [f"| {' | '.join(cells)} |" for cells in rows.values()]


def tables(reports: list[Report]) -> str:
    """All tables."""
    memories = [row for report in reports for row in memory_rows(report)]
    verdicts = [row for report in reports for row in verdict_rows(report)]
    lines = head() + "\n".join(memories) + "\n"
    lines += "\n| model | cells | 95 % | 99 % | among the network's slowest twentieth |\n"
    lines += "|---|---|---|---|---|\n"
    lines += "\n".join(row for report in reports for row in slowest_rows(report)) + "\n"
    if halves := [row for report in reports for row in half_rows(report)]:
        lines += "\n| model | cells | in each half | slow half: bits | its tau "
        lines += "| fast half: bits | its tau |\n|---|---|---|---|---|---|---|\n"
        lines += "\n".join(halves) + "\n"
    if verdicts:
        lines += "\n| model | claim | verdict | conditions (log2 ratio and interval over units) |\n"
        lines += "|---|---|---|---|\n" + "\n".join(verdicts) + "\n"
    return lines


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m analysis.timescales.table")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="result files")
    return parser


def run(options: argparse.Namespace) -> None:
    """Print the tables.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    found = [result_in(file) for file in options.files]
    if reports := [result for result in found if "model" in result]:
        sys.stdout.write(tables(reports))
    for result in found:
        if "model" not in result:
            sys.stdout.write(seeds_table(result))


def result_in(file: Path) -> Any:
    """The result in a file: of one network, or over seeds.

    Raises:
        OSError, ValueError: as `read_result`.
    """
    found = read_result(file)
    return read_result(file, Report.__required_keys__ if "model" in found else CLAIMS)


if __name__ == "__main__":
    carry_out(arguments(), run)
