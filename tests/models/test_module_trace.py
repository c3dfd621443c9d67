"""`trace_module`: what PyTorch's modules keep to themselves, and what they give, the same."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from models import trace_module


def module(kind, inputs=3, hidden=5, layers=2, **options):
    torch.manual_seed(0)
    made = {"lstm": nn.LSTM, "gru": nn.GRU}[kind](inputs, hidden, layers, **options)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter *= 2
    return made.eval()


@settings(max_examples=60)
@given(
    st.sampled_from(["lstm", "gru"]),
    st.integers(1, 4),
    st.integers(1, 9),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(1, 7),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([torch.float32, torch.float64]),
)
def test_equals_torch_and_its_own_steps(kind, B, T, inputs, L, H, bias, first, given_state, dtype):
    net = module(kind, inputs, H, L, bias=bias, batch_first=first).to(dtype)
    x = torch.randn(B, T, inputs, dtype=dtype)
    state = None
    if given_state:
        state = torch.randn(L, B, H, dtype=dtype)
        state = (state, torch.randn_like(state)) if kind == "lstm" else state
    with torch.no_grad():
        out, last = net(x if first else x.transpose(0, 1), state)
    found = trace_module(net, x, state)
    np.testing.assert_allclose(found.h[:, :, -1], out if first else out.transpose(0, 1), atol=1e-5)
    h, c = last if kind == "lstm" else (last, None)
    np.testing.assert_allclose(found.h[:, -1].swapaxes(0, 1), h, atol=1e-5)
    before_h = (
        np.zeros((B, L, H))
        if state is None
        else np.asarray((state[0] if c is not None else state).transpose(0, 1))
    )
    h_before = np.concatenate([before_h[:, None], found.h[:, :-1]], 1)
    gates = np.moveaxis(found.gates[:, :, :, 0], 3, 0)
    if kind == "lstm":
        np.testing.assert_allclose(found.c[:, -1, :, 0].swapaxes(0, 1), c, atol=1e-5)
        first_c = np.zeros((B, L, H)) if state is None else np.asarray(state[1].transpose(0, 1))
        c_before = np.concatenate([first_c[:, None], found.c[:, :-1, :, 0]], 1)
        i, f, g, o = gates
        np.testing.assert_allclose(found.c[:, :, :, 0], f * c_before + i * g, atol=1e-5)
        np.testing.assert_allclose(found.h, o * np.tanh(found.c[:, :, :, 0]), atol=1e-5)
    else:
        assert found.c.shape == (B, T, L, 0, H)
        _, z, n = gates
        np.testing.assert_allclose(found.h, (1 - z) * n + z * h_before, atol=1e-5)
    assert found.h.dtype == found.gates.dtype == np.dtype(str(dtype).removeprefix("torch."))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_one_sequence_is_a_batch_of_one(kind):
    net, x = module(kind, batch_first=True), torch.randn(1, 9, 3)
    state = torch.randn(2, 1, 5)
    state = (state, state + 1) if kind == "lstm" else state
    alone = (state[0][:, 0], state[1][:, 0]) if kind == "lstm" else state[:, 0]
    for one, batch in zip(trace_module(net, x[0], alone), trace_module(net, x, state), strict=True):
        np.testing.assert_array_equal(one, batch[0])


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_many_blocks_and_a_rest_are_one_run(kind, monkeypatch):
    net, x = module(kind, batch_first=True), torch.randn(2, 23, 3)
    whole = trace_module(net, x)
    monkeypatch.setattr("models.module_trace.CACHED", 5 * 4 * 5 * 2 * 4)  # 5 steps of an LSTM
    for parts, one in zip(trace_module(net, x), whole, strict=True):
        np.testing.assert_allclose(parts, one, atol=1e-6)


def test_dropout_and_gradients_stay_out():
    net = module("lstm", dropout=0.5, batch_first=True).train()
    x = torch.randn(1, 9, 3, requires_grad=True)
    found = trace_module(net, x)
    np.testing.assert_allclose(found.h[:, :, -1], net.eval()(x)[0].detach(), atol=1e-5)


def test_nothing_to_read():
    found = trace_module(module("lstm"), torch.zeros(4, 0, 3))
    assert found.h.shape == (4, 0, 2, 5)
    assert found.gates.shape == (4, 0, 2, 1, 4, 5)


def test_repr_says_what_it_is():
    assert repr(trace_module(module("gru"), torch.zeros(4, 7, 3))) == (
        "ModuleTrace of 4 x 7 steps: GRU, 2 layers, 5 cells"
    )


@pytest.mark.parametrize(
    ("net", "x", "error", "reason"),
    [
        (nn.RNN(3, 5), torch.zeros(4, 3), TypeError, "expected a torch.nn.LSTM or torch.nn.GRU"),
        (nn.LSTM(3, 5), [[0.0] * 3], TypeError, "floating-point tensor"),
        (nn.LSTM(3, 5), torch.zeros(4, 3).long(), TypeError, "floating-point tensor"),
        (nn.LSTM(3, 5), torch.zeros(4, 3).double(), TypeError, "inputs are torch.float64"),
        (nn.LSTM(3, 5), torch.zeros(4, 2), ValueError, r"shape \[4, 2\], expected \(T, 3\)"),
        (nn.LSTM(3, 5, bidirectional=True), torch.zeros(4, 3), ValueError, "bidirectional"),
        (nn.LSTM(3, 5, proj_size=2), torch.zeros(4, 3), ValueError, "proj_size"),
    ],
)
def test_what_cannot_be_traced_is_refused(net, x, error, reason):
    with pytest.raises(error, match=reason):
        trace_module(net, x)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_state_of_another_kind_is_refused(kind):
    net, h = module(kind), torch.zeros(2, 1, 5)
    for state in (h if kind == "lstm" else (h, h), (h[:1], h) if kind == "lstm" else h[:1]):
        with pytest.raises(ValueError, match=r"of the shape \[2, 1, 5\]"):
            trace_module(net, torch.zeros(1, 4, 3), state)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_state_of_another_type_is_refused_in_a_sentence(kind):
    net, x, h = module(kind), torch.zeros(1, 4, 3), torch.zeros(2, 1, 5)
    for state in ((h, h.double()), (h.double(), h)) if kind == "lstm" else (h.double(),):
        with pytest.raises(TypeError, match=r"^the state is torch.float64, the module torch.float"):
            trace_module(net, x, state)
    with pytest.raises(ValueError, match="must be what the module takes"):
        trace_module(net, x, (h, h, h))
    with pytest.raises((TypeError, ValueError), match=r"^the state "):
        trace_module(net, x, (h.numpy(), h.numpy()))


def test_a_module_that_numpy_has_no_type_for_is_refused():
    net = nn.LSTM(3, 4).to(torch.bfloat16)
    with pytest.raises(TypeError, match=r"bfloat16, which numpy lacks: take module\.float\(\)"):
        trace_module(net, torch.zeros(5, 3, dtype=torch.bfloat16))
