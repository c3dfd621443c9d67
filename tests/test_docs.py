"""What the documentation shows, run as a reader would."""

import re
from pathlib import Path

import torch

from models import load_checkpoint

DOCS = Path(__file__).parents[1] / "docs"


def test_a_torch_lstm_becomes_a_checkpoint_as_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("checkpoints").mkdir()
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(4, 256, num_layers=2, batch_first=True)
    linear = torch.nn.Linear(256, 4)
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "checkpoints.md").read_text(), re.DOTALL)
    exec(code, {"lstm": lstm, "linear": linear, "symbols": ["\n", " ", "a", "b"]})
    trace = load_checkpoint("checkpoints/mine.safetensors").trace("ab ba\n")
    one_hot = torch.nn.functional.one_hot(torch.tensor([[2, 3, 1, 3, 2, 0]]), 4).float()
    with torch.no_grad():
        logits = linear(lstm(one_hot)[0])[0]
    torch.testing.assert_close(torch.from_numpy(trace.logits), logits, atol=1e-5, rtol=0)


def test_every_code_of_an_error_is_documented():
    codes: set[str] = set()
    for path in (DOCS.parent / "app").rglob("*.py"):
        codes |= set(re.findall(r'Refusal\(\s*\d+,\s*"(\w+)"', path.read_text()))
    pages = (DOCS / "api.md").read_text() + (DOCS / "protocol.md").read_text()
    assert len(codes) > 10
    assert [code for code in sorted(codes) if f"`{code}`" not in pages] == []
