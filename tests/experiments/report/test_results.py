"""The results: taken from a finished run as they are, and the README's tables made of them."""

import argparse
import json
import runpy
import sys

import numpy as np
import pytest

from experiments.datasets import text
from experiments.datasets.mnist import Digits
from experiments.paper import TABLES
from experiments.report import charts
from experiments.report.search import RECIPE, varied
from experiments.report.search import sheet as search
from experiments.report.seeds import by_seed, name_of
from experiments.report.tables import sheets
from experiments.results import (
    FOLDER,
    PAGE,
    README,
    load_results,
    page,
    result_of,
    rewritten,
    tables,
)
from experiments.tasks.digits import Glimpses
from experiments.train.loop import Run
from experiments.train.run import finish
from experiments.train.settings import Settings, parse, settings_of, typed


def test_the_readme_tells_the_results():
    text = README.read_text()
    assert text == rewritten(text, load_results())
    for runs in by_seed(load_results()):
        if varied(runs[0]):  # a row of the search: what is changed, without a name
            mean = np.mean([run["scores"]["valid_bpc"] for run in runs])
            assert any(
                f"| {mean:.3f}" in line for line in text.split("### The search")[1].split("\n")
            )
        else:
            assert f"`{name_of(runs)}`" in text


def test_the_search_changes_one_thing_for_every_architecture():
    """The mean over seeds by architecture; other epochs, sizes and starts are no part of it."""
    nested = vars(RECIPE)

    def of(name, bits, saturated, *, experiment="ptb", parameters=65_000, **settings):
        return {
            "name": name,
            "experiment": experiment,
            "data": experiment,
            "parameters": parameters,
            "settings": nested | settings,
            "scores": {"valid_bpc": bits, "saturated": saturated},
        }

    stacked = {"layers": 2, "depth": 1}
    found = search(
        [
            of("one", 2.0, 0.25),
            of("two", 2.002, 0.75, seed=2),
            of("rate", 2.5, 0.0, learning_rate=0.01, **stacked),
            of("square", 2.1, 0.0, penalty=0.01, drift=0.0),
            of("longer", 1.5, 0.0, epochs=2),
            of("zero", 1.5, 0.0, head_bias="zero"),
            of("large", 1.5, 0.0, parameters=800_000),
            of("elsewhere", 1.5, 0.0, experiment="text"),
            of("another", 1.5, 0.0, learning_rate=0.002, schedule="constant", carry=False),
        ]
    )
    names = ["Nested LSTM, 64 cells", "Stacked LSTM, 2 x 64 cells"]
    assert found["head"] == [names[0], "saturated", names[1], "saturated"]
    assert {line["label"]: line["cells"] for line in found["lines"]} == {
        "the recipe": ["2.001 ± 0.001", "50.0 %", "–", "–"],
        "learning rate 0.01": ["–", "–", "2.500", "0.0 %"],
        "penalty 0.01 on the size of the innermost cells; no penalty on the drift": [
            "2.100",
            "0.0 %",
            "–",
            "–",
        ],
    }
    assert found["lines"][0]["label"] == "the recipe"


def test_the_page_tells_the_results():
    """Every run is drawn, its last point the mean of the logs by the score of its axis."""
    assert PAGE.read_text() == page(load_results())
    scores = {
        "bpc": lambda line: line.get("valid_bpc", line.get("valid_bpc_reset")),
        "perplexity": lambda line: line["valid_perplexity"],
        "negative log-likelihood": lambda line: line["valid_nll"],
        "% error": lambda line: 100 * (1 - line["valid_accuracy"]),
    }
    charts = json.loads(PAGE.read_text())["charts"]
    assert {chart["axis"] for chart in charts} == set(scores)
    for chart in charts:
        names = [run["name"] for run in chart["runs"]]
        assert len(set(names)) == len(names)
    for axis, score in scores.items():
        shown = [chart for chart in charts if chart["axis"] == axis]
        drawn = {run["name"]: run for chart in shown for run in chart["runs"]}
        experiment = TABLES[shown[0]["table"] - 1].experiment
        groups = by_seed(
            r for r in load_results() if r["experiment"] == experiment and not varied(r)
        )
        assert set(drawn) == {name_of(runs) for runs in groups}
        for runs in groups:
            last = min(len(run["epochs"]) for run in runs)
            run = drawn[name_of(runs)]
            assert run["epochs"][-1] == last
            mean = np.mean([score(run["epochs"][last - 1]) for run in runs])
            assert abs(run["valid"][-1] - mean) < 1e-4


