"""The results: taken from a finished run as they are, and the README's tables made of them."""

import json

import numpy as np

from experiments.command import finish
from experiments.datasets.mnist import Digits
from experiments.digits import Glimpses
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
from experiments.seeds import by_seed, name_of
from experiments.settings import Settings
from experiments.training import Run


def test_the_readme_tells_the_results():
    text = README.read_text()
    assert text == rewritten(text, load_results())
    for runs in by_seed(load_results()):
        name = name_of(runs)
        assert f"`{name}`" in text or f"| {name} |" in text


def test_the_page_tells_the_results():
    assert PAGE.read_text() == page(load_results())
    charts = json.loads(PAGE.read_text())["charts"]
    curves = {run["name"]: run for chart in charts for run in chart["runs"]}
    for runs in by_seed(load_results()):
        if runs[0]["experiment"] == "text":
            continue
        seeds = f", mean of {len(runs)} seeds" if len(runs) > 1 else ""
        shown = curves[name_of(runs) + seeds]
        last = min(len(run["epochs"]) for run in runs) - 1
        lines = [run["epochs"][last] for run in runs]
        assert shown["epochs"][-1] == lines[0]["epoch"]
        means = [
            np.mean([line[key] for line in lines]) for key in lines[0] if key.startswith("valid_")
        ]
        assert any(abs(shown["valid"][-1] - mean) < 1e-4 for mean in means)


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
    for told in (f"{best['valid_nll']:.3f}", "penalty 0.5", "epochs 2", "streams 10", "seed 7"):
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
    assert f"{mean:.2f} ± {deviation:.3f}" in row
    assert "over seeds 1, 2, 3" in row
    assert "`odd`" in told


def test_settings_are_typed_as_they_were():
    settings = Settings(depth=1, layers=2, carry=False, fade=True, learning_rate=0.002)
    typed = "--layers 2 --depth 1 --learning-rate 0.002 --fade --no-carry"
    assert settings.options() == typed
    assert Settings().options() == ""
    assert Settings().options({"hidden": 32}) == "--hidden 256"
