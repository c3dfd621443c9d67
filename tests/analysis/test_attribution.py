"""Attribution against central differences in float64, changed texts, and planted networks."""

import copy
import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from analysis.attribution import Cell, Reading, Symbol
from models import CharacterModel, Vocabulary
from models.reading.engine import Engine
from models.reading.plan import Under

ALPHABET = Vocabulary("abcdef")
SHAPES = [(1, 1, "lstm"), (2, 1, "lstm"), (1, 2, "lstm"), (2, 2, "lstm"), (2, 1, "gru")]
CHANGED = [{"layer": 0, "state": "h", "cells": [1, 3], "scale": 0.5, "from": 4}]


def network(layers, depth, cell="lstm"):
    torch.manual_seed(layers + 7 * depth)
    model = CharacterModel(ALPHABET, layers, depth, 8, cell=cell)
    model.initialise()
    model.requires_grad_(False)
    for parameter in model.parameters():
        parameter += 0.3 * torch.randn_like(parameter)
    return model


def targets(model):
    found = [Symbol(2), Symbol(4, sign=-1), Cell(model.rnn.layers - 1, None, 3), Cell(0, None, 2)]
    if model.rnn.memories:
        found += [Cell(0, level, 5) for level in range(model.rnn.memories)]
    return found


def value(model, x, target, made=()):
    """The target after inputs x (T, V), in the model's own precision, by the readable path."""
    under = [Under(model.rnn.plan(made), 0)] if made else None
    for step, _ in model.rnn.steps(x[None], under=under):
        last = step
    return float(target.value(model, last))


@pytest.mark.parametrize("changed", [[], CHANGED])
@pytest.mark.parametrize(("layers", "depth", "cell"), SHAPES)
def test_gradients_are_central_differences(layers, depth, cell, changed):
    model = network(layers, depth, cell)
    made = model.parse(changed)
    symbols = model.vocabulary.encode("abcab?fed")
    exact = copy.deepcopy(model).double()
    x = F.one_hot(torch.tensor(symbols) + 1, 7)[:, 1:].double()
    for target in targets(model):
        found = Reading(model, Engine(model.rnn), symbols, made).gradient(target)
        slope = np.zeros(x.shape)
        for t in range(len(x)):
            for v in range(x.shape[1]):
                ends = []
                for by in (1e-5, -1e-5):
                    moved = x.clone()
                    moved[t, v] += by
                    ends.append(value(exact, moved, target, made))
                slope[t, v] = (ends[0] - ends[1]) / 2e-5
        norm = np.linalg.norm(slope, axis=1)
        np.testing.assert_allclose(found.values, norm, rtol=1e-4, atol=1e-6)
        signed = (slope * x.numpy()).sum(1)
        np.testing.assert_allclose(found.signed, signed, atol=1e-4 * norm.max())
        assert found.value == pytest.approx(value(exact, x, target, made), abs=1e-5)


@pytest.mark.parametrize("changed", [[], CHANGED])
@pytest.mark.parametrize(("layers", "depth", "cell"), SHAPES)
def test_occlusion_is_reading_the_changed_text(layers, depth, cell, changed):
    """A character out of vocabulary is read as the zero vector."""
    model = network(layers, depth, cell)
    text = "abcabfed"
    reading = Reading(model, Engine(model.rnn), model.vocabulary.encode(text), model.parse(changed))

    def traced(text, target):
        trace = model.trace(text, interventions=changed)
        if isinstance(target, Symbol):
            logs = torch.from_numpy(trace.logits[-1]).double().log_softmax(0)
            return target.sign * float(logs[target.symbol]) / math.log(2)
        if target.level is None:
            return trace.h[-1, target.layer, target.cell]
        return trace.display[-1, target.layer, target.level, target.cell]

    for target in targets(model):
        found = reading.occlusion(target)
        own = traced(text, target)
        without = [traced(f"{text[:t]}?{text[t + 1 :]}", target) for t in range(len(text))]
        assert found.value == pytest.approx(own, abs=1e-5)
        np.testing.assert_allclose(found.values, own - np.array(without), atol=1e-5)


@pytest.mark.parametrize("back", [0, 1, 3, 6])
def test_on_a_delay_line_only_the_character_so_far_back_counts(back):
    """Cells in a row, each reading h of the one before it one step later: a shift register."""
    H = back + 1
    model = CharacterModel(ALPHABET, 1, 1, H).requires_grad_(False)
    for parameter in model.parameters():
        parameter.zero_()
    level = model.rnn.layer(0)[0]
    level.bias[:H] = 20.0  # i open
    level.bias[H : 2 * H] = -20.0  # f shut
    level.bias[3 * H :] = 20.0  # o open
    level.weight_ih[2 * H, :3] = torch.tensor([1.0, -1.0, 0.5])
    for k in range(1, H):
        level.weight_hh[2 * H + k, k - 1] = 1.0
    symbols = model.vocabulary.encode("abcabcabcab")
    reading = Reading(model, Engine(model.rnn), symbols)
    for found in (reading.gradient(Cell(0, 0, back)), reading.occlusion(Cell(0, 0, back))):
        strongest = np.abs(found.values).argmax()
        assert strongest == len(symbols) - 1 - back
        others = np.delete(np.abs(found.values), strongest)
        assert others.max() < 1e-6 < 1e-3 < abs(found.values[strongest])


