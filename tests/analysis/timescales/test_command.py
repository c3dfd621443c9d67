"""The command: no measurement is lost, and a GRU beside LSTMs is left out."""

import json

import pytest
from planted_networks import leaky_gru, leaky_nested, letters

from analysis.timescales import seeds, table
from analysis.timescales.__main__ import arguments, run
from analysis.timescales.schema import Report
from models import save_checkpoint

TAUS = [2.0 + k / 4 for k in range(12)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A text, a Nested LSTM and a GRU, and a result file of the GRU."""
    made = tmp_path_factory.mktemp("command")
    (made / "text").write_text(letters(8_500))
    save_checkpoint(made / "nested.safetensors", leaky_nested(TAUS, 0, 1).float())
    save_checkpoint(made / "gru.safetensors", leaky_gru(TAUS).float())
    (made / "no-report.json").write_text('{"model": "gru"}')
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


def test_a_gru_is_no_seed_of_a_claim(folder):
    with pytest.raises(ValueError, match="about LSTMs: leave out gru, which is none"):
        seeds.run(seeds.arguments().parse_args([str(folder / "gru.json")]))


def test_what_was_measured_is_kept_when_no_verdict_can_be_drawn(folder):
    unlike = {key: {} for key in Report.__required_keys__}
    (folder / "other.json").write_text(json.dumps(unlike))
    with pytest.raises(ValueError, match="--compare names a file of another form"):
        ask(folder, "nested", "kept.json", "--compare", folder / "other.json")
    with pytest.raises(ValueError, match="--again or --compare names a file of another form"):
        ask(folder, "nested", "other.json", "--again")
    kept = json.loads((folder / "kept.json").read_text("utf-8"))
    assert kept["units"]
    assert kept["verdicts"] == []
    assert ask(folder, "nested", "kept.json", "--again")["verdicts"] != []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--out", "none/out.json"), "create the folder"),
        (("--out", "."), "is a folder"),
        (("--compare", "no-report.json"), "no-report.json is not a result file: it lacks"),
        (("--again", "--out", "no-report.json"), "no-report.json is not a result file: it lacks"),
    ],
)
def test_what_cannot_end_well_is_refused_before_the_reading(folder, monkeypatch, options, reason):
    monkeypatch.chdir(folder)
    asked = ["--model", "nested.safetensors", "--text", "text", "--out", "never.json", *options]
    monkeypatch.setattr("analysis.timescales.__main__.measure", None)  # is not reached
    with pytest.raises(ValueError, match=reason):
        run(arguments().parse_args(asked))


def test_characters_that_the_model_cannot_read_are_counted_and_told(folder, capsys):
    (folder / "odd").write_text("ЖЖ" + letters(8_498))
    found = ask(folder, "nested", "odd.json", "--text", folder / "odd")
    assert found["settings"]["unknown"] == 2
    assert "2 of 8,500 characters" in (told := capsys.readouterr().out)
    assert "are not in the model's alphabet" in told
    (folder / "foreign").write_text("Ж" * 8_500)
    with pytest.raises(ValueError, match="no character of the text is in the model's alphabet"):
        ask(folder, "nested", "foreign.json", "--text", folder / "foreign")


def test_the_network_of_a_run_is_called_by_its_run(folder):
    (folder / "nested-7").mkdir()
    save_checkpoint(folder / "nested-7" / "final.safetensors", leaky_nested(TAUS, 0, 1).float())
    assert ask(folder, "nested-7/final", "run.json")["model"] == "nested-7"


@pytest.mark.parametrize("command", [seeds, table])
def test_a_file_that_is_none_is_said_in_a_sentence(folder, command):
    (folder / "broken.json").write_text("{")
    (folder / "empty.json").write_text("{}")
    for name, reason in (
        ("broken", "is not JSON"),
        ("empty", "is not a result file: it lacks"),
        ("missing", "No such file"),
    ):
        with pytest.raises((ValueError, OSError), match=reason):
            command.run(command.arguments().parse_args([str(folder / f"{name}.json")]))
