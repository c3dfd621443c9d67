"""The shipped checkpoints: what their page says of them, and what may be kept in float16."""

import argparse
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from models_on_the_spot import randomised

from experiments.checkpoints import FOLDER, POEMS, TOLERANCE, harmless, rewritten
from experiments.paper import POETRY
from experiments.settings import Settings, parse, settings_of, typed
from models import CharacterModel, Vocabulary, load_checkpoint, save_checkpoint

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / FOLDER).glob("*.safetensors"))


def test_the_page_tells_what_is_there(monkeypatch):
    monkeypatch.chdir(ROOT)
    readme = (FOLDER / "README.md").read_text()
    assert readme == rewritten(readme)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 40e6


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_command_told_has_the_settings_recorded(path):
    training = load_checkpoint(path).card.training
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    _, _, module, *options = shlex.split(typed(training["data"], Settings.recorded(training)))
    defaults = POETRY.settings if module == "experiments.poetry" else None
    parsed = parse(parser, defaults=defaults, argv=[*options, "--run", "run"])
    assert settings_of(parsed) == Settings.recorded(training)


@pytest.mark.parametrize("strength", [0.01, 30.0])
def test_float16_is_kept_where_no_trace_shows_it(strength, tmp_path):
    """Of a network that forgets, all; of a chaotic one, what no cell reads."""
    torch.manual_seed(0)
    symbols = sorted(set("".join(POEMS)))
    model = randomised(CharacterModel(Vocabulary(symbols), 1, 2, 12))
    with torch.no_grad():
        model.rnn.layer(0)[0].weight_hh *= strength
        model.rnn.layer(0)[0].weight_ih *= strength
    half = harmless(model)
    save_checkpoint(tmp_path / "half.safetensors", model, half=half)
    loaded = load_checkpoint(tmp_path / "half.safetensors")
    for poem in POEMS:
        difference = np.abs(loaded.trace(poem).display - model.trace(poem).display).max()
        assert difference < TOLERANCE
    assert (len(half) == len(model.state_dict())) == (strength == 0.01)
    assert {"head.weight", "head.bias"} <= set(half)
    assert not torch.equal(loaded.head.weight, model.head.weight)


def test_the_front_page_has_the_scores_of_every_model():
    readme = (ROOT / "README.md").read_text()
    told = re.findall(r"\| (\d+) \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|\n", readme)
    wanted = []
    for path in SHIPPED:
        model = load_checkpoint(path)
        scores = (f"{model.card.scores[name]:.3f}" for name in ("valid_bpc", "test_bpc"))
        wanted.append((str(model.card.hidden), f"{model.parameters_count:,}", *scores))
    assert sorted(told) == sorted(wanted)
