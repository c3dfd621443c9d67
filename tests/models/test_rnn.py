"""The network against references: torch.nn.LSTM, and the paper's equations in numpy float64."""

import numpy as np
import pytest
import torch
from equations import Gates, lstm, nested, nested_twice
from hypothesis import given
from hypothesis import strategies as st

from models.reading.engine import Engine
from models.rnn import RNN
from models.states import State

SHAPES = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2), (3, 2)]


def network(layers, depth, hidden=6, inputs=5, dtype=torch.float64, seed=0):
    """An RNN away from its tidy start: biases and all matrices perturbed."""
    torch.manual_seed(seed)
    rnn = RNN(inputs, layers, depth, hidden).to(dtype)
    rnn.initialise()
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    return rnn


def gates_of(rnn, l):
    return [
        Gates(*(p.detach().double().numpy() for p in (v.weight_ih, v.weight_hh, v.bias)))
        for v in rnn.layer(l)
    ]


@pytest.mark.parametrize("layers", [1, 2])
def test_depth_one_is_torch_lstm(layers):
    rnn = network(layers, 1)
    theirs = torch.nn.LSTM(5, 6, num_layers=layers, batch_first=True).double()
    with torch.no_grad():
        for l in range(layers):
            level = rnn.layer(l)[0]
            for name in ("weight_ih", "weight_hh"):
                getattr(theirs, f"{name}_l{l}").copy_(getattr(level, name))
            getattr(theirs, f"bias_ih_l{l}").copy_(level.bias)
            getattr(theirs, f"bias_hh_l{l}").zero_()
    x = torch.randn(3, 11, 5, dtype=torch.float64, requires_grad=True)
    x_theirs = x.detach().clone().requires_grad_()
    h, _c, end = rnn(x)
    h_theirs, (h_end, c_end) = theirs(x_theirs)
    torch.testing.assert_close(h, h_theirs)
    torch.testing.assert_close(end.h.transpose(0, 1), h_end)
    torch.testing.assert_close(end.c[:, :, 0].transpose(0, 1), c_end)
    weighting = torch.randn_like(h)
    (h * weighting).sum().backward()
    (h_theirs * weighting).sum().backward()
    torch.testing.assert_close(x.grad, x_theirs.grad)
    for l in range(layers):
        level = rnn.layer(l)[0]
        for name in ("weight_ih", "weight_hh"):
            torch.testing.assert_close(
                getattr(level, name).grad, getattr(theirs, f"{name}_l{l}").grad
            )
        torch.testing.assert_close(level.bias.grad, getattr(theirs, f"bias_ih_l{l}").grad)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_equations_of_the_paper(depth, dtype, tolerance):
    rnn = network(1, depth, dtype=dtype)
    x = torch.randn(4, 40, 5, dtype=dtype)
    internals, _ = Engine(rnn).read(x, rnn.start(4))
    weights = gates_of(rnn, 0)
    step = {1: lstm, 2: nested, 3: nested_twice}[depth]
    states = [np.zeros((4, 6)) for _ in range(depth + 1)]
    for t in range(40):
        states = step(x[:, t].double().numpy(), *states, *weights)
        assert np.abs(internals.h[:, t, 0].double().numpy() - states[0]).max() < tolerance
        for d in range(depth):
            assert (
                np.abs(internals.c[:, t, 0, d].double().numpy() - states[d + 1]).max() < tolerance
            )


def test_a_stack_reads_the_layer_below():
    rnn = network(2, 2)
    x = torch.randn(1, 9, 5, dtype=torch.float64)
    internals, _ = Engine(rnn).read(x, rnn.start())
    lower, upper = gates_of(rnn, 0), gates_of(rnn, 1)
    a = b = [np.zeros((1, 6))] * 3
    for t in range(9):
        a = nested(x[:, t].numpy(), *a, *lower)
        b = nested(a[0], *b, *upper)
        assert np.abs(internals.h[:, t, 1].numpy() - b[0]).max() < 1e-10
        assert np.abs(internals.c[:, t, 1, 1].numpy() - b[2]).max() < 1e-10


