"""What the loss of a memory costs: against the equations in numpy, and on a planted memory."""

import json

import interventions as contract
import numpy as np
import pytest
import torch

from analysis.effects import effects as module
from analysis.effects.__main__ import arguments, run
from analysis.effects.effects import Reading, donor_place, interval, shown_places
from models import CharacterModel, Vocabulary, save_checkpoint
from models.reading.engine import Engine

SHAPES = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)]
TEXT = "abcabfedcbafedabc?dabcabfed"
H = 4


def network(layers, depth, cell="lstm"):
    torch.manual_seed(layers + 7 * depth)
    model = CharacterModel(Vocabulary("abcdef"), layers, depth, H, cell=cell)
    model.initialise()
    model.requires_grad_(False)
    for parameter in model.parameters():
        parameter += 0.5 * torch.randn_like(parameter)
    return model


def reading(model, text=TEXT):
    return Reading(model, Engine(model.rnn), model.vocabulary.encode(text))


def read(model, text, made):
    """Surprisal (T) by the equations in numpy, 0 where there is none; with h and c."""
    weights = [
        [
            tuple(p.double().numpy() for p in (v.weight_ih, v.weight_hh, v.bias))
            for v in model.rnn.layer(l)
        ]
        for l in range(model.rnn.layers)
    ]
    symbols = np.array(model.vocabulary.encode(text))
    h, c, _ = contract.read(weights, np.eye(7)[symbols + 1][:, 1:], made)
    logits = h[:, -1] @ model.head.weight.double().numpy().T + model.head.bias.double().numpy()
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    bits = np.zeros(len(text))
    for t in range(1, len(text)):
        if symbols[t] >= 0:
            bits[t] = -logs[t - 1, symbols[t]] / np.log(2)
    return bits, h, c


def held(place, values, start, stop):
    """A whole memory held at values of its own, as interventions in plain JSON."""
    layer, level = place
    where = {"layer": layer} | ({"state": "h"} if level is None else {"level": level})
    until = {} if stop is None else {"to": stop}
    return [
        where | until | {"cells": [k], "set": float(v), "from": start} for k, v in enumerate(values)
    ]


def memory(place, h, c):
    """(T, H) of a memory."""
    layer, level = place
    return h[:, layer] if level is None else c[:, layer, level]


@pytest.mark.parametrize("start", [0, 9, len(TEXT) - 2])
@pytest.mark.parametrize("operation", module.OPERATIONS)
@pytest.mark.parametrize(("layers", "depth"), SHAPES)
def test_the_cost_is_what_the_equations_say(layers, depth, operation, start):
    model = network(layers, depth)
    groups = [(l, d) for l in range(layers) for d in [*range(depth), None]]
    found = reading(model).effects(start, operation, groups, sets=0, seed=3)
    natural, h, c = read(model, TEXT, [])
    np.testing.assert_allclose(found.natural, natural[start:], atol=1e-4)
    assert (found.start, found.groups) == (start, groups)
    assert (found.donor is None) == (operation != "swap")
    for place, lost in zip(groups, found.bits, strict=True):
        own = memory(place, h, c)
        values = {
            "zero": np.zeros(H),
            "mean": own.mean(0),
            "swap": own[donor_place(len(TEXT), start, 3)],
        }[operation]
        stop = start + 1 if operation == "swap" else None
        bits, *_ = read(model, TEXT, held(place, values, start, stop))
        np.testing.assert_allclose(lost, (bits - natural)[start:], atol=1e-4)
        assert lost[0] == 0


def planted():
    """Inner cells keep for ever whether the last capital was A or B; outer ones keep nothing.

    After A comes y, after B comes z: as sure as the head's weights make it.
    """
    model = CharacterModel(Vocabulary("AByz"), 1, 2, H).requires_grad_(False)
    for parameter in model.parameters():
        parameter.zero_()
    outer, inner = model.rnn.layer(0)
    outer.bias[:H] = 20.0  # i open: what is read goes inside
    outer.bias[H : 2 * H] = -20.0  # f shut: nothing of the outer cell's past does
    outer.bias[3 * H :] = 20.0  # o open
    outer.weight_ih[2 * H : 3 * H, 0] = 40.0  # A
    outer.weight_ih[2 * H : 3 * H, 1] = -40.0  # B
    # The inner cell takes in the sign of what comes, forgets what it had then, and keeps it else.
    inner.weight_ih[2 * H : 3 * H] = torch.eye(H)
    inner.bias[:H] = 20.0  # i open: tanh of a large number, or of 0
    inner.bias[H : 2 * H] = 20.0  # f open
    inner.bias[3 * H :] = 20.0  # o open
    model.head.weight[2] = 3.0
    model.head.weight[3] = -3.0
    return model


def test_a_memory_that_inner_cells_alone_carry():
    model = planted()
    text = "A" + "y" * 60 + "BB" + "z" * 60
    start = 20
    seed = next(s for s in range(50) if donor_place(len(text), start, s) > 65)
    found = reading(model, text).effects(start, "swap", sets=60, seed=seed)
    assert found.groups == [(0, 1), (0, 0)]
    # As long as the memory is asked: 41 characters, from the one after the swap to the capital.
    inner, outer = found.bits
    inside, after = slice(1, 40), slice(43, None)
    assert inner[inside].min() > 8
    assert np.abs(inner[after]).max() < 0.5
    # The outer cell is rebuilt from the inner one at the next step: one prediction is wrong.
    assert outer[1] > 8
    np.testing.assert_allclose(outer[2:], 0, atol=1e-6)
    # Half of the cells of a random set are inner ones, so it costs part of it.
    totals = found.random.sum(1)
    assert (totals <= inner.sum() + 1e-6).all()
    found_interval = interval(totals)
    assert outer[1:].sum() < found_interval.median < inner.sum()
    assert found_interval.low <= found_interval.median <= found_interval.high


