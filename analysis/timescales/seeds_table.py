"""The verdicts over seeds as Markdown tables: a claim about architectures, and its networks."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.timescales.measures.transplant import Transplant
from analysis.timescales.schema import CLAIMS, SeedNetworks, SeedVerdict
from analysis.timescales.verdicts.evidence import DECISIVE
from models.memories import states


def seeds_table(result: Mapping[str, Any]) -> str:
    """A claim about architectures: a row per measure, an effect per seed; then the networks.

    Files written before the networks were recorded have the first table alone.
    """
    verdicts = {claim: verdict for claim, verdict in result.items() if claim in CLAIMS}
    written = _effects(verdicts)
    if "networks" in result:
        written += "\n" + _networks(result["networks"])
    return written


def _networks(found: list[SeedNetworks]) -> str:
    """A row per memory: its timescales, from the lowest to the highest seed."""
    lines = [
        "| network | bits | memory | saturated | context swap | impulse | transplant |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in found:
        layers, depth = kind["layers"], kind["depth"]
        words = "Nested LSTM" if depth > 1 else "Stacked LSTM" if layers > 1 else "LSTM"
        known = [bits for bits in kind["valid_bpc"] if bits is not None]
        head = [f"{words}, {len(kind['seeds'])} seeds", _span(known, ".3f")]
        memories = {(state.layer, state.level): state.name for state in states(layers, depth)}
        for k, memory in enumerate(kind["memories"]):
            cells = [
                *(head if k == 0 else ["", ""]),
                memories[memory["layer"], memory["level"]],
                _span(memory["saturated"], ".0%"),
            ]
            for measure in (*DECISIVE, Transplant.key):
                cells.append(_span(memory["timescales"][measure] or (), ".3g"))
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _span(values: Sequence[float], form: str) -> str:
    """The lowest and the highest value; one number if they read the same."""
    if not values:
        return "-"
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low} to {high}"


def _effects(result: Mapping[str, SeedVerdict]) -> str:
    """A row per claim and measure."""
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
