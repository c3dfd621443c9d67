"""The command: no measurement is lost, and a GRU beside LSTMs is left out."""

import json
import sys

import pytest
from planted_networks import leaky_gru, leaky_nested, letters

from analysis.timescales import seeds
from analysis.timescales.__main__ import arguments, run
from models import save_checkpoint

TAUS = [2.0 + k / 4 for k in range(12)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A text, a Nested LSTM and a GRU, and a result file of the GRU."""
    made = tmp_path_factory.mktemp("command")
    (made / "text").write_text(letters(8_500))
    save_checkpoint(made / "nested.safetensors", leaky_nested(TAUS, 0, 1).float())
    save_checkpoint(made / "gru.safetensors", leaky_gru(TAUS).float())
    ask(made, "gru", "gru.json")
    return made


def ask(folder, model, out, *options):
    """Run the command."""
    asked = ["--model", folder / f"{model}.safetensors", "--text", folder / "text"]
    asked += ["--out", folder / out, "--resamples", "20", *options]
    run(arguments().parse_args([str(word) for word in asked]))
    return json.loads((folder / out).read_text("utf-8"))


def test_a_gru_is_no_null_and_no_rival(folder):
    alone = ask(folder, "nested", "alone.json")
    beside = ask(folder, "nested", "beside.json", "--compare", folder / "gru.json")
    assert [verdict["claim"] for verdict in alone["verdicts"]] == ["inner_lasts_longer"]
    assert [verdict["evidence"] for verdict in beside["verdicts"]] == [
        verdict["evidence"] for verdict in alone["verdicts"]
    ]


def test_a_gru_is_no_seed_of_a_claim(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["seeds", str(folder / "gru.json")])
    with pytest.raises(SystemExit, match="about LSTMs: leave out gru, which is none"):
        seeds.main()


def test_what_was_measured_is_kept_when_no_verdict_can_be_drawn(folder):
    (folder / "other.json").write_text("{}")
    with pytest.raises(KeyError):
        ask(folder, "nested", "kept.json", "--compare", folder / "other.json")
    kept = json.loads((folder / "kept.json").read_text("utf-8"))
    assert kept["units"]
    assert kept["verdicts"] == []
    assert ask(folder, "nested", "kept.json", "--again")["verdicts"] != []