def test_random_sets_are_as_many_cells_and_those_of_all_memories_cost_what_they_do():
    """With a single memory there is but one set of as many cells: the memory."""
    model = network(1, 1, cell="gru")
    found = reading(model).effects(5, "zero", sets=4)
    assert shown_places(model) == found.groups == [(0, None)]
    for lost in found.random:
        np.testing.assert_allclose(lost, found.bits[0], atol=1e-9)


def test_the_same_seed_draws_the_same_and_another_does_not():
    model = network(2, 2)
    one, same, other = (reading(model).effects(4, "zero", sets=3, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.random, same.random)
    assert np.abs(one.random - other.random).max() > 1e-6


def test_no_more_is_looked_at_than_is_asked_for():
    model = network(1, 2)
    whole = reading(model).effects(3, "zero", sets=2)
    short = reading(model).effects(3, "zero", sets=2, after=7)
    assert short.bits.shape == (2, 8)
    np.testing.assert_allclose(short.bits, whole.bits[:, :8], atol=1e-6)
    np.testing.assert_allclose(short.random, whole.random[:, :8], atol=1e-6)


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_the_work_ends_when_nobody_waits(looks):
    asked = iter([True] * looks + [False] * 9)
    assert reading(network(1, 2)).effects(2, "mean", wanted=lambda: next(asked)) is None


def test_the_donor_is_another_place_and_not_near_where_it_can_be():
    for length in (2, 3, 50, 5000):
        for start in (0, length // 2, length - 2):
            places = {donor_place(length, start, seed) for seed in range(20)}
            assert start not in places
            assert all(0 <= place < length for place in places)
            if length == 5000:
                assert min(abs(place - start) for place in places) > 100


def test_every_place_has_a_donor_of_its_own(tmp_path):
    """One draw for all places would be a mean over two donors; the random sets are the same."""
    text = "abcdefedcb" * 60
    save_checkpoint(tmp_path / "net.safetensors", network(1, 2))
    (tmp_path / "text").write_text(text)
    asked = ["--model", tmp_path / "net.safetensors", "--text", tmp_path / "text"]
    asked += ["--places", "20", "--after", "9", "--random", "2", "--out"]
    told = []
    for out in ("one", "two"):
        run(arguments().parse_args([str(word) for word in [*asked, tmp_path / out]]))
        told.append(json.loads((tmp_path / out).read_text("utf-8")))
    assert told[0] == told[1]
    chosen = told[0]["settings"]
    assert len(chosen["places"]) == 20
    assert len(set(chosen["donors"])) > 15
    read_ = reading(network(1, 2), text)
    found = [read_.effects(start, "swap", sets=2, after=9) for start in chosen["places"]]
    assert chosen["donors"] == [one.donor for one in found]
    totals = np.mean([one.random.sum(1) for one in found], 0)
    np.testing.assert_allclose(told[0]["random"]["totals"], totals, atol=1e-6)


def test_the_numbers_predicted_at_once_are_bounded_whatever_the_vocabulary(monkeypatch):
    model = network(2, 2)
    whole = reading(model).effects(3, "swap", sets=5)
    sizes = []
    model.head.register_forward_hook(lambda head, given, made: sizes.append(made.numel()))
    most = len(model.vocabulary) * (1 + len(shown_places(model)) + 5) * module.SLICE
    reading(model).effects(3, "swap", sets=5)
    assert max(sizes) <= most  # a slice of the text, not all of it
    sizes.clear()
    monkeypatch.setattr(module, "LOGITS", 20)
    found = reading(model).effects(3, "swap", sets=5)
    assert max(sizes) <= 20
    for name in ("natural", "bits", "random"):
        np.testing.assert_allclose(getattr(found, name), getattr(whole, name), atol=1e-5)


def test_the_command_tells_what_the_model_cannot_read_and_names_the_run(tmp_path, capsys):
    (tmp_path / "nested-7").mkdir()
    save_checkpoint(tmp_path / "nested-7" / "final.safetensors", network(1, 2))
    (tmp_path / "text").write_text("abЖc" * 50)
    asked = ["--model", tmp_path / "nested-7" / "final.safetensors", "--text", tmp_path / "text"]
    asked += ["--places", "2", "--after", "9", "--random", "2", "--out"]
    options = [str(word) for word in [*asked, tmp_path / "out.json"]]
    run(arguments().parse_args(options))
    told = capsys.readouterr().out
    assert "a memory of nested-7 costs" in told
    assert "50 of 200 characters are not in the model's alphabet." in told
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert (found["model"], found["settings"]["unknown"]) == ("nested-7", 50)
    (tmp_path / "text").write_text("Ж" * 200)
    with pytest.raises(ValueError, match="no character of the text"):
        run(arguments().parse_args(options))
    with pytest.raises(ValueError, match="is a folder"):
        run(arguments().parse_args([*options[:-1], str(tmp_path)]))
