"""Two verdicts in words, by rules declared before anything was measured.

They are drawn from result files alone, so several models can be judged together and judged again.
"""

from analysis.timescales.schema import Report, Verdict
from analysis.timescales.verdicts.evidence import network, of_lstm
from analysis.timescales.verdicts.inner import inner_lasts_longer
from analysis.timescales.verdicts.stacked import outlasts_stacked


def verdicts(report: Report, others: list[Report]) -> list[Verdict]:
    """Every verdict that a report allows beside others of LSTMs on the same text."""
    layers, depth = network(report)
    if depth == 1:
        return []
    others = [other for other in others if of_lstm(other)]
    same = [
        other
        for other in others
        if other["settings"]["text_sha256"] == report["settings"]["text_sha256"]
    ]
    result = [
        inner_lasts_longer(report, l, inner, outer, same)
        for l in range(layers)
        for inner in reversed(range(1, depth))
        for outer in reversed(range(inner))
    ]
    rivals = [other for other in others if network(other)[0] > 1 and network(other)[1] == 1]
    return result + [outlasts_stacked(report, rival) for rival in rivals]
