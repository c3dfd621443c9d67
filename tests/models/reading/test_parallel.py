"""Chunks that are made to agree: the sequential layer is the reference, in every state."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.kernels import Matmul
from models.reading.cost import COSTS
from models.reading.nested_lstm import NestedLSTMLayer
from models.reading.parallel import read_chunks
from models.rnn import RNN


def layer_of(depth, seed, gain=0.5, hidden=16, memory=None, half=False):
    """A layer; with `memory`, half its innermost cells keep 1/e for so many characters."""
    torch.manual_seed(seed)
    rnn = RNN(5, 1, depth, hidden)
    rnn.initialise(input_gain=3.0)
    rnn.requires_grad_(False)
    for level in rnn.layer(0):
        level.weight_hh.mul_(gain)
        level.bias[hidden : 2 * hidden] = 0
    if memory:
        keep = slice(hidden, hidden + hidden // 2)
        inside = rnn.layer(0)[-1]
        inside.weight_ih[keep] = 0
        inside.weight_hh[keep] = 0
        inside.bias[keep] = -math.log(math.expm1(1 / memory)) if memory < math.inf else 30.0
    if half:
        for parameter in rnn.parameters():
            parameter.copy_(parameter.half())
    return NestedLSTMLayer(rnn.cells[0], first=True)


def sequential(layer, x, h, c):
    return layer.run(x[:, None], h[None], c[None])


def assert_same(theirs, ours, upto=None):
    for a, b in zip(theirs, ours, strict=True):
        torch.testing.assert_close(b[:upto], a[:upto], atol=1e-5, rtol=1e-5)


@settings(max_examples=30)
@given(
    depth=st.integers(1, 3),
    seed=st.integers(0, 5),
    pieces=st.integers(2, 12),
    length=st.integers(1, 60),
    memory=st.sampled_from([None, 20, 200, math.inf]),
    data=st.data(),
)
@torch.inference_mode()
def test_what_is_said_to_be_right_is(depth, seed, pieces, length, memory, data):
    layer = layer_of(depth, seed, memory=memory)
    n = pieces * length
    symbols = data.draw(st.lists(st.integers(-1, 4), min_size=n, max_size=n))
    x = torch.tensor(symbols)
    h, c = torch.rand(16) - 0.5, torch.rand(depth, 16) - 0.5
    ours, right = read_chunks(layer, x, h, c, pieces, gates=True)
    assert right >= length
    assert_same(sequential(layer, x, h, c), ours, right)


@pytest.mark.parametrize("depth", [1, 2, 3])
@torch.inference_mode()
def test_a_network_that_forgets_is_read_whole(depth):
    layer = layer_of(depth, 0)
    x = torch.randint(-1, 5, (1200,))
    h, c = torch.rand(16) - 0.5, torch.rand(depth, 16) - 0.5
    ours, right = read_chunks(layer, x, h, c, 6, gates=True)
    assert right == 1200
    assert_same(sequential(layer, x, h, c), ours)


@torch.inference_mode()
def test_cells_that_never_forget_are_put_right_without_reading():
    """Saturated counters: every border is wrong by hundreds, and no reading would mend that."""
    layer = layer_of(1, 0, memory=math.inf)
    layer._recurrent = Matmul(torch.zeros(64, 16))
    layer._input._table[:, :8] = 3.0  # input gates open
    layer._input._table[:, 32:40] = torch.tensor([2.0, 1.0, -1.0, 2.0, -2.0, 1.0]).unsqueeze(1)
    x = torch.randint(-1, 5, (1200,))
    h, c = torch.zeros(16), torch.full((1, 16), 100.0)
    ours, right = read_chunks(layer, x, h, c, 6, gates=False)
    theirs = sequential(layer, x, h, c)
    assert theirs.c[-1, 0, 0, :8].min() > 300
    assert right == 1200
    torch.testing.assert_close(ours.c, theirs.c, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_what_does_not_settle_is_given_back():
    layer = layer_of(2, 0, gain=8.0)  # chaotic
    x = torch.randint(0, 5, (600,))
    h, c = torch.zeros(16), torch.zeros(2, 16)
    ours, right = read_chunks(layer, x, h, c, 6, gates=True)
    assert 100 <= right < 600
    # Chaos doubles a rounding with every character: later ones differ between processors as well.
    assert_same(sequential(layer, x, h, c), ours, 10)


def width(n, memory, layer):
    return COSTS[layer.kind].at(layer.hidden).chunks(n, memory)


def test_the_number_of_chunks():
    """More for a shorter memory and a longer text; none where the memory is as long as the text."""
    half, plain = layer_of(2, 0, half=True), layer_of(2, 0)
    assert half.kind == "half"
    assert width(10_000, 20, half) > width(10_000, 200, half) >= 6
    assert width(10_000, 50, plain) > width(2_000, 50, plain)
    assert width(10_000, 50, plain) >= width(10_000, 50, half)
    assert width(10_000, 10_000, half) == width(10_000, 10_000, plain) == 0
