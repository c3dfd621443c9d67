"""A trace: every internal of every step, one row a code point."""

import numpy as np
import pytest
import torch

from models import CharacterModel, Vocabulary

TEXT = "Ab\n\tba 😀é<R>a"


def model(layers, depth):
    torch.manual_seed(1)
    model = CharacterModel(Vocabulary(["\n", " ", "a", "b", "e", "<R>"]), layers, depth, 7)
    model.initialise()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize(("layers", "depth"), [(1, 1), (2, 1), (1, 2), (2, 3)])
def test_trace_is_the_readable_path_step_by_step(layers, depth):
    net = model(layers, depth)
    trace = net.trace(TEXT)
    symbols = torch.tensor([net.vocabulary.encode(TEXT)])
    with torch.no_grad():
        for t, (step, _) in enumerate(net.rnn.steps(symbols)):
            np.testing.assert_allclose(trace.c[t], step.c[0, 0], atol=1e-6)
            np.testing.assert_allclose(trace.h[t], step.h[0, 0], atol=1e-6)
            np.testing.assert_allclose(trace.gates[t], step.gates[0, 0], atol=1e-6)
            logits = net.head(step.h[0, 0, -1])
            np.testing.assert_allclose(trace.logits[t], logits, atol=1e-5)
    assert len(trace.c) == len(TEXT)
    assert trace.unknown == [3, 7, 9, 10, 11]  # tab, emoji, and < R > as typed
    assert trace.c.dtype == trace.h.dtype == trace.gates.dtype == trace.logits.dtype == np.float32


@pytest.mark.parametrize(("layers", "depth"), [(1, 1), (2, 1), (1, 2), (1, 3)])
def test_display_rule(layers, depth):
    trace = model(layers, depth).trace(TEXT)
    np.testing.assert_allclose(trace.display[:, :, -1], np.tanh(trace.c[:, :, -1]), atol=1e-7)
    np.testing.assert_array_equal(trace.display[:, :, :-1], trace.c[:, :, :-1])
    assert np.abs(trace.display).max() <= 1


def test_an_empty_text_has_an_empty_trace():
    trace = model(2, 3).trace("")
    assert trace.c.shape == trace.display.shape == (0, 2, 3, 7)
    assert trace.gates.shape == (0, 2, 3, 4, 7)
    assert trace.logits.shape == (0, 6)
    assert trace.unknown == []
