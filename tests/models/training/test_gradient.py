"""The fast path over a whole window, with its gradient written out, against the readable path."""

import copy

import pytest
import torch

from experiments.train.optimizer import matmuls_in
from models import kernels
from models.rnn import RNN
from models.states import State

SHAPES = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)]


def network(layers, depth, hidden, inputs, dtype):
    torch.manual_seed(layers * 10 + depth)
    rnn = RNN(inputs, layers, depth, hidden).to(dtype)
    rnn.initialise()
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    start = State(
        torch.randn(4, layers, hidden, dtype=dtype) / 2,
        torch.randn(4, layers, depth, hidden, dtype=dtype) / 2,
    )
    return rnn, start


def both_ways(rnn, x, start):
    """(h, c, gradients) of the fast and of the readable path, for one and the same loss."""
    results = []
    for fast in (True, False):
        leaves = State(*(value.clone().requires_grad_() for value in start))
        if fast:
            h, c, end = rnn(x, leaves)
        else:
            steps = list(rnn.steps(x, leaves))
            h = torch.cat([s.h[:, :, -1] for s, _ in steps], 1)
            c, end = torch.cat([s.c for s, _ in steps], 1), steps[-1][1]
        torch.manual_seed(1)
        loss = sum((v * torch.randn(v.shape)).sum() for v in (h, c, *end)) / x.shape[1]
        rnn.zero_grad()
        loss.backward()
        gradients = {name: p.grad for name, p in rnn.named_parameters()}
        gradients |= {"h0": leaves.h.grad, "c0": leaves.c.grad}
        results.append((h, c, gradients))
    return results


TOLERANCES = pytest.mark.parametrize(
    ("dtype", "forward", "backward"), [(torch.float32, 1e-6, 1e-5), (torch.float64, 1e-14, 1e-12)]
)


@TOLERANCES
@pytest.mark.parametrize(("layers", "depth"), SHAPES)
@pytest.mark.parametrize("pays", [True, False])
def test_with_any_matmul_the_window_is_the_steps(
    layers, depth, dtype, forward, backward, pays, monkeypatch
):
    """With oneDNN's matmul of packed weights, and with the plain one."""
    monkeypatch.setattr(kernels, "packing_pays", lambda: pays)
    test_the_window_is_the_steps(layers, depth, dtype, forward, backward)


@TOLERANCES
@pytest.mark.parametrize(("layers", "depth"), SHAPES)
def test_the_window_is_the_steps(layers, depth, dtype, forward, backward):
    rnn, start = network(layers, depth, hidden=24, inputs=7, dtype=dtype)
    x = torch.randint(-1, 7, (4, 30))
    (h, c, ours), (h_steps, c_steps, theirs) = both_ways(rnn, x, start)
    torch.testing.assert_close(h, h_steps, atol=forward, rtol=forward)
    torch.testing.assert_close(c, c_steps, atol=forward, rtol=forward)
    for name, gradient in ours.items():
        scale = float(theirs[name].abs().max())
        difference = float((gradient - theirs[name]).abs().max())
        assert difference < backward * max(1.0, scale), name


@pytest.mark.skipif(not kernels.has_tiles(), reason="the processor has no tiles for bfloat16")
@pytest.mark.parametrize(("layers", "depth"), SHAPES)
def test_weights_rounded_once_cost_no_accuracy(layers, depth, monkeypatch):
    """Beside oneDNN's rounding of the factors of every product alone, measured from float64."""
    rnn, start = network(layers, depth, hidden=64, inputs=40, dtype=torch.float32)
    x, y = torch.randint(-1, 40, (4, 30)), torch.randn(4, 30, 64)

    def gradient(rnn, start):
        rnn.zero_grad()
        (rnn(x, start)[0] * y).sum().backward()
        return torch.cat([p.grad.double().flatten() for p in rnn.parameters()])

    right = gradient(copy.deepcopy(rnn).double(), State(*(part.double() for part in start)))
    errors = {}
    with matmuls_in("bfloat16"):
        for once in (True, False):
            monkeypatch.setattr(kernels, "rounding_pays", lambda once=once: once)
            errors[once] = float((gradient(rnn, start) - right).norm() / right.norm())
    assert 0 < errors[False] < 0.03
    assert 0 < errors[True] < 1.5 * errors[False]


@pytest.mark.parametrize(("layers", "depth"), [(1, 2), (1, 3), (2, 2)])
def test_the_written_gradient_is_the_gradient(layers, depth):
    """Finite differences in float64: input, start and every weight, through h, c and the end."""
    rnn, start = network(layers, depth, hidden=3, inputs=2, dtype=torch.float64)
    names, parameters = zip(*rnn.named_parameters(), strict=True)
    x = torch.randn(4, 4, 2, dtype=torch.float64)

    def run(x, h0, c0, *values):
        weights = dict(zip(names, values, strict=True))
        h, c, end = torch.func.functional_call(rnn, weights, (x, State(h0, c0)))
        return h, c, end.h, end.c

    leaves = [v.detach().clone().requires_grad_() for v in (x, *start, *parameters)]
    assert torch.autograd.gradcheck(run, leaves)


def test_a_window_of_one_step_and_a_loss_on_h_alone():
    rnn, start = network(1, 2, hidden=5, inputs=3, dtype=torch.float64)
    x = torch.randn(4, 1, 3, dtype=torch.float64)
    rnn(x, start)[0].square().sum().backward()
    ours = [p.grad for p in rnn.parameters()]
    rnn.zero_grad()
    next(rnn.steps(x, start))[0].h.square().sum().backward()
    torch.testing.assert_close(ours, [p.grad for p in rnn.parameters()])
