"""The scores in bits that the prose gives: each is of a run that is recorded."""

import math
import re
import statistics
from pathlib import Path

import pytest

from experiments.paper import TABLES
from experiments.report.seeds import by_seed, name_of
from experiments.results import FOLDER, load_results
from models import load_checkpoint

ROOT = Path(__file__).parents[3]
SHIPPED = sorted(
    path.stem
    for path in (ROOT / "checkpoints").glob("*.safetensors")
    if (FOLDER / f"{path.stem}.json").exists()
)
"""Checkpoints whose run is recorded."""
REPLACED = {
    "nested-ptb": {"1.419"},
    "stacked-ptb": {"1.416"},
    "lstm-ptb": {"1.416"},
    "nested-war-and-peace": {"1.726"},
    "stacked-war-and-peace": {"1.764"},
}
"""Scores of the earlier networks of that name, with a zero bias; the page says so of them."""


def told() -> dict[str, set[str]]:
    """Of each run, and of each group of seeds, its scores as a page would write them."""
    found: dict[str, set[str]] = {}
    for runs in by_seed(load_results()):
        group = found.setdefault(name_of(runs), set())
        for run in runs:
            epochs = (x for epoch in run["epochs"] for x in epoch.values())
            scores = {f"{x:.3f}" for x in (*run["scores"].values(), *epochs)}
            found.setdefault(run["name"], set()).update(scores)
            group |= scores
        for key in runs[0]["scores"] if len(runs) > 1 else ():
            values = [run["scores"][key] for run in runs]
            group |= {f"{statistics.mean(values):.3f}", f"{statistics.stdev(values):.3f}"}
    for name, scores in REPLACED.items():
        found[name] |= scores
    theirs = [x for table in TABLES for row in table.rows for x in row.paper.values()]
    found["paper"] = {f"{x:.3f}" for x in theirs}
    found["paper"] |= {f"{math.log2(x):.3f}" for x in theirs if x > 100}  # perplexities
    return found


def bits(text: str) -> list[str]:
    """Numbers from 1 to 9 with three decimals."""
    return re.findall(r"(?<![\d.,])[1-9]\.\d{3}(?!\d)", text)


def test_each_score_in_bits_of_the_findings_is_of_a_run_named_beside_it():
    known = told()
    findings = (ROOT / "docs" / "explanation" / "findings.md").read_text("utf-8")
    checked = 0
    for paragraph in findings.split("\n\n"):
        names = {"paper", *re.findall(r"`([\w.-]+)`", paragraph)} & known.keys()
        scores = set().union(*(known[name] for name in names))
        assert not [number for number in bits(paragraph) if number not in scores], paragraph
        checked += len(bits(paragraph))
    assert checked > 30


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "checkpoints/README.md",
        "experiments/README.md",
        "docs/explanation/timescales-results.md",
    ],
)
def test_each_score_in_bits_of_another_page_is_of_some_run(page):
    scores = set().union(*told().values())
    found = bits((ROOT / page).read_text("utf-8"))
    assert not [number for number in found if number not in scores]
    assert len(found) > 5


def test_many_checkpoints_have_a_recorded_run():
    assert len(SHIPPED) > 10


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_network_has_the_scores_of_its_run(name):
    card = load_checkpoint(ROOT / f"checkpoints/{name}.safetensors").card
    (result,) = (result for result in load_results() if result["name"] == name)
    assert card.scores == result["scores"]