def test_networks_are_compared_with_those_of_their_size():
    lines = sheets(load_results())[0]["lines"]
    heads = [k for k, line in enumerate(lines) if line["kind"] == "class"]
    assert len(heads) == 2
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        sizes = [int(line["cells"][-1].replace(",", "")) for line in lines[start + 1 : end]]
        assert max(sizes) < 1.01 * min(sizes)


def test_a_row_tells_what_its_heading_does_not():
    """Heading and row together say all in which a run differs from the paper."""
    (run,) = [r for r in load_results() if r["name"] == "nested-ptb"]
    recipe = {"penalty": 0.01, "drift": 0.0, "penalty_on": "nested", "head_bias": "zero"}
    common = {**run["settings"], **recipe, "matmul_precision": "float32"}

    def of(name, seed=1, scores=None, **settings):
        return {
            **run,
            "name": name,
            "settings": {**common, **settings, "seed": seed},
            "scores": scores or run["scores"],
        }

    results = [
        of("common"),
        of("alike", epochs=6, penalty=0.01, seed=1, layers=2, depth=1),
        of("plain", penalty=0.0, learning_rate=0.002),
        of("fading", fade=True, patience=3),
        of("unscored", chrono=10.0, scores={"valid_bpc": 1.5}),
        of("short", epochs=1),
    ]
    sheet = sheets(results)[0]
    lines = {line.get("name", line["kind"]): line for line in sheet["lines"]}
    head = lines["class"]["words"]
    for word in ("6 epochs", "learning rate 0.005", "cosine", "penalty 0.01", "state carried"):
        assert word in head
    assert "patience" not in head
    assert "without a better" not in head  # six epochs cannot lose five
    end = "seed 1, best epoch 6"
    assert lines["common"]["words"] == end
    assert lines["alike"]["words"] == f"no penalty on their size; {end}"  # it is on nested
    plain = f"learning rate 0.002; no penalty on their size; {end}"
    assert lines["plain"]["words"] == plain
    assert "the penalty falling to zero" in lines["fading"]["words"]
    assert "ends after 3 epochs" in lines["fading"]["words"]
    assert lines["short"]["words"] == f"1 epoch; {end}"
    assert lines["unscored"]["cells"][:5] == ["–", "–", "1.500", "–", "–"]
    assert lines["plain"]["command"] == (
        "python -m experiments.ptb --epochs 6 --learning-rate 0.002 --drift 0.0 "
        "--penalty-on nested --head-bias zero --run runs/plain"
    )


def test_accuracy_is_that_of_its_own_best_epoch():
    (run,) = [r for r in load_results() if r["name"] == "glimpses-lstm-100"]
    best = max(run["epochs"], key=lambda line: line["valid_accuracy"])
    assert best["valid_nll"] > run["scores"]["valid_nll"]  # another epoch
    (line,) = [line for line in sheets([run])[2]["lines"] if line["kind"] == "ours"]
    assert line["cells"][:4] == [
        f"{run['scores']['valid_nll']:.4f}",
        f"{run['scores']['test_nll']:.4f}",
        f"{best['valid_accuracy']:.4f}",
        f"{best['test_accuracy']:.4f}",
    ]


def test_results_are_named_by_their_files():
    for path in FOLDER.glob("*.json"):
        assert json.loads(path.read_text())["name"] == path.stem


def test_a_finished_run_becomes_a_result(tmp_path):
    random = np.random.default_rng(0)
    part = (random.random((20, 20, 49), dtype=np.float32), random.integers(0, 10, 20))
    settings = Settings(hidden=75, epochs=2, streams=10, penalty=0.5, seed=7)
    run = Run(Glimpses(Digits("mnist", part, part, part), settings), settings, tmp_path / "mine")
    run.train()
    finish(run, tmp_path / "mine" / "final.safetensors")
    result = result_of(tmp_path / "mine")
    assert result["parameters"] == 83_560
    assert [line["epoch"] for line in result["epochs"]] == [1, 2]
    best = min(result["epochs"], key=lambda line: line["valid_nll"])
    assert result["scores"]["valid_nll"] == best["valid_nll"]
    assert result["best_epoch"] == best["epoch"]
    row = next(line for line in tables([result]).splitlines() if "`mine`" in line)
    for told in (f"{best['valid_nll']:.3f}", "penalty 0.5", "2 epochs", "streams 10", "seed 7"):
        assert told in row


