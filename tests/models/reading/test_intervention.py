"""Changing a memory while a text is read, in whatever way: against the contract in numpy."""

import interventions as contract
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import CharacterModel, InterventionError, Vocabulary
from models.reading.engine import Engine
from models.reading.intervention import MOST_INTERVENTIONS, parse
from models.reading.parallel import read_chunks
from models.reading.plan import Under
from models.rnn import RNN
from models.states import State

SHAPES = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)]
H = 4


def network(layers, depth, hidden=H, dtype=torch.float64, seed=0, gain=1.0):
    torch.manual_seed(seed)
    rnn = RNN(5, layers, depth, hidden).to(dtype)
    rnn.initialise()
    rnn.requires_grad_(False)
    for parameter in rnn.parameters():
        parameter += 0.3 * torch.randn_like(parameter)
        parameter *= gain
    return rnn


def weights(rnn):
    return [
        [
            tuple(p.detach().double().numpy() for p in (v.weight_ih, v.weight_hh, v.bias))
            for v in rnn.layer(l)
        ]
        for l in range(rnn.layers)
    ]


def one_hot(symbols):
    return np.eye(6)[np.asarray(symbols) + 1][:, 1:]


def under(rnn, asked, start=0):
    return Under(rnn.plan(parse(asked, rnn.layers, rnn.memories, rnn.hidden)), start)


def by_steps(rnn, x, asked):
    """h, c and gates of the readable path, of one text."""
    steps = [step for step, _ in rnn.steps(x, under=[under(rnn, asked)])]
    return [torch.cat(part, 1)[0] for part in zip(*steps, strict=True)]


