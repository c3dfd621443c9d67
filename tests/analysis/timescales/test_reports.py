"""The shipped result files belong to the shipped checkpoints, and the documentation to both."""

import hashlib
import json
from pathlib import Path

import pytest

from analysis.timescales.schema import CLAIMS
from analysis.timescales.seeds_table import seeds_table
from analysis.timescales.table import tables

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "checkpoints").glob("*.timescales.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_result_is_of_the_checkpoint_beside_it(path):
    result = json.loads(path.read_text(encoding="utf-8"))
    checkpoint = path.with_name(result["model"] + ".safetensors")
    assert path.stat().st_size <= 2_000_000
    assert path.name == result["model"] + ".timescales.json"
    assert result["sha256"] == hashlib.sha256(checkpoint.read_bytes()).hexdigest(), (
        f"{path.name} is stale: measure {checkpoint.name} again"
    )


def test_the_documentation_holds_the_tables_of_the_shipped_results():
    text = (ROOT / "docs" / "explanation" / "timescales-results.md").read_text(encoding="utf-8")
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]
    for row in tables(reports).splitlines():
        assert row in text, "python -m analysis.timescales.table checkpoints/*.timescales.json"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "checkpoints").glob("seeds*.json")), ids=lambda path: path.stem
)
def test_the_documentation_holds_the_table_of_the_seeds(path):
    text = (ROOT / "docs" / "explanation" / "timescales-results.md").read_text(encoding="utf-8")
    result = json.loads(path.read_text(encoding="utf-8"))
    assert seeds_table(result) in text, f"python -m analysis.timescales.table {path}"
    for claim in CLAIMS:
        for test in result[claim]["evidence"]:
            assert test["seeds"] == len(test["effects"]) >= 6