@pytest.mark.parametrize(
    "planted", [(0.3, 1.0, -0.05, 0.6, -0.15), (-0.1, 0.2, 0.4, -0.8), (0.9, 0.7, 0.5, 0.3, 0.1)]
)
def test_both_methods_rank_planted_weights_as_they_are(planted):
    """A delay line, and a cell that adds up its cells by these weights, small enough to be linear.

    Cell k of the line holds the character k before the last one that it has read.
    """
    taps = len(planted)
    H = taps + 1
    model = CharacterModel(ALPHABET, 1, 1, H).requires_grad_(False)
    for parameter in model.parameters():
        parameter.zero_()
    level = model.rnn.layer(0)[0]
    level.bias[:H] = 20.0  # i open
    level.bias[H : 2 * H] = -20.0  # f shut
    level.bias[3 * H :] = 20.0  # o open
    level.weight_ih[2 * H, :2] = torch.tensor([0.05, -0.05])
    for k in range(1, taps):
        level.weight_hh[2 * H + k, k - 1] = 1.0
    level.weight_hh[2 * H + taps, :taps] = torch.tensor(planted)
    symbols = model.vocabulary.encode("abbabaababba")
    reading = Reading(model, Engine(model.rnn), symbols)
    gradient, occlusion = (
        reading.gradient(Cell(0, 0, taps)),
        reading.occlusion(Cell(0, 0, taps)),
    )
    places = len(symbols) - 2 - np.arange(taps)
    wanted = np.argsort(np.abs(planted))
    for values in (gradient.values, gradient.signed, occlusion.values):
        sizes = np.abs(values)
        assert np.argsort(sizes[places]).tolist() == wanted.tolist()
        assert np.delete(sizes, places).max() < 1e-6 < sizes[places].min()


def test_what_lies_further_back_is_read_but_not_looked_at(monkeypatch):
    monkeypatch.setattr("analysis.attribution.FURTHEST", 5)
    model = network(1, 2)
    symbols = model.vocabulary.encode("abcabfedcba")
    short = Reading(model, Engine(model.rnn), symbols)
    monkeypatch.undo()
    whole = Reading(model, Engine(model.rnn), symbols)
    assert (short.start, whole.start) == (6, 0)
    for target in targets(model):
        for method in ("gradient", "occlusion"):
            few, all_ = (getattr(reading, method)(target) for reading in (short, whole))
            assert few.value == pytest.approx(all_.value, abs=1e-6)
            np.testing.assert_allclose(few.values, all_.values[6:], atol=1e-5)


def test_the_work_ends_when_nobody_waits():
    model = network(1, 1)
    reading = Reading(model, Engine(model.rnn), [0] * 50)
    asked = iter([True, True, False])
    assert reading.occlusion(Symbol(0), lambda: next(asked)) is None


def test_the_way_there_ends_as_well_when_nobody_waits():
    model = network(1, 2)
    asked = iter([True, True, False])
    Reading(model, Engine(model.rnn), [0] * 3000, back=10, wanted=lambda: next(asked))
    assert list(asked) == []


@pytest.mark.parametrize("back", [1, 4, 11, 50])
def test_less_is_looked_at_where_less_is_asked_for(back):
    model = network(1, 2)
    symbols = model.vocabulary.encode("abcabfedcba")
    few = Reading(model, Engine(model.rnn), symbols, back=back).gradient(Symbol(2))
    whole = Reading(model, Engine(model.rnn), symbols).gradient(Symbol(2))
    assert len(few.values) == min(back, len(symbols))
    np.testing.assert_allclose(few.values, whole.values[-back:], atol=1e-6)


@pytest.mark.parametrize("one", [{"set": 9}, {"scale": 0.5}, {"add": 1}])
def test_a_gradient_is_taken_under_interventions_that_were_read_under_before(one):
    """A typist's reading lays them out first, without gradients."""
    model = network(1, 2)
    engine, made = Engine(model.rnn), model.parse([{"layer": 0, "level": 1, "cells": [3]} | one])
    symbols = model.vocabulary.encode("abcab")
    with torch.inference_mode():
        engine.read(torch.tensor([symbols]), engine.start(), under=[Under(engine.plan(made), 0)])
    found = Reading(model, engine, symbols, made).gradient(Cell(0, 1, 3))
    alone = Reading(model, Engine(model.rnn), symbols, made).gradient(Cell(0, 1, 3))
    np.testing.assert_array_equal(found.values, alone.values)
    assert bool(found.values.any()) == ("set" not in one)