@pytest.mark.parametrize(("layers", "depth"), SHAPES)
@settings(max_examples=40)
@given(data=st.data())
def test_both_paths_do_what_the_contract_says(layers, depth, data):
    rnn = network(layers, depth, seed=data.draw(st.integers(0, 3)))
    symbols = data.draw(st.lists(st.integers(-1, 4), min_size=1, max_size=14))
    asked = data.draw(contract.interventions(layers, depth, H, len(symbols)))
    expected = contract.read(weights(rnn), one_hot(symbols), asked)
    x = torch.tensor([symbols])
    engine = Engine(rnn)
    internals, end = engine.read(x, engine.start(), under=[under(rnn, asked)])
    for mine, readable, theirs in zip(
        (part[0] for part in internals), by_steps(rnn, x, asked), expected, strict=True
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-5, rtol=1e-5)
        np.testing.assert_allclose(readable, theirs, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(end.h[0], expected[0][-1], atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(end.c[0], expected[1][-1], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("layers", "depth"), SHAPES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_trace_in_float32(layers, depth, data):
    torch.manual_seed(1)
    model = CharacterModel(Vocabulary("abcde"), layers, depth, H)
    model.rnn.load_state_dict(network(layers, depth, dtype=torch.float32).state_dict())
    text = data.draw(st.text("abcde?", min_size=1, max_size=12))
    asked = data.draw(contract.interventions(layers, depth, H, len(text)))
    trace = model.trace(text, interventions=asked)
    x = one_hot(model.vocabulary.encode(text))
    h, c, gates = contract.read(weights(model.rnn), x, asked)
    np.testing.assert_allclose(trace.h, h, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(trace.c, c, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(trace.gates, gates, atol=1e-5, rtol=1e-5)
    assert [one.keys() for one in trace.interventions] == [
        {k: v for k, v in one.items() if (k, v) not in [("from", 0), ("cells", None)]}
        for one in asked
    ]


@settings(max_examples=40)
@given(data=st.data())
def test_rows_of_a_batch_are_changed_each_for_itself(data):
    """Rows with and without interventions, at different places of their texts."""
    rnn = network(2, 2)
    engine, table = Engine(rnn), weights(rnn)
    rows = data.draw(st.integers(1, 5))
    steps = data.draw(st.integers(1, 9))
    x = torch.randint(-1, 5, (rows, steps))
    state = State(*(torch.rand_like(part) - 0.5 for part in engine.start(rows)))
    asked = [data.draw(st.none() | contract.interventions(2, 2, H, steps + 6)) for _ in range(rows)]
    starts = [data.draw(st.integers(0, 6)) for _ in range(rows)]
    plans = [one and under(rnn, one, start) for one, start in zip(asked, starts, strict=True)]
    internals, _ = engine.read(x, state, under=plans)
    for b in range(rows):
        h, c = state.h[b].numpy(), state.c[b].numpy()
        theirs = contract.read(table, one_hot(x[b]), asked[b] or [], h, c, starts[b])
        for part, expected in zip(internals, theirs, strict=True):
            np.testing.assert_allclose(part[b], expected, atol=1e-5, rtol=1e-5)


def long_texts(rnn, length, asked):
    """Read as one batch step by step, and as one known text."""
    engine = Engine(rnn)
    x = torch.randint(-1, 5, (length,), generator=torch.Generator().manual_seed(2))
    plan = under(rnn, asked) if asked is not None else None
    theirs, end = engine.read(x[None], engine.start(), under=[plan])
    parts, states = zip(*engine.read_long(x, engine.start(), under=plan), strict=True)
    ours = [torch.cat(part, 1) for part in zip(*parts, strict=True)]
    return (*theirs, *end), (*ours, *states[-1])


@pytest.mark.parametrize(("layers", "depth"), SHAPES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_chunks_are_steps(layers, depth, data):
    rnn = network(layers, depth, hidden=12, dtype=torch.float32, gain=0.6)
    largest = data.draw(st.sampled_from([1.0, 1.0, 1.0, 1.2]))
    asked = data.draw(contract.interventions(layers, depth, 12, 1200, largest_scale=largest))
    for a, b in zip(*long_texts(rnn, 1200, asked), strict=True):
        torch.testing.assert_close(b, a, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "one",
    [
        {"layer": 0, "level": 1, "cells": [2], "set": 4.0},
        {"layer": 0, "level": 1, "scale": 0.5, "from": 700, "to": 1300},
        {"layer": 0, "level": 1, "add": 0.3, "from": 600},
        {"layer": 0, "level": 0, "set": -0.5, "from": 900},
        {"layer": 0, "state": "h", "cells": [0, 3], "set": 0, "to": 1000},
    ],
)
def test_a_changed_text_is_read_in_chunks(one, monkeypatch):
    """Not merely step by step: the chunks are entered, and their result is that of single steps."""
    calls = []

    def counted(*args):
        calls.append(read_chunks(*args))
        return calls[-1]

    monkeypatch.setattr("models.reading.engine.read_chunks", counted)
    rnn = network(1, 2, hidden=12, dtype=torch.float32, gain=0.6)
    for a, b in zip(*long_texts(rnn, 1500, [one]), strict=True):
        torch.testing.assert_close(b, a, atol=1e-5, rtol=1e-5)
    assert [right for _, right in calls] == [len(window.h) for window, _ in calls] != []


@pytest.mark.parametrize("one", [{"scale": 1}, {"add": 0}, {"add": -0.0}])
@pytest.mark.parametrize("where", [{"level": 0}, {"level": 1}, {"state": "h"}])
@pytest.mark.parametrize(("length", "gain"), [(40, 0.6), (40, 3.0), (1100, 0.6)])
def test_what_changes_nothing_changes_nothing_to_the_bit(one, where, length, gain):
    rnn = network(2, 2, hidden=12, dtype=torch.float32, gain=gain)
    _, plain = long_texts(rnn, length, None)
    _, under_it = long_texts(rnn, length, [{"layer": 1} | where | one])
    for a, b in zip(plain, under_it, strict=True):
        assert a.numpy().tobytes() == b.numpy().tobytes()


def test_a_cell_that_is_held_is_held_whatever_it_was():
    """Also a value that has run away beyond all numbers."""
    rnn = network(1, 1, dtype=torch.float32)
    asked = [
        {"layer": 0, "level": 0, "scale": 1e6, "to": 20},
        {"layer": 0, "level": 0, "set": 0.5, "from": 20},
        {"layer": 0, "state": "h", "set": 0.5, "from": 20},
    ]
    engine = Engine(rnn)
    x = torch.zeros(1, 30, dtype=torch.long)
    internals, _ = engine.read(x, engine.start(), under=[under(rnn, asked)])
    assert not bool(internals.c[0, 19].isfinite().all())
    assert bool((internals.c[0, 20:] == 0.5).all())
    assert bool((internals.h[0, 20:] == 0.5).all())


def test_gradients_pass_what_is_not_held():
    rnn = network(1, 2).requires_grad_()
    x = torch.randn(1, 5, 5, dtype=torch.float64, requires_grad=True)

    def run(x, asked):
        return torch.cat([step.h for step, _ in rnn.steps(x, under=[under(rnn, asked)])], 1)

    half = [
        {"layer": 0, "level": 1, "cells": [0, 2], "set": 1.0},
        {"layer": 0, "level": 0, "scale": 0.5},
    ]
    assert torch.autograd.gradcheck(lambda x: run(x, half), (x,))
    held = run(x, [{"layer": 0, "state": "h", "set": 1.0}])
    (gradient,) = torch.autograd.grad(held.sum(), x)
    assert not gradient.any()


REFUSED = [
    ("text", "must be a list"),
    ([7], "must be an object"),
    ([{"layer": 0, "level": 0}], "exactly one of set, scale and add"),
    ([{"layer": 0, "level": 0, "set": 1, "add": 1}], "exactly one of set, scale and add"),
    ([{"layer": 0, "level": 0, "set": 1, "colour": 2}], "'colour' is not a field"),
    ([{"level": 0, "set": 1}], "`layer` must be from 0 to 1"),
    ([{"layer": 2, "level": 0, "set": 1}], "`layer` must be from 0 to 1"),
    ([{"layer": True, "level": 0, "set": 1}], "`layer` must be from 0 to 1"),
    ([{"layer": 0, "set": 1}], "`level` must be from 0 to 2"),
    ([{"layer": 0, "level": 3, "set": 1}], "`level` must be from 0 to 2"),
    ([{"layer": 0, "level": 0, "state": "h", "set": 1}], "h has no levels"),
    ([{"layer": 0, "level": 0, "state": "x", "set": 1}], '"c" or "h"'),
    ([{"layer": 0, "level": 0, "state": None, "set": 1}], '"c" or "h"'),
    ([{"layer": 0, "level": 0, "cells": [], "set": 1}], "at least one cell"),
    ([{"layer": 0, "level": 0, "cells": 3, "set": 1}], "at least one cell"),
    ([{"layer": 0, "level": 0, "cells": [3, 3], "set": 1}], "a cell twice"),
    ([{"layer": 0, "level": 0, "cells": [0, 1, 2, 3, 0], "set": 1}], "lists 5 cells, a .* has 4"),
    ([{"z": 1, "layer": 0, "level": 0, "set": 1, "a": 2}], "'z' is not a field"),
    ([{"layer": 0, "level": 0, "cells": [4], "set": 1}], "`cells` must be from 0 to 3"),
    ([{"layer": 0, "level": 0, "cells": [1.0], "set": 1}], "`cells` must be from 0 to 3"),
    ([{"layer": 0, "level": 0, "set": "1"}], "`set` must be a number"),
    ([{"layer": 0, "level": 0, "set": True}], "`set` must be a number"),
    ([{"layer": 0, "level": 0, "set": None}], "`set` must be a number"),
    ([{"layer": 0, "level": 0, "scale": float("nan")}], "`scale` must be a number"),
    ([{"layer": 0, "level": 0, "add": float("inf")}], "`add` must be a number"),
    ([{"layer": 0, "level": 0, "add": 1_000_001}], "`add` must be a number"),
    ([{"layer": 0, "level": 0, "add": 10**400}], "`add` must be a number"),
    ([{"layer": 0, "level": 0, "set": 1, "from": -1}], "`from` must be a whole number"),
    ([{"layer": 0, "level": 0, "set": 1, "from": None}], "`from` must be a whole number"),
    ([{"layer": 0, "level": 0, "set": 1, "from": 10**30}], "`from` must be a whole number"),
    ([{"layer": 0, "level": 0, "set": 1, "from": 3, "to": 3}], "`to` must be a whole number above"),
    ([{"layer": 0, "level": 0, "set": 1, "to": 2.5}], "`to` must be a whole number above"),
    ([{"layer": 0, "level": 0, "set": 1}] * (MOST_INTERVENTIONS + 1), "At most 64"),
]


@pytest.mark.parametrize(("asked", "reason"), REFUSED)
def test_what_is_refused(asked, reason):
    with pytest.raises(InterventionError, match=reason) as refused:
        parse(asked, layers=2, levels=3, hidden=4)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_trace_refuses_with_the_place():
    model = CharacterModel(Vocabulary("ab"), 1, 1, 3)
    fine = {"layer": 0, "level": 0, "set": 1}
    with pytest.raises(ValueError, match=r"interventions\[1\]: `layer` must be from 0 to 0"):
        model.trace("ab", interventions=[fine, {"layer": 1, "level": 0, "set": 1}])


def test_the_largest_list_and_the_extremes_are_taken():
    asked = [{"layer": 0, "level": 0, "scale": -1e6}] * MOST_INTERVENTIONS
    model = CharacterModel(Vocabulary("ab"), 1, 1, 3)
    model.initialise()
    assert len(model.trace("abab", interventions=asked).interventions) == MOST_INTERVENTIONS
