"""The command line that the character experiments share."""

import argparse
import json
from dataclasses import fields
from pathlib import Path

import torch

from experiments.datasets.corpus import Corpus
from experiments.training import Run, Settings, evaluate
from models import load_checkpoint, save_checkpoint
from models.networks import CharacterModel


def add_settings(parser: argparse.ArgumentParser) -> None:
    """One option for each setting, its default beside it."""
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of the run; resumed if it exists"
    )
    parser.add_argument("--out", type=Path, help="where the finished checkpoint goes")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    defaults = {"layers": 1, "depth": 2, "hidden": 256, "epochs": 3}
    for setting in fields(Settings):
        default = defaults.get(setting.name, setting.default)
        name = "--" + setting.name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(name, action=argparse.BooleanOptionalAction, default=default)
        else:
            parser.add_argument(name, type=type(default), default=default, help="%(default)s")


def train(corpus: Corpus, options: argparse.Namespace) -> None:
    """Train, and when the last epoch is done, score the best checkpoint on the test part."""
    torch.set_num_threads(options.threads)
    settings = Settings(**{f.name: getattr(options, f.name) for f in fields(Settings)})
    run = Run(corpus, settings, options.run)
    run.train()
    if run.step < run.total:
        print(f"stopped at update {run.step} of {run.total}; the same command goes on")
        return
    model = load_checkpoint(options.run / "best.safetensors")
    assert isinstance(model, CharacterModel)
    scores = model.card.scores | {"test_bpc": evaluate(model, corpus.test)["bpc"]}
    training = model.card.training | {"seconds": round(run.seconds)}
    save_checkpoint(options.out or options.run / "final.safetensors", model, training, scores)
    print(json.dumps(scores))