@pytest.mark.parametrize(("layers", "depth"), SHAPES)
def test_readable_path_fast_path_and_engine_agree(layers, depth):
    rnn = network(layers, depth)
    symbols = torch.randint(-1, 5, (3, 13))
    state = State(
        torch.rand(3, layers, 6, dtype=torch.float64) - 0.5,
        torch.rand(3, layers, depth, 6, dtype=torch.float64) - 0.5,
    )
    steps = list(rnn.steps(symbols, state))
    h, c, end = rnn(symbols, state)
    internals, last = Engine(rnn).read(symbols, state)
    torch.testing.assert_close(torch.cat([s.h for s, _ in steps], 1), internals.h)
    torch.testing.assert_close(torch.cat([s.c for s, _ in steps], 1), internals.c)
    torch.testing.assert_close(torch.cat([s.gates for s, _ in steps], 1), internals.gates)
    torch.testing.assert_close(h, internals.h[:, :, -1])
    torch.testing.assert_close(c, internals.c)
    for other in (end, last):
        torch.testing.assert_close(other.h, steps[-1][1].h)
        torch.testing.assert_close(other.c, steps[-1][1].c)


@pytest.mark.parametrize(("layers", "depth"), [(1, 2), (1, 3), (2, 2)])
def test_gradients_of_the_readable_path(layers, depth):
    rnn = network(layers, depth, hidden=3, inputs=2)
    names, parameters = zip(*rnn.named_parameters(), strict=True)
    x = torch.randn(2, 4, 2, dtype=torch.float64, requires_grad=True)

    def run(x, *values):
        weights = dict(zip(names, values, strict=True))
        return torch.func.functional_call(
            _Steps(rnn), {f"rnn.{k}": v for k, v in weights.items()}, x
        )

    assert torch.autograd.gradcheck(run, (x, *(p.detach().requires_grad_() for p in parameters)))


class _Steps(torch.nn.Module):
    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, x):
        steps = [step for step, _ in self.rnn.steps(x)]
        return torch.cat([s.h for s in steps], 1), torch.cat([s.c for s in steps], 1)


@pytest.mark.parametrize(("layers", "depth"), SHAPES)
def test_inner_and_outer_cell_have_one_sign(layers, depth):
    rnn = network(layers, depth, dtype=torch.float32)
    internals, _ = Engine(rnn).read(torch.randint(0, 5, (2, 200)), rnn.start(2))
    signs = internals.c.sign()
    assert bool((signs == signs[..., -1:, :]).all())
    assert bool((internals.h.sign() == signs[..., 0, :]).all())


def test_gates_rebuild_the_innermost_cell():
    """c_t = f c_{t-1} + i g at the innermost level: what the gates are said to be, they are."""
    rnn = network(2, 3)
    internals, _ = Engine(rnn).read(torch.randint(0, 5, (1, 30)), rnn.start())
    i, f, g, _ = internals.gates[:, :, :, -1].unbind(-2)
    c = internals.c[:, :, :, -1]
    torch.testing.assert_close(c[:, 1:], f[:, 1:] * c[:, :-1] + (i * g)[:, 1:])


@given(st.lists(st.integers(-1, 4), max_size=40), st.data())
def test_any_split_of_a_text_is_the_whole(symbols, data):
    rnn = network(2, 2, dtype=torch.float32)
    engine = Engine(rnn)
    x = torch.tensor([symbols], dtype=torch.long)
    whole, end = engine.read(x, engine.start())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(symbols)), max_size=5)))
    state, parts = engine.start(), []
    for a, b in zip([0, *cuts], [*cuts, len(symbols)], strict=True):
        part, state = engine.read(x[:, a:b], state)
        parts.append(part)
    for name in ("h", "c", "gates"):
        joined = torch.cat([getattr(part, name) for part in parts], 1)
        torch.testing.assert_close(joined, getattr(whole, name), atol=1e-6, rtol=0)
    torch.testing.assert_close(state.c, end.c, atol=1e-6, rtol=0)


def test_the_paper_start():
    torch.manual_seed(0)
    rnn = RNN(50, 2, 2, 32)
    rnn.initialise()
    bound = (6 / (50 + 32)) ** 0.5
    first = rnn.layer(0)[0].weight_ih.detach()
    assert float(first.abs().max()) <= bound
    assert float(first.var()) == pytest.approx(bound**2 / 3, rel=0.05)
    eye = torch.eye(32)
    for l in range(2):
        for d, level in enumerate(rnn.layer(l)):
            matrices = [level.weight_hh] + ([level.weight_ih] if (l, d) != (0, 0) else [])
            for block in torch.cat(matrices).detach().split(32):
                torch.testing.assert_close(block @ block.t(), eye, atol=1e-5, rtol=0)
            i, f, g, o = level.bias.detach().split(32)
            assert bool((f == 1).all())
            assert not bool(torch.cat([i, g, o]).any())


@pytest.mark.parametrize(("layers", "depth"), [(0, 1), (1, 0), (9, 1), (1, 9)])
def test_too_many_layers_or_levels_are_refused(layers, depth):
    with pytest.raises(ValueError, match="must be from 1 to 8"):
        RNN(5, layers, depth, 4)
