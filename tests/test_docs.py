"""What the documentation shows, run as a reader would."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import torch
from written_corpora import a_text, write_corpus

from analysis.corpus.cells import Network
from models import load_checkpoint

DOCS = Path(__file__).parents[1] / "docs"


def test_a_torch_lstm_becomes_a_checkpoint_as_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("checkpoints").mkdir()
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(4, 256, num_layers=2, batch_first=True)
    linear = torch.nn.Linear(256, 4)
    (code,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "reference" / "checkpoints.md").read_text(), re.DOTALL
    )
    exec(code, {"lstm": lstm, "linear": linear, "symbols": ["\n", " ", "a", "b"]})
    trace = load_checkpoint("checkpoints/mine.safetensors").trace("ab ba\n")
    one_hot = torch.nn.functional.one_hot(torch.tensor([[2, 3, 1, 3, 2, 0]]), 4).float()
    with torch.no_grad():
        logits = linear(lstm(one_hot)[0])[0]
    torch.testing.assert_close(torch.from_numpy(trace.logits), logits, atol=1e-5, rtol=0)


def test_a_corpus_is_summarised_as_the_page_says(tmp_path):
    """Passages, histograms and runs of the page's code are those of the values."""
    network, draw = Network("lstm", 1, 1, 2), np.random.default_rng(0)
    values = np.clip(np.cumsum(draw.integers(-9, 10, (3000, 2)), 0), -127, 127).astype(np.int8)
    write_corpus(tmp_path / "corpus", values, a_text(3000), network, part=1000)
    (code,) = re.findall(
        r"```python\n(.*?)```",
        (DOCS / "how-to" / "corpus-on-a-cluster.md").read_text("utf-8"),
        re.DOTALL,
    )
    names: dict[str, Any] = {}
    exec(code, names)
    names["summarise"](tmp_path / "corpus", tmp_path / "out", 3)
    counts = pq.read_table(tmp_path / "out" / "histograms.parquet").to_pylist()
    assert (
        counts[1]["counts"] == np.bincount(values[:, 1].astype(int) + 127, minlength=255).tolist()
    )
    best = pq.read_table(tmp_path / "out" / "passages.parquet").to_pylist()
    assert len(best) == 2 * 2 * 3
    assert best[0]["position"] == int(values[:, 0].argmax())
    runs = pq.read_table(tmp_path / "out" / "runs.parquet").to_pylist()
    assert runs
    for run in runs:
        here = values[run["start"] : run["stop"], int(run["cell"][-1])]
        assert (run["sign"] * here >= 64).all()
        assert len(here) >= 20


def test_every_code_of_an_error_is_documented():
    codes: set[str] = set()
    for path in (DOCS.parent / "app").rglob("*.py"):
        codes |= set(re.findall(r'Refusal\(\s*\d+,\s*"(\w+)"', path.read_text()))
    pages = "".join((DOCS / "reference" / name).read_text() for name in ("api.md", "protocol.md"))
    assert len(codes) > 10
    assert [code for code in sorted(codes) if f"`{code}`" not in pages] == []


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    root = DOCS.parent
    return [p for p in root.rglob("*.md") if not {".venv", "node_modules", "data"} & set(p.parts)]


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for page in pages():
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            target = link.split("#")[0]
            if target and not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(DOCS.parent)}: {link}")
    assert broken == []


def test_every_page_of_the_documentation_is_in_its_index():
    index = (DOCS / "index.md").read_text("utf-8")
    missing = [
        page.relative_to(DOCS).as_posix()
        for page in DOCS.rglob("*.md")
        if page.name != "index.md" and f"]({page.relative_to(DOCS).as_posix()})" not in index
    ]
    assert missing == []


def test_every_file_that_contributors_are_sent_to_is_there():
    page = (DOCS.parent / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`([\w.]+/[\w./]+)`", page)
    assert len(named) > 8
    missing = [name for name in named if "NAME" not in name and not (DOCS.parent / name).exists()]
    assert missing == []
