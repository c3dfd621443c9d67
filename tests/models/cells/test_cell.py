"""A cell is one file and one entry: a toy that no other part of the project knows of."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from analysis.timescales import measurement, measures, report, table
from models import CharacterModel, CheckpointError, Vocabulary, load_checkpoint, save_checkpoint
from models.cells import CELLS
from models.cells.cell import Cell, glorot_blocks, orthogonal_blocks
from models.cells.change import changed
from models.reading.engine import Engine

VOCABULARY = Vocabulary(["\n", " ", *"abcde"])
TEXT = "abba cede\n漢 dab "


class Weights(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(hidden, inputs))
        self.weight_hh = nn.Parameter(torch.empty(hidden, hidden))
        self.bias = nn.Parameter(torch.zeros(hidden))


class Elman(Cell):
    """h' = tanh(W x + U h + b), called its one gate."""

    gates = ("h",)
    has_c = False
    max_depth = 1

    @classmethod
    def of(cls, inputs, depth, hidden):
        return cls([Weights(inputs, hidden)], hidden)

    def initialise(self, first, input_gain=1.0):
        glorot_blocks(self[0].weight_ih, self.hidden, input_gain if first else 1.0)
        orthogonal_blocks(self[0].weight_hh)

    def reading(self):
        return self[0].weight_ih, self[0].bias

    def step(self, projected, h, c, changes=None):
        h = torch.tanh(projected + F.linear(h, self[0].weight_hh))
        h = changed(h, changes.h if changes else None)
        return h, c, h[:, None, None]


@pytest.fixture(autouse=True)
def _entry(monkeypatch):
    monkeypatch.setitem(CELLS, "elman", Elman)


def toy(layers):
    """Ours and torch.nn.RNN with the same weights."""
    torch.manual_seed(layers)
    model = CharacterModel(VOCABULARY, layers, 1, 9, cell="elman")
    model.initialise()
    theirs = nn.RNN(len(VOCABULARY), 9, num_layers=layers, batch_first=True)
    with torch.no_grad():
        for l, cell in enumerate(model.rnn.cells):
            cell[0].bias.normal_()
            getattr(theirs, f"weight_ih_l{l}").copy_(cell[0].weight_ih)
            getattr(theirs, f"weight_hh_l{l}").copy_(cell[0].weight_hh)
            getattr(theirs, f"bias_ih_l{l}").copy_(cell[0].bias)
            getattr(theirs, f"bias_hh_l{l}").zero_()
    return model, theirs


def one_hot(model, text):
    symbols = torch.tensor(model.vocabulary.encode(text))
    return F.one_hot(symbols + 1, len(model.vocabulary) + 1)[:, 1:].float()


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_it_is_traced(layers):
    model, theirs = toy(layers)
    trace = model.trace(TEXT)
    assert (trace.c.shape, trace.gates.shape) == ((16, layers, 0, 9), (16, layers, 1, 1, 9))
    np.testing.assert_array_equal(trace.display, trace.h[:, :, None])
    np.testing.assert_array_equal(trace.gates[:, :, 0, 0], trace.h)
    with torch.no_grad():
        h, _ = theirs(one_hot(model, TEXT)[None])
        np.testing.assert_allclose(trace.h[:, -1], h[0], atol=1e-6)
        np.testing.assert_allclose(trace.logits, model.head(h[0]), atol=1e-5)
    assert trace.unknown == [10]
    assert "ELMAN" in trace.kind
    assert [memory.layer for memory in trace.memories] == list(reversed(range(layers)))
    assert model.trace("").display.shape == (0, layers, 1, 9)


def test_it_is_changed():
    model, _ = toy(2)
    asked = [{"layer": 0, "state": "h", "cells": [3], "set": 0.25, "from": 2}]
    plain, held = model.trace(TEXT), model.trace(TEXT, interventions=asked)
    np.testing.assert_array_equal(held.h[2:, 0, 3], 0.25)
    np.testing.assert_array_equal(held.h[:2], plain.h[:2])
    assert (held.h[2:, 1] != plain.h[2:, 1]).any()


def test_a_long_text_and_texts_beside_one_another():
    model, theirs = toy(2)
    engine = Engine(model.rnn)
    x = torch.randint(0, len(VOCABULARY), (3, 1500))
    with torch.no_grad():
        h, last = theirs(F.one_hot(x, len(VOCABULARY)).float())
    internals, end = engine.read(x, engine.start(3))
    torch.testing.assert_close(internals.h[:, :, -1], h, atol=1e-5, rtol=0)
    torch.testing.assert_close(end.h.transpose(0, 1), last, atol=1e-5, rtol=0)
    pieces = engine.read_long(x[1], engine.start())
    long = torch.cat([piece.h for piece, _ in pieces], 1)
    torch.testing.assert_close(long[0, :, -1], h[1], atol=1e-5, rtol=0)


def test_it_is_trained():
    model, theirs = toy(2)
    x = torch.randint(0, len(VOCABULARY), (4, 20))
    x[0, 3] = -1
    logits, c, end = model(x)
    assert (c.shape, end.c.shape) == ((4, 20, 2, 0, 9), (4, 2, 0, 9))
    hot = F.one_hot(x + 1, len(VOCABULARY) + 1)[..., 1:].float()
    expected = model.head(theirs(hot)[0])
    torch.testing.assert_close(logits, expected, atol=1e-5, rtol=0)
    expected.square().mean().backward()
    model.head.zero_grad()
    logits.square().mean().backward()
    for l, cell in enumerate(model.rnn.cells):
        for name in ("weight_ih", "weight_hh"):
            gradient = getattr(theirs, f"{name}_l{l}").grad
            torch.testing.assert_close(getattr(cell[0], name).grad, gradient, atol=1e-6, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")  # torch's own
def test_its_timescales_are_measured():
    """By every measure but the gate's: none of its gates keeps the memory."""
    model, _ = toy(2)
    text = "".join(np.random.default_rng(0).choice(list(VOCABULARY), 8_500))
    settings = measurement.Settings(resamples=20)
    measured = measurement.measure(model.requires_grad_(False), text, settings)
    told = report.report("toy", model, "letters", settings, measured)
    kinds = {row["measure"] for row in told["units"]}
    assert kinds == {measure.key for measure in measures.MEASURES} - {"gate"}
    pushed = [c for c in told["curves"] if "pushed" in c and c["layer"] != c["pushed"]["layer"]]
    upward, downward = sorted(pushed, key=lambda curve: -curve["layer"])
    assert max(upward["typical"]) > 0  # a push on the layer below is felt above
    assert set(downward["typical"]) == {0}
    assert table.tables([told])


def test_it_is_saved_and_found_again(tmp_path):
    model, _ = toy(2)
    save_checkpoint(tmp_path / "toy.safetensors", model)
    again = load_checkpoint(tmp_path / "toy.safetensors")
    assert again.card == model.card
    np.testing.assert_array_equal(again.trace(TEXT).h, model.trace(TEXT).h)


def test_a_cell_that_is_not_known_is_refused(tmp_path, monkeypatch):
    save_checkpoint(tmp_path / "toy.safetensors", toy(1)[0])
    monkeypatch.delitem(CELLS, "elman")
    with pytest.raises(CheckpointError, match="cell"):
        load_checkpoint(tmp_path / "toy.safetensors")


def test_it_has_no_levels_of_an_lstm():
    with pytest.raises(TypeError, match="elman"):
        toy(1)[0].rnn.layer(0)