def test_runs_that_differ_in_their_seed_alone_are_one_row():
    (run,) = [r for r in load_results() if r["name"] == "poetry-lstm-32-1"]
    values = {1: 640.25, 2: 655.5, 3: 644.75}
    runs = [
        {
            **run,
            "name": f"mine-32-{seed}",
            "settings": {**run["settings"], "seed": seed},
            "scores": {**run["scores"], "test_perplexity": value},
        }
        for seed, value in values.items()
    ]
    odd = {**run, "name": "odd", "settings": {**run["settings"], "learning_rate": 0.5}}
    told = tables([runs[2], odd, runs[0], runs[1]])
    (row,) = [line for line in told.splitlines() if "`mine-32`" in line]
    mean, deviation = np.mean(list(values.values())), np.std(list(values.values()), ddof=1)
    assert f"{mean:.2f} ± {deviation:.2f}" in row
    assert "seeds 1 to 3" in row
    assert "`odd`" in told
    lines = [line for line in sheets(runs)[1]["lines"] if line["kind"] == "ours"]
    each = "python -m experiments.poetry --depth 1 --penalty-on nested --head-bias zero --seed $n"
    each += " --run runs/mine-32-$n"
    assert lines[0]["command"] == f"for n in 1 2 3; do {each}; done"
    (line,) = [line for line in sheets([runs[0], runs[2]])[1]["lines"] if line["kind"] == "ours"]
    assert "seeds 1, 3," in line["words"]
    with pytest.raises(ValueError, match=r"mine-32-1 and again have the same settings and seed"):
        tables([*runs[:2], {**runs[0], "name": "again"}])


def test_settings_are_typed_as_they_were():
    settings = Settings(depth=1, layers=2, carry=False, fade=True, learning_rate=0.002)
    typed = "--layers 2 --depth 1 --learning-rate 0.002 --fade --no-carry"
    assert settings.options() == typed
    assert Settings().options() == ""
    assert Settings().options({"hidden": 32}) == "--hidden 256"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.experiment)
def test_commands_have_the_settings_of_their_runs(table):
    defaults = {} if table.experiment == "ptb" else table.settings
    for result in load_results():
        if result["experiment"] == table.experiment:
            settings = Settings.recorded(result["settings"])
            start, module, *options = typed(result["data"], settings).split()[1:]
            assert [start, module] == ["-m", f"experiments.{table.experiment}"]
            parsed = parse(
                argparse.ArgumentParser(), table, defaults=defaults, argv=[*options, "--run", "x"]
            )
            assert settings_of(parsed) == settings


def test_a_run_that_only_resets_is_drawn_and_said_to():
    (run,) = [r for r in load_results() if r["name"] == "nested-ptb"]
    size = {"layers": 1, "depth": 2, "hidden": 600, "carry": False}
    lines = [{"epoch": 1, "train_bpc": 2.0, "valid_bpc_reset": 1.75}]
    reset = {**run, "name": "reset", "settings": {**run["settings"], **size}, "epochs": lines}
    chart = charts.charts([run, reset])[0]
    assert chart["paper"]
    (drawn,) = chart["runs"]
    assert drawn["valid"] == [1.75]
    assert "from zero every 100 characters" in drawn["words"]


def test_a_text_is_not_taken_for_the_papers_data(tmp_path):
    (tmp_path / "ptb.txt").write_text("some text of mine\n" * 9)
    corpus = text.load(tmp_path / "ptb.txt")
    assert corpus.name == "ptb-text"
    assert typed(corpus.name, Settings()) == "python -m experiments.text --file ptb-text.txt"
    (tmp_path / "war.and.peace.txt").write_text("some text of mine\n" * 9)
    assert text.load(tmp_path / "war.and.peace.txt").name == "war.and.peace"


def test_an_unfinished_run_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["results", str(tmp_path)])
    monkeypatch.delitem(sys.modules, "experiments.results")
    with pytest.raises(SystemExit, match=r"is not a finished run: .*final\.safetensors"):
        runpy.run_module("experiments.results", run_name="__main__")
