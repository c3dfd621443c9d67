"""Which memories a network has, in which order, by which names, and how each is shown."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.memories import (
    SATURATED_SHARE,
    SATURATED_VALUE,
    columns,
    count,
    display,
    displayed,
    memories,
    states,
)


def labels(layers, depth, cell="lstm"):
    return [memory.label for memory in memories(layers, depth, cell)]


def test_memories_come_top_layer_first_and_innermost_first():
    assert labels(1, 1) == ["cell tanh(c)", "output h"]
    assert labels(2, 1) == ["layer 2 tanh(c)", "layer 1 tanh(c)"]
    assert labels(1, 2) == ["inner tanh(c\u0303)", "outer c"]
    assert labels(1, 3) == ["inner tanh(c\u0303\u0303)", "middle c\u0303", "outer c"]
    assert labels(1, 4)[1:3] == ["level 2 c\u0303\u0303", "level 1 c\u0303"]
    assert labels(2, 2) == [
        "layer 2 inner tanh(c\u0303)",
        "layer 2 outer c",
        "layer 1 inner tanh(c\u0303)",
        "layer 1 outer c",
    ]
    assert labels(1, 1, "gru") == ["hidden state h"]
    assert labels(2, 1, "gru") == ["layer 2 h", "layer 1 h"]


def test_the_pages_tests_are_given_what_the_server_sends():
    path = Path(__file__).parents[1] / "fixtures" / "memories.json"
    for network in json.loads(path.read_text("utf-8")):
        expected = [asdict(memory) for memory in memories(network["layers"], network["depth"])]
        assert network["memories"] == expected


def test_the_page_calls_saturated_what_the_server_does():
    path = Path(__file__).parents[2] / "static" / "base" / "memories.js"
    stated = dict(re.findall(r"export const (SATURATED_\w+) = ([\d.]+);", path.read_text("utf-8")))
    assert {name: float(value) for name, value in stated.items()} == {
        "SATURATED_VALUE": SATURATED_VALUE,
        "SATURATED_SHARE": SATURATED_SHARE,
    }


def test_every_state_of_a_network_has_a_name_of_its_own():
    named = [(s.layer, s.level, s.name) for s in states(2, 2)]
    assert named == [
        (0, 1, "layer 1 inner"),
        (0, 0, "layer 1 outer"),
        (0, None, "layer 1 output"),
        (1, 1, "layer 2 inner"),
        (1, 0, "layer 2 outer"),
        (1, None, "layer 2 output"),
    ]
    assert [s.name for s in states(1, 1)] == ["cell", "output"]


@given(
    layers=st.integers(1, 3),
    depth=st.integers(1, 3),
    gru=st.booleans(),
    seed=st.integers(0, 1 << 20),
)
def test_each_column_is_the_memory_it_is_named_for(layers, depth, gru, seed):
    depth, cell = (1, "gru") if gru else (depth, "lstm")
    random = np.random.default_rng(seed)
    h = random.normal(size=(4, layers, 5)).astype(np.float32)
    c = random.normal(size=(4, layers, 0 if gru else depth, 5)).astype(np.float32)
    shown = columns(torch.from_numpy(h), torch.from_numpy(c)).numpy()
    rows = memories(layers, depth, cell)
    assert shown.shape[1] == len(rows) == count(layers, depth, cell)
    for m, memory in enumerate(rows):
        raw = h[:, memory.layer] if memory.state == "h" else c[:, memory.layer, memory.level]
        expected = np.tanh(raw.astype(np.float64)) if memory.symbol.startswith("tanh(") else raw
        np.testing.assert_allclose(shown[:, m], expected, atol=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_only_the_innermost_level_is_squashed_in_numpy_as_in_torch(depth):
    c = np.random.default_rng(depth).normal(size=(4, 2, depth, 3)).astype(np.float32)
    expected = c.copy()
    expected[..., -1, :] = np.tanh(c[..., -1, :].astype(np.float64))
    np.testing.assert_allclose(display(c), expected, atol=1e-6)
    np.testing.assert_allclose(displayed(torch.from_numpy(c)).numpy(), expected, atol=1e-6)
