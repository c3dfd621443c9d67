"""Result files as the Markdown tables of docs/timescales.md.

`python -m analysis.timescales.table checkpoints/*.timescales.json`; the result of
`analysis.timescales.seeds` in a file gives the table of a claim about architectures.
"""

import argparse
import json
import sys
from pathlib import Path

from analysis.timescales.verdicts import Report

HEAD = (
    "| model | memory | used | saturated, dead | swap (10-90 %) | impulse | gate "
    "| autocorrelation (A) | on shuffled text | transplant: bits | its tau |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|\n"
)
CLAIMS = {
    "inner_lasts_longer": "(a) inner lasts longer than outer",
    "inner_outlasts_stacked": "(b) inner cells outlast the Stacked LSTM's upper layer",
}


def name(keys: Report) -> str:
    """A memory in words."""
    place = "h" if keys["level"] is None else f"c, level {keys['level']}"
    raw = ", raw" if keys["value"] == "raw" else ""
    return f"layer {keys['layer']}: {place}{raw}"


def number(x: float | None) -> str:
    """Three digits; beyond what can be told where null."""
    return "censored" if x is None else f"{x:.3g}"


def memory_rows(report: Report) -> list[str]:
    """One row a memory; medians over the units used."""
    curves: dict[tuple[str, str], Report] = {}
    losses: dict[str, Report] = {}
    for curve in report["curves"]:
        if curve["measure"] == "transplant":
            if len(curve["members"]) == 1:
                losses[name(curve["members"][0] | {"value": "read"})] = curve
        elif "counts" in curve:
            kind = "shuffled" if curve.get("text") == "shuffled" else curve["measure"]
            curves[name(curve), kind] = curve
    rows = []
    for memory in dict.fromkeys(memory for memory, _ in curves):
        swap = curves[memory, "context_swap"]
        counts = swap["counts"]
        cells = [
            report["model"],
            memory,
            str(counts["ok"] + counts["censored"]),
            f"{counts['saturated']}, {counts['dead']}",
        ]
        if swap["tau"] is None:
            cells += ["-"]
        else:
            low, middle, high = (number(swap["tau"][q]) for q in ("0.1", "0.5", "0.9"))
            cells += [f"{middle} ({low}-{high})"]
        for kind in ("impulse", "gate", "autocorrelation", "shuffled"):
            curve = curves.get((memory, kind), {"tau": None})
            cell = "-" if curve["tau"] is None else number(curve["tau"]["0.5"])
            if "amplitude" in curve:
                cell += f" ({number(curve['amplitude'])})"
            if kind == "gate" and cell == "-":  # the gate's is the raw cell's row
                cell = "" if (f"{memory}, raw", "gate") in curves else "n/a"
            cells.append(cell)
        loss = losses.get(memory)
        if loss is None:
            cells += ["", ""]
        else:
            cells.append(number(loss["total"][0]))
            cells.append(number(loss["tau"][0]) if loss["status"] == "ok" else loss["status"])
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def verdict_rows(report: Report) -> list[str]:
    """One row a verdict, with what does not hold."""
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
                    said += f" ({evidence['null']['model']}, layer {evidence['null']['layer']})"
                if "low" in evidence:
                    said += f": {evidence['estimate']:.2g} [{evidence['low']:.2g}, "
                    said += f"{evidence['high']:.2g}]"
                failing.append(said)
        held = len(verdict["evidence"]) - len(failing)
        rows.append(
            f"| {report['model']} | {about} | **{verdict['answer']}** | {held} of "
            f"{len(verdict['evidence'])} hold; not: {'; '.join(failing) or 'none'} |"
        )
    return rows


def tables(reports: list[Report]) -> str:
    """Both tables."""
    memories = [row for report in reports for row in memory_rows(report)]
    verdicts = [row for report in reports for row in verdict_rows(report)]
    lines = HEAD + "\n".join(memories) + "\n"
    if verdicts:
        lines += "\n| model | claim | verdict | conditions (log2 ratio and interval over units) |\n"
        lines += "|---|---|---|---|\n" + "\n".join(verdicts) + "\n"
    return lines


def seeds_table(result: Report) -> str:
    """A claim about architectures: a row a measure, an effect a seed."""
    lines = [
        "| claim | verdict | measure | effect of each seed (log2) | estimate and interval | p |",
        "|---|---|---|---|---|---|",
    ]
    for claim, verdict in result.items():
        for k, test in enumerate(verdict["evidence"]):
            head = [CLAIMS[claim], f"**{verdict['answer']}** ({verdict['scope']})"]
            interval = "-"
            if test["estimate"] is not None:
                interval = f"{test['estimate']:.2g} [{test['low']:.2g}, {test['high']:.2g}]"
            cells = [
                *(head if k == 0 else ["", ""]),
                test["measure"].replace("_", " "),
                ", ".join(f"{effect:.2g}" for effect in test["effects"]),
                interval,
                f"{test['p_sign']:.2g}",
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m analysis.timescales.table")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="result files")
    options = parser.parse_args()
    found = [json.loads(file.read_text(encoding="utf-8")) for file in options.files]
    if reports := [result for result in found if "model" in result]:
        sys.stdout.write(tables(reports))
    for result in found:
        if "model" not in result:
            sys.stdout.write(seeds_table(result))
