"""The liveliness of memories: counted by hand, and from the states of plain steps."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.passage import PASSAGE, arguments, changes, liveliness, run
from models import CharacterModel, Vocabulary

SAMPLES = Path(__file__).parents[2] / "static" / "state" / "samples.js"


def test_the_passage_is_the_one_of_the_page():
    shown = re.search(r'whole: true,\s*text: ("(?:[^"\\]|\\.)*")', SAMPLES.read_text())
    assert json.loads(shown[1]) == PASSAGE
    assert len(PASSAGE) == 373


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([], 0),
        ([0.2, -0.2, 0.1], 0),  # no clear colour
        ([0.5, 0.9, 0.4], 0),
        ([0.5, -0.5, 0.5], 2),
        ([0.5, -0.2, 0.5, 0.0, -0.4], 1),  # pale characters between do not count
    ],
)
def test_changes_of_colour(values, count):
    assert changes(np.array(values, np.float32)) == count


def test_the_measurements_are_those_of_plain_steps():
    torch.manual_seed(0)
    model = CharacterModel(Vocabulary("abc "), 1, 2, 6)
    model.rnn.initialise(input_gain=8.0)
    model.requires_grad_(False)
    text = "ab c" * 9
    symbols = torch.tensor(model.vocabulary.encode(text))
    cells = torch.cat([step.c[0, :, 0] for step, _ in model.rnn.steps(symbols[None])]).numpy()
    found = {one.memory: one for one in liveliness(model, text)}
    for name, values in (("inner", np.tanh(cells[:, 1])), ("outer", cells[:, 0])):
        assert found[name].size == pytest.approx(np.abs(values).mean(), abs=1e-6)
        counts = []
        for cell in values.T:
            clear = [value > 0 for value in cell if abs(value) > 0.3]
            counts.append(sum(a != b for a, b in pairwise(clear)))
        assert found[name].changes == np.median(counts)
        assert found[name].flat == pytest.approx(np.mean([n == 0 for n in counts]))


def test_an_unknown_name_is_said_in_a_sentence():
    with pytest.raises(ValueError, match=r"nobody\.safetensors: cannot be read"):
        run(arguments().parse_args(["nobody"]))
