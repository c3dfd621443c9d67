"""The shipped checkpoints: what their page says of them, and what may be kept in float16."""

import argparse
import re
import shlex
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import tiny_tasks
import torch
from random_models import randomised
from safetensors import safe_open

from experiments import checkpoints
from experiments.checkpoints import FOLDER, TOLERANCE, choices, harmless, rewritten, texts_for
from experiments.paper import TABLES
from experiments.train.settings import Settings, parse, settings_of, typed
from models import CharacterModel, Vocabulary, load_checkpoint, save_checkpoint

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / FOLDER).glob("*.safetensors"))


def test_the_page_tells_what_is_there(monkeypatch):
    monkeypatch.chdir(ROOT)
    readme = (FOLDER / "README.md").read_text()
    assert readme == rewritten(readme)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 90e6


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("nested-ptb", 1.461),
        ("nested-chrono-ptb", 1.444),
        ("stacked-ptb", 1.458),
        ("lstm-ptb", 1.461),
        ("nested-war-and-peace", 1.728),
        ("nested3-war-and-peace", 1.775),
    ],
)
def test_a_network_by_the_fair_recipe_predicts_no_worse_than_its_predecessor(name, before):
    """Of a zero bias, and of the same size: bits per character in validation, state carried."""
    card = load_checkpoint(ROOT / FOLDER / f"{name}.safetensors").card
    assert card.training["head_bias"] == "frequency"
    assert card.scores["valid_bpc"] <= before


def test_weights_are_not_shipped_before_the_terms_of_their_text_are_stated(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    source = tmp_path / "final.safetensors"
    save_checkpoint(
        source, randomised(CharacterModel(Vocabulary("ab"), 1, 1, 2)), {"data": "diary"}
    )
    with pytest.raises(SystemExit, match=r"'diary'.*origins\.py"):
        checkpoints.ship(source, "mine")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_command_told_has_the_settings_recorded(path):
    training = load_checkpoint(path).card.training
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    _, _, module, *options = shlex.split(typed(training["data"], Settings.recorded(training)))
    of_tables = {f"experiments.{table.experiment}": table.settings for table in TABLES}
    defaults = of_tables.get(module) if module != "experiments.ptb" else None
    parsed = parse(parser, defaults=defaults, argv=[*options, "--run", "run"])
    assert settings_of(parsed) == Settings.recorded(training)


def displayed(model, texts):
    return [model.trace(text).display for text in texts]


@pytest.mark.parametrize(
    ("strength", "kept"), [(0.01, "all"), (2.0, "wide"), (3.0, "head"), (30.0, "head")]
)
def test_float16_is_kept_where_no_trace_shows_it(strength, kept, tmp_path, monkeypatch):
    """From a network that forgets at once to one that is chaotic."""
    monkeypatch.setattr(checkpoints, "RANDOM", 20)
    torch.manual_seed(0)
    vocabulary = Vocabulary(chr(0x4E00 + k) for k in range(160))
    model = randomised(CharacterModel(vocabulary, 1, 2, 12))
    with torch.no_grad():
        first = model.rnn.layer(0)[0]
        first.weight_hh *= strength
        first.weight_ih *= strength
    texts = list(texts_for(vocabulary))
    whole = displayed(model, texts)
    sets = dict(zip(("all", "wide", "head"), choices(model), strict=True))
    off = {}
    for name, tensors in sets.items():
        save_checkpoint(tmp_path / "half.safetensors", model, half=tensors)
        loaded = displayed(load_checkpoint(tmp_path / "half.safetensors"), texts)
        off[name] = max(np.abs(a - b).max() for a, b in zip(loaded, whole, strict=True))
    assert harmless(model) == sets[kept]
    assert off[kept] < TOLERANCE
    assert all(off[name] >= TOLERANCE for name in list(sets)[: list(sets).index(kept)])
    if strength == 2.0:
        assert off["all"] < 10 * TOLERANCE  # near the limit, not far beyond it


def test_a_network_on_poems_is_rounded_and_scored_that_way(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    task = tiny_tasks.poems(tiny_tasks.SMALL)
    monkeypatch.setattr(checkpoints.quatrains, "load", lambda folder: task.quatrains)
    model = randomised(CharacterModel(task.vocabulary, 1, 2, 8))
    training = asdict(tiny_tasks.SMALL) | {"data": "quatrains"}
    save_checkpoint(tmp_path / "final.safetensors", model, training, {"valid_bpc": 9.0})
    checkpoints.ship(tmp_path / "final.safetensors", "mine")
    with safe_open(tmp_path / "mine.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118
    shipped = load_checkpoint(tmp_path / "mine.safetensors")
    assert shipped.card.scores == task.scores(shipped, ("valid", "test"), full=True)
    assert (
        shipped.card.scores["valid_bpc"] != task.scores(model, ("valid",), full=True)["valid_bpc"]
    )


def test_the_front_page_has_the_scores_of_every_model_of_texts():
    readme = (ROOT / "README.md").read_text()
    told = re.findall(r"\| (\d+) \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|\n", readme)
    wanted = []
    for path in SHIPPED:
        model = load_checkpoint(path)
        if model.card.task == "glimpses":
            continue
        scores = (f"{model.card.scores[name]:.3f}" for name in ("valid_bpc", "test_bpc"))
        wanted.append((str(model.card.hidden), f"{model.parameters_count:,}", *scores))
    assert sorted(told) == sorted(wanted)


def test_a_converted_network_beside_the_shipped_ones_is_left_out(tmp_path, monkeypatch):
    """Its card has no data and no settings of a training."""
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    model = randomised(CharacterModel(Vocabulary("ab"), 1, 1, 2))
    trained = asdict(tiny_tasks.SMALL) | {"data": "ptb", "epoch": 1}
    scores = {"valid_bpc": 2.0, "test_bpc": 2.0, "saturated": 0.1}
    save_checkpoint(tmp_path / "mine.safetensors", model, trained, scores)
    before = checkpoints.table(), checkpoints.weights()
    save_checkpoint(tmp_path / "foreign.safetensors", model, {"converted": {"from": "net.pt"}})
    assert (checkpoints.table(), checkpoints.weights()) == before
    assert "`mine`" in before[0]
    assert "`mine`" in before[1]
