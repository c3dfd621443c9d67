"""How a training starts: the head's bias, orthogonal blocks; and the step's clipping, the drift."""

import copy

import numpy as np
import pytest
import torch
from tiny_tasks import SMALL, digits, poems, task

from experiments.train.gradient import Gradient
from experiments.train.initialisation import initialised, orthogonal_blocks
from experiments.train.loop import Run
from experiments.train.optimizer import clipped_step
from experiments.train.settings import Settings


def settings(**changed):
    return Settings(**{**vars(SMALL), **changed})


@pytest.mark.parametrize("make", [task, poems, digits])
def test_the_heads_bias_is_the_log_of_the_frequencies(make):
    examples = make(settings())
    training = np.concatenate(
        [examples.batch(0, k)[1].flatten().numpy() for k in range(examples.updates)]
    )
    bias = initialised(examples, settings()).head.bias.detach().exp().numpy()
    counts = np.bincount(training, minlength=len(bias))
    # Streams drop a remainder of the text from the batches: a few characters of 500.
    np.testing.assert_allclose(bias, np.maximum(counts, 0.5) / len(training), atol=0.02)
    exact = np.bincount(examples.targets.numpy(), minlength=len(bias))
    wanted = np.log(np.maximum(exact, 0.5) / len(examples.targets))
    np.testing.assert_allclose(np.log(bias), wanted, atol=1e-6)


def test_a_symbol_that_never_occurs_has_a_finite_bias():
    examples = task(settings())
    examples.corpus.train.clip(max=2, out=examples.corpus.train)
    bias = initialised(examples, settings()).head.bias.detach()
    assert torch.isfinite(bias).all()
    torch.testing.assert_close(bias[3:], torch.full_like(bias[3:], np.log(0.5 / 500)))
    assert float(bias[3:].max()) < float(bias[:3].min()) - 4


def test_the_start_with_a_zero_bias_is_the_former_one():
    """All weights but that bias are the same: it draws nothing from the generator."""
    examples = task(settings())
    with_, without = (
        initialised(examples, settings(head_bias=kind)).state_dict()
        for kind in ("frequency", "zero")
    )
    assert not without["head.bias"].any()
    for name, value in without.items():
        assert torch.equal(with_[name], value) or name == "head.bias"


@pytest.mark.parametrize("shape", [(5, 17), (17, 5), (6, 6), (50, 64)])
def test_orthogonal_blocks_are_orthogonal(shape):
    matrix = torch.empty(shape)
    orthogonal_blocks(matrix, 3.0)
    side = min(shape)
    longer = matrix if shape[0] > shape[1] else matrix.t()
    for block in longer.split(side):
        torch.testing.assert_close(block @ block.t(), 9 * torch.eye(len(block)), atol=1e-4, rtol=0)


def test_what_starts_orthogonal_is_asked_for():
    examples = task(settings())
    none, head, both = (
        initialised(examples, settings(orthogonal=kind, input_gain=1.0))
        for kind in ("none", "head", "head-input")
    )

    def is_orthogonal(matrix):  # (n, 5) or (5, n): five symbols, eight cells
        block = matrix[:5, :5]
        return torch.allclose(block @ block.t(), torch.eye(5), atol=1e-5)

    gates = [network.rnn.layer(0)[0].weight_ih.chunk(4) for network in (none, head, both)]
    heads = [network.head.weight for network in (none, head, both)]
    assert [is_orthogonal(weight) for weight in heads] == [False, True, True]
    assert [all(map(is_orthogonal, each)) for each in gates] == [False, False, True]


