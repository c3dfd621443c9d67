"""Reading fast is reading the same: half-float matmuls, long texts, texts beside one another."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models import kernels
from models.kernels import Matmul
from models.reading.engine import Engine
from models.rnn import RNN
from models.states import State


def network(layers=1, depth=2, hidden=24, half=True, gain=0.6, seed=0):
    """A network that forgets, its weights such as float16 can hold or not."""
    torch.manual_seed(seed)
    rnn = RNN(7, layers, depth, hidden)
    rnn.initialise(input_gain=5.0)
    rnn.requires_grad_(False)
    for l in range(layers):
        for level in rnn.layer(l):
            level.weight_hh.mul_(gain)
            level.bias.add_(0.3 * torch.randn_like(level.bias))
    if half:
        for parameter in rnn.parameters():
            parameter.copy_(parameter.half())
    return rnn


def joined(pieces):
    """Internals of the whole, and the state after it."""
    parts, states = zip(*pieces, strict=True)
    return [torch.cat(part, 1) for part in zip(*parts, strict=True)], states[-1]


def assert_same(theirs, ours, tolerance=1e-5):
    """Every h and gate to `tolerance`, every cell relative to its size where that is above 1."""
    for a, b in zip(theirs, ours, strict=True):
        torch.testing.assert_close(b, a, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("columns", [33, 128, 700])
@pytest.mark.parametrize("rows", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("kind", ["half", "packed", "mkl", "plain"])
def test_a_matmul_is_that_of_float64(rows, kind, columns, monkeypatch):
    if (kind, True) in (("half", not kernels.has_kernel()), ("packed", not kernels.has_onednn())):
        pytest.skip("this torch or this processor lacks the kernel")
    half = kind == "half"
    monkeypatch.setattr(kernels, "has_onednn", lambda: kind in ("half", "packed"))
    monkeypatch.setattr(kernels, "has_wide_mkl", lambda: kind == "mkl")
    torch.manual_seed(rows)
    weight, x, bias = torch.randn(40, columns), torch.randn(rows, columns), torch.randn(40)
    x /= columns**0.5
    weight[0, :3] = torch.tensor([6e-8, 65504.0, -6.1e-5])  # least, largest, least normal
    weight = weight.half().float() if half else weight
    multiply = Matmul(weight)
    assert multiply.kind == kind
    exact = x.double() @ weight.double().t()
    torch.testing.assert_close(multiply(x, bias).double(), exact + bias, rtol=1e-5, atol=1e-5)
    biases = torch.randn(rows, 40)
    torch.testing.assert_close(multiply(x, biases).double(), exact + biases, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("weight", [70000.0, 1e-9, 0.1])
def test_weights_that_half_floats_cannot_hold_are_kept(weight):
    multiply = Matmul(torch.full((16, 8), weight))
    assert multiply.kind != "half"
    result = multiply(torch.ones(1, 8), torch.zeros(16))
    torch.testing.assert_close(result, torch.full((1, 16), 8 * weight))


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 2), (2, 2), (1, 3)])
def test_without_a_kernel_the_plain_matmul_serves(shape, monkeypatch):
    rnn = network(*shape)
    x = torch.randint(-1, 7, (3, 40))
    theirs, _ = Engine(rnn).read(x, rnn.start(3))
    monkeypatch.setattr(kernels, "has_kernel", lambda: False)
    monkeypatch.setattr(kernels, "has_onednn", lambda: False)
    monkeypatch.setattr(kernels, "has_wide_mkl", lambda: False)
    ours, _ = Engine(rnn).read(x, rnn.start(3))
    assert_same(theirs, ours)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.booleans())
def test_texts_advance_beside_one_another_as_alone(lengths, half):
    """Texts that join and leave at every step: what a batch of readers relies on."""
    rnn = network(2, 2, half=half)
    engine = Engine(rnn)
    texts = [torch.randint(-1, 7, (n,)) for n in lengths]
    alone = [engine.read(text[None], engine.start())[1] for text in texts]
    states = [engine.start() for _ in texts]
    for t in range(max(lengths)):
        there = [k for k, text in enumerate(texts) if t < len(text)]
        x = torch.stack([texts[k][t : t + 1] for k in there])
        batch = State(*(torch.cat(part) for part in zip(*(states[k] for k in there), strict=True)))
        _, end = engine.read(x, batch)
        for row, k in enumerate(there):
            states[k] = State(end.h[row : row + 1], end.c[row : row + 1])
    for mine, theirs in zip(states, alone, strict=True):
        assert_same(theirs, mine)


def test_gates_are_left_out_when_nobody_wants_them():
    rnn = network(2, 2)
    engine = Engine(rnn)
    x = torch.randint(0, 7, (2, 9))
    whole, end = engine.read(x, engine.start(2))
    part, last = engine.read(x, engine.start(2), gates=False)
    assert part.gates.shape == (2, 9, 2, 2, 4, 0)
    for a, b in [(whole.h, part.h), (whole.c, part.c), (end.h, last.h), (end.c, last.c)]:
        assert torch.equal(a, b)


@pytest.mark.parametrize("gates", [True, False])
def test_reading_nothing_changes_nothing(gates):
    engine = Engine(network(2, 2))
    state = State(torch.rand(1, 2, 24), torch.rand(1, 2, 2, 24))
    internals, end = engine.read(torch.empty(1, 0, dtype=torch.long), state, gates)
    assert internals.c.shape == (1, 0, 2, 2, 24)
    assert internals.gates.shape == (1, 0, 2, 2, 4, 24 if gates else 0)
    assert torch.equal(end.h, state.h)
    assert torch.equal(end.c, state.c)
    (long, _), *more = engine.read_long(torch.empty(0, dtype=torch.long), state, gates)
    assert (long.c.shape, long.gates.shape) == (internals.c.shape, internals.gates.shape)
    assert more == []


@pytest.mark.parametrize("half", [True, False])
@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 2), (2, 2), (1, 3)])
def test_a_long_text_is_read_as_one_character_after_another(shape, half):
    rnn = network(*shape, half=half)
    engine = Engine(rnn)
    x = torch.randint(-1, 7, (2101,), generator=torch.Generator().manual_seed(1))
    _, before = engine.read(x[None, :50].flip(1), engine.start())  # from a state of its own
    theirs, end = engine.read(x[None], before)
    ours, last = joined(engine.read_long(x, before))
    assert_same(theirs, ours)
    assert_same(end, last)


def test_the_end_of_a_slow_forgetting_is_extrapolated():
    """Two readings that approach each other, but not within a thirty-second of the text."""
    rnn = network(2, 1, half=False, gain=0.9)
    engine = Engine(rnn)
    x = torch.randint(-1, 7, (3000,), generator=torch.Generator().manual_seed(0))
    theirs, end = engine.read(x[None], engine.start())
    pieces = list(engine.read_long(x, engine.start()))
    lengths = [internals.h.shape[1] for internals, _ in pieces]
    assert sum(length for length in lengths if length <= 32) - 32 > 3000 / 32  # the pilot's
    assert max(lengths) > 512  # in chunks
    ours, last = joined(pieces)
    assert_same(theirs, ours)
    assert_same(end, last)


def test_a_network_of_nan_is_read_to_its_end():
    rnn = network()
    rnn.layer(0)[0].weight_hh.fill_(torch.nan)
    x = torch.randint(0, 7, (1500,))
    ours, _ = joined(Engine(rnn).read_long(x, rnn.start()))
    assert ours[0].shape[1] == 1500
    assert ours[0].isnan().any()


def test_a_long_text_of_values():
    rnn = network(2, 2)
    engine = Engine(rnn)
    x = torch.randn(1700, 7)
    theirs, _ = engine.read(x[None], engine.start())
    ours, _ = joined(engine.read_long(x, engine.start()))
    assert_same(theirs, ours)


@pytest.mark.parametrize("length", [1, 31, 32, 512, 513, 700, 1600])
def test_texts_of_any_length_are_read_to_their_end(length):
    rnn = network()
    engine = Engine(rnn)
    x = torch.randint(0, 7, (length,))
    theirs, end = engine.read(x[None], engine.start())
    ours, last = joined(engine.read_long(x, engine.start()))
    assert_same(theirs, ours)
    assert_same(end, last)


def test_a_network_that_does_not_forget_is_read_bit_for_bit_as_by_single_steps(monkeypatch):
    """In chaos rounding alone grows: only the very same steps give the same."""
    rnn = network(gain=6.0)
    engine = Engine(rnn)
    x = torch.randint(0, 7, (1500,))
    monkeypatch.setattr("models.reading.engine.read_chunks", None)
    theirs, end = engine.read(x[None], engine.start())
    ours, last = joined(engine.read_long(x, engine.start()))
    for a, b in zip((*theirs, *end), (*ours, *last), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("memory", [1, 40, 300, 5000])
def test_a_known_memory_decides_how_a_text_is_cut_and_not_what_is_read(memory):
    rnn = network(1, 2)
    engine = Engine(rnn)
    x = torch.randint(0, 7, (2100,), generator=torch.Generator().manual_seed(2))
    theirs, end = engine.read(x[None], engine.start())
    ours, last = joined(engine.read_long(x, engine.start(), memory=memory))
    assert_same(theirs, ours)
    assert_same(end, last)
    pieces = [piece.h.shape[1] for piece, _ in engine.read_long(x, engine.start(), memory=memory)]
    assert (max(pieces) > 512) == (memory < 2100)  # in chunks, or one after another


@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_a_long_text_under_a_very_small_network(hidden):
    """Its steps cost next to nothing: it would be cut into more chunks than it has characters."""
    torch.manual_seed(0)
    rnn = RNN(7, 1, 1, hidden)
    rnn.initialise()
    rnn.requires_grad_(False)
    engine = Engine(rnn)
    x = torch.randint(0, 7, (3000,))
    theirs, _ = engine.read(x[None], engine.start())
    ours, _ = joined(engine.read_long(x, engine.start()))
    assert_same(theirs, ours)
