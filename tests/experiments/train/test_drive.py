"""The start is unbiased: what reaches the innermost cells is not the same at every step."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from experiments.datasets.split_text import SplitText
from experiments.tasks.streams import Streams
from experiments.train.drive import constant_share, driven, reached
from experiments.train.initialisation import initialised
from experiments.train.settings import Settings

NETS = pytest.mark.parametrize(("layers", "depth"), [(1, 2), (2, 1), (1, 1)])


def words(settings):
    """A text of 300 words by Zipf's law, of letters that are as unlike in frequency as English."""
    random = np.random.default_rng(0)
    letters = list("etaoinshrdlcumwfgypbvk")
    chances = 1 / np.arange(1, 301)
    vocabulary = [
        "".join(random.choice(letters, 1 + random.poisson(3.5), p=chances[:22] / sum(chances[:22])))
        for _ in range(300)
    ]
    text = " ".join(random.choice(vocabulary, 12_000, p=chances / sum(chances)))
    return Streams(SplitText.of("words", text, text[:2000], text[:2000]), settings)


def settings(bias, **changed):
    """As the paper trains, with few cells and short windows."""
    paper = {"penalty": 0.0, "input_gain": 1.0, "schedule": "constant", "learning_rate": 0.002}
    size = {"hidden": 48, "streams": 16, "window": 30, "carry": False}
    return Settings(head_bias=bias, **paper | size | changed)


@NETS
def test_the_gradients_add_up_to_those_of_the_biases(layers, depth):
    """The gradient of a bias is the sum over steps of that at its gate; g's is i (1 - g^2) at c."""
    chosen = settings("zero", layers=layers, depth=depth, hidden=5, input_gain=5.0)
    task = words(chosen)
    network = initialised(task, chosen).double()
    x, y = (part[:3, :12] for part in task.batch(0, 0))
    found = reached(network, x, y)
    steps = list(network.rnn.steps(x))
    logits = network.head(torch.cat([step.h[:, :, -1] for step, _ in steps], 1))
    F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum").backward()
    gates = torch.cat([step.gates for step, _ in steps], 1)[:, :, :, -1].detach()
    i, g = gates[..., 0, :], gates[..., 2, :]
    for l in range(layers):
        _, at_f, at_g, _ = network.rnn.layer(l)[-1].bias.grad.chunk(4)
        torch.testing.assert_close(found.at_forget[:, :, l].sum((0, 1)), at_f)
        at_candidate = (found.at_c * i * (1 - g**2))[:, :, l]
        torch.testing.assert_close(at_candidate.sum((0, 1)), at_g)


def test_the_share_of_what_is_constant():
    constant = torch.ones(4, 5, 3)
    assert constant_share(constant) == pytest.approx(1)
    assert constant_share(torch.cat([constant, -constant])) == pytest.approx(0)
    assert constant_share(torch.cat([constant, 0 * constant])) == pytest.approx(0.5)


@NETS
def test_the_first_gradient_is_unbiased(layers, depth):
    """With the frequencies in the head, hardly any of it is the same at every step."""
    shares = {}
    for bias in ("zero", "frequency"):
        chosen = settings(bias, layers=layers, depth=depth)
        (found,) = driven(words(chosen), chosen, [0])
        shares[bias] = [layer.gradient_constant for layer in found]
    assert min(shares["zero"]) > 0.2
    assert max(shares["frequency"]) < 0.1


@pytest.mark.parametrize(
    ("layers", "depth", "most", "least"), [(1, 2, 0.7, 0.3), (2, 1, 0.35, 0.05)]
)
def test_the_cells_run_away_from_a_zero_bias(layers, depth, most, least):
    """The innermost cells of the top layer after a hundred updates."""
    zero, frequency, drift = (
        driven(words(chosen), chosen, [100])[0][-1]
        for chosen in (
            settings(bias, layers=layers, depth=depth, learning_rate=0.001, drift=drift)
            for bias, drift in (("zero", 0.0), ("frequency", 0.0), ("frequency", 0.1))
        )
    )
    assert zero.saturated > most
    assert frequency.saturated < least
    assert drift.saturated == 0
    assert zero.size > 2 * frequency.size > 2 * drift.size
    assert zero.size > 3


def test_a_short_text_is_read_again_from_its_start():
    """Streams that repeat are read on where their first part alone is read again."""
    random = np.random.default_rng(1)
    rows = ["".join(random.choice(list("abc"), 20)) for _ in range(4)]
    chosen = settings("zero", hidden=5, streams=4, window=10, learning_rate=0.01)
    once, twice = (
        Streams(
            SplitText.of("rows", "".join(row * n + row[0] for row in rows), "abc", "abc"), chosen
        )
        for n in (1, 2)
    )
    assert (once.updates, twice.updates) == (2, 4)
    assert driven(once, chosen, range(4)) == driven(twice, chosen, range(4))