@pytest.mark.parametrize("most", [0.001, 0.03, 1.0])
def test_the_step_is_clipped_after_adam(most, tmp_path):
    """Three updates against Adam written out in float64, its step scaled to the norm `most`."""
    chosen = settings(step_clip=most, clip=1e-9, drift=0.0, resets=0.0)
    run = Run(task(SMALL), chosen, tmp_path)
    names = [name for name, _ in run.network.named_parameters()]
    weights = [p.detach().double() for p in run.network.parameters()]
    means = [torch.zeros_like(w) for w in weights]
    squares = [torch.zeros_like(w) for w in weights]
    reference = copy.deepcopy(run.network)
    for t in range(1, 4):
        x, y = run.task.batch(0, t - 1)
        rate = 0.005 * (1 + np.cos(np.pi * (t - 1) / run.total)) / 2
        for parameter, weight in zip(reference.parameters(), weights, strict=True):
            parameter.data = weight.float()
        count = torch.tensor(float(y.numel()))
        Gradient(run.task, reference)(x, y, run.state if t > 1 else None, count, None)
        gradients = [p.grad.double() for p in reference.parameters()]
        means = [0.9 * m + 0.1 * g for m, g in zip(means, gradients, strict=True)]
        squares = [0.999 * s + 0.001 * g**2 for s, g in zip(squares, gradients, strict=True)]
        steps = [
            -rate * (m / (1 - 0.9**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8)
            for m, s in zip(means, squares, strict=True)
        ]
        norm = float(torch.sqrt(sum(s.square().sum() for s in steps)))
        weights = [w + s * min(1.0, most / norm) for w, s in zip(weights, steps, strict=True)]
        run._update(x, y, False)
        run.step += 1
    for name, parameter, weight in zip(names, run.network.parameters(), weights, strict=True):
        torch.testing.assert_close(parameter.double(), weight, atol=2e-6, rtol=1e-4, msg=name)


def test_a_short_step_is_left_as_it_is():
    weight = torch.nn.Parameter(torch.ones(3))
    weight.grad = torch.tensor([3.0, 0.0, 4.0])
    clipped_step(torch.optim.SGD([weight], lr=1.0), [weight], 10.0)
    torch.testing.assert_close(weight.detach(), torch.tensor([-2.0, 1.0, -3.0]))
    weight.grad = torch.tensor([3.0, 0.0, 4.0])
    clipped_step(torch.optim.SGD([weight], lr=1.0), [weight], 1.0)
    torch.testing.assert_close(weight.detach(), torch.tensor([-2.6, 1.0, -3.8]))


@pytest.mark.parametrize(
    ("layers", "depth", "penalty_on", "held"),
    [(1, 2, "nested", True), (2, 1, "nested", False), (2, 1, "all", True), (1, 1, "all", True)],
)
def test_both_penalties_are_what_they_say(layers, depth, penalty_on, held, tmp_path):
    """The gradient of an update is that of the loss written out, penalties and all."""
    chosen = settings(
        layers=layers, depth=depth, penalty=0.3, drift=7.0, penalty_on=penalty_on, clip=1e9
    )
    run = Run(task(chosen), chosen, tmp_path)
    reference = copy.deepcopy(run.network)
    x, y = run.task.batch(0, 0)
    run._update(x, y, False)
    steps = list(reference.rnn.steps(x))
    logits = reference.head(torch.cat([step.h[:, :, -1] for step, _ in steps], 1))
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
    if held:
        c = torch.cat([step.c for step, _ in steps], 1)[..., -1, :]  # (B, T, L, H)
        loss = loss + 0.3 * (c**2).mean() + 7.0 * (c.mean((0, 1)) ** 2).mean()
    loss.backward()
    for ours, theirs in zip(run.network.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-6, rtol=1e-4)


def test_an_older_record_is_read_as_it_was_trained():
    older = {"layers": 2, "depth": 1, "hidden": 8, "penalty": 0.01, "data": "ptb", "epoch": 3}
    read = Settings.recorded(older)
    assert (read.head_bias, read.step_clip, read.orthogonal, read.drift) == ("zero", 0, "none", 0)
    assert not read.penalised
    assert "--head-bias zero" in read.options()
    assert Settings.recorded(vars(Settings())) == Settings()


def test_a_record_with_a_setting_under_its_earlier_name_is_read():
    """As the record of a run that was begun under that name and resumed has both, the new wins."""
    older = {**vars(Settings()), "products": "bfloat16"}
    assert Settings.recorded(older).matmul_precision == "float32"
    del older["matmul_precision"]
    read = Settings.recorded(older)
    assert read.matmul_precision == "bfloat16"
    assert read.options() == "--matmul-precision bfloat16"
