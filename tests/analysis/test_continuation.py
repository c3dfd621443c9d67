"""A model writes on: against the page's own draws, and against reading what it wrote."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.continuation import continuation, drawn, seeded
from models import CharacterModel, Vocabulary
from models.reading.engine import Engine

ROOT = Path(__file__).parents[2]
HELD = [{"layer": 0, "level": 1, "cells": [2], "set": 3.0, "from": 4}]


def network():
    torch.manual_seed(3)
    model = CharacterModel(Vocabulary(["a", "b", "c", "d", "ef"]), 1, 2, 8)
    model.initialise()
    model.requires_grad_(False)
    for parameter in model.parameters():
        parameter += 0.5 * torch.randn_like(parameter)
    return model


def write(model, text, made=(), **how):
    symbols = model.vocabulary.encode(text)
    asked = {"count": 30, "temperature": 0.8, "seed": 5} | how
    return continuation(model, Engine(model.rnn), symbols, interventions=model.parse(made), **asked)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")
def test_the_draws_are_the_pages():
    script = """
        import { draw, seeded } from "./static/base/surprisal.js";
        const logits = [0.5, -1, 2, 0];
        const all = [0, 1, 12345, 4294967295].map((seed) => {
            const chance = seeded(seed);
            return Array.from({ length: 50 }, () => {
                const u = chance();
                return [u, draw(logits, 0.7, u), draw(logits, 0, u)];
            });
        });
        console.log(JSON.stringify(all));
    """
    said = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    logits = np.array([0.5, -1, 2, 0])
    for seed, rows in zip([0, 1, 12345, 4294967295], json.loads(said), strict=True):
        for (u, symbol, likeliest), mine in zip(rows, seeded(seed), strict=False):
            assert mine == u
            assert (drawn(logits, 0.7, u), drawn(logits, 0, u)) == (symbol, likeliest)


@pytest.mark.parametrize("made", [[], HELD])
def test_every_character_is_drawn_from_what_is_expected_after_those_before_it(made):
    model, text = network(), "abcdab"
    written = write(model, text, made)
    assert len(written) == 30
    logits = model.trace(text + written, interventions=made).logits.astype(float)
    logits[:, 4] = -np.inf  # "ef" cannot be typed
    for k, u in zip(range(30), seeded(5), strict=False):
        symbol = drawn(logits[len(text) - 1 + k], 0.8, u)
        assert model.vocabulary[symbol] == written[k]


def test_an_intervention_changes_what_is_written_with_the_same_seed():
    model = network()
    assert write(model, "abcdab") == write(model, "abcdab")
    assert write(model, "abcdab") != write(model, "abcdab", HELD)
    assert write(model, "abcdab") != write(model, "abcdab", seed=6)


def test_the_work_ends_when_nobody_waits():
    asked = iter([True] * 4 + [False] * 99)
    assert write(network(), "abc", wanted=lambda: next(asked)) is None
