"""The gradient back through time: against autograd through the equations, in float64."""

import interventions as contract
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from models.reading.adjoint import adjoint
from models.reading.engine import Engine
from models.reading.intervention import parse
from models.reading.plan import Under
from models.rnn import RNN
from models.states import State

H, V = 4, 5


def network(layers, depth):
    torch.manual_seed(layers + 7 * depth)
    rnn = RNN(V, layers, depth, H).double()
    rnn.initialise()
    rnn.requires_grad_(False)
    for parameter in rnn.parameters():
        parameter += 0.3 * torch.randn_like(parameter)
    return rnn


@pytest.mark.parametrize(("layers", "depth"), [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)])
@settings(max_examples=8)
@given(data=st.data())
def test_it_is_that_of_the_equations(layers, depth, data):
    """From any state, for any weights of the last h and c, under any interventions."""
    rnn = network(layers, depth)
    symbols = torch.tensor(data.draw(st.lists(st.integers(-1, V - 1), min_size=1, max_size=9)))
    asked = data.draw(contract.interventions(layers, depth, H, len(symbols)))
    under = Under(rnn.plan(parse(asked, layers, depth, H)), 0)
    before = State(*(torch.randn_like(part) for part in rnn.start()))
    slope = State(*(torch.randn_like(part) for part in before))
    x = F.one_hot(symbols + 1, V + 1)[None, :, 1:].double().requires_grad_()
    for _, end in rnn.steps(x, before, [under]):
        last = end
    value = sum((a * b).sum() for a, b in zip(slope, last, strict=True))
    (expected,) = torch.autograd.grad(value, x)
    read, _ = Engine(rnn).read(symbols[None], before, under=[under])
    found = adjoint(rnn, before, read, slope, under)
    torch.testing.assert_close(found.clone(), expected[0], rtol=1e-9, atol=1e-10)
