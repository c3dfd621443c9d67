"""The training loop: what it learns, and that stopping, resuming and failing lose nothing."""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny_tasks import SMALL, digits, poems, task, text

from experiments.datasets.split_text import SplitText
from experiments.paper import TABLES
from experiments.tasks.streams import Streams, carried, reset_every
from experiments.train.gradient import CapturedGradient, Gradient, _flat
from experiments.train.initialisation import initialised
from experiments.train.loop import Run
from experiments.train.ranks import Ranks
from experiments.train.run import finish
from experiments.train.settings import Settings, parse, settings_of
from models import CharacterModel, Vocabulary, load_checkpoint
from models.networks import GlimpseClassifier
from models.states import State
from models.training import gradient as window

ROOT = Path(__file__).parents[3]


def log_of(folder):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k != "seconds"} for line in lines]


def state_of(folder):
    state = torch.load(folder / "state.pt", weights_only=True)
    return {name: value for name, value in state.items() if name != "seconds"}


def assert_same(a, b):
    """Equal to the bit, through dictionaries and tuples."""
    assert type(a) is type(b)
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for name in a:
            assert_same(a[name], b[name])
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_same(x, y)
    else:
        assert a == b


GRU = Settings(
    hidden=8, depth=1, cell="gru", epochs=2, streams=4, window=10, orthogonal="head-input"
)


@pytest.mark.parametrize(
    ("make", "settings", "stop"),
    [
        (task, SMALL, 17),
        (task, Settings(hidden=8, epochs=4, streams=4, window=10, carry=False, fade=True), 24),
        (task, Settings(hidden=8, epochs=2, streams=4, window=10, resets=0.4), 9),
        (task, Settings(hidden=8, epochs=2, streams=4, window=10, drift=0.1, step_clip=0.01), 9),
        (poems, Settings(hidden=8, epochs=4, streams=7, schedule="constant"), 9),
        (digits, Settings(hidden=8, epochs=4, streams=7, optimizer="rmsprop"), 9),
        (task, GRU, 9),
        (digits, replace(GRU, streams=7), 9),
    ],
)
def test_stop_and_resume_is_the_same_to_the_bit(make, settings, stop, tmp_path):
    whole = Run(make(settings), settings, tmp_path / "whole")
    whole.train()
    first = Run(make(settings), settings, tmp_path / "parts")
    update = first._update

    def stopping(*args):
        first.stop = first.step == stop
        return update(*args)

    first._update = stopping
    first.train()
    assert first.step == stop + 1
    second = Run(make(settings), settings, tmp_path / "parts")
    second.train()
    assert second.step == whole.step
    assert_same(state_of(tmp_path / "whole"), state_of(tmp_path / "parts"))
    assert log_of(tmp_path / "whole") == log_of(tmp_path / "parts")
    best = [load_checkpoint(tmp_path / name / "best.safetensors") for name in ("whole", "parts")]
    assert_same(dict(best[0].state_dict()), dict(best[1].state_dict()))


def test_a_run_killed_between_log_and_state_repeats_its_epoch_once(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.train()
    with (tmp_path / "log.jsonl").open("a") as log:
        log.write(json.dumps({"epoch": 5}) + "\n")
    Run(task(SMALL), SMALL, tmp_path)
    assert [line["epoch"] for line in log_of(tmp_path)] == [1, 2, 3, 4]


def test_a_line_that_was_not_written_to_its_end_is_forgotten(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.train()
    whole = log_of(tmp_path)
    with (tmp_path / "log.jsonl").open("a") as log:
        log.write('{"epoch": 3, "tra')
    Run(task(SMALL), SMALL, tmp_path)
    assert log_of(tmp_path) == whole


@pytest.mark.parametrize("depth", [1, 2])
def test_a_periodic_text_is_learnt_to_nothing(depth, tmp_path):
    """A text that repeats holds no information: the bits per character go to zero."""
    settings = Settings(
        depth=depth, hidden=12, epochs=12, streams=8, window=20, learning_rate=0.03, penalty=0.001
    )
    periodic = Streams(SplitText.of("abc", "abcde" * 640, "abcde" * 400, "abcde" * 400), settings)
    run = Run(periodic, settings, tmp_path)
    run.train()
    assert log_of(tmp_path)[-1]["valid_bpc"] < 0.05
    assert run.best < 0.05


def test_sigterm_stops_the_command_cleanly(tmp_path):
    (tmp_path / "text").write_text(text(20_000))
    command = ["-m", "experiments.text", "--file", tmp_path / "text", "--hidden", "8"]
    command += ["--run", tmp_path / "run", "--epochs", "100000"]
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not (tmp_path / "run" / "log.jsonl").exists():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"the same command resumes it" in out
    assert torch.load(tmp_path / "run" / "state.pt", weights_only=True)["step"] > 0


def test_a_full_disk_loses_no_earlier_state(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.save()
    before = (tmp_path / "state.pt").read_bytes()
    run.step = 7
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(OSError, match="large"):
            run.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "state.pt").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]


def test_resets_start_some_streams_anew_and_leave_the_others(tmp_path):
    settings = Settings(hidden=8, epochs=1, streams=40, window=10, resets=0.4)
    run = Run(task(settings, 2000), settings, tmp_path)
    whole = State(*(torch.full_like(part, 0.5) for part in run.network.rnn.start(40)))
    drawn = []
    for run.step in (1, 2, 1):
        run.state = whole
        h, c = run._carried(40, slice(0, 40))
        kept = h[:, 0, 0] == 0.5
        assert 10 < int(kept.sum()) < 40
        assert bool(((h == 0.5) == kept[:, None, None]).all())
        assert bool(((c == 0.5) == kept[:, None, None, None]).all())
        run.state = State(whole.h[7:9], whole.c[7:9])  # the share of one of many processes
        assert torch.equal(run._carried(40, slice(7, 9)).c, c[7:9])
        drawn.append(kept.tolist())
    assert drawn[0] == drawn[2] != drawn[1]


def test_a_run_goes_on_from_another_ones_checkpoint(tmp_path):
    first = Run(task(SMALL), SMALL, tmp_path / "first")
    first.train()
    path = tmp_path / "first" / "best.safetensors"
    settings = Settings(**{**vars(SMALL), "start": str(path)})
    second = Run(task(settings), settings, tmp_path / "second")
    assert_same(dict(load_checkpoint(path).state_dict()), dict(second.network.state_dict()))
    assert all(p.requires_grad for p in second.network.parameters())


def test_a_larger_batch_is_captured_anew(monkeypatch):
    """A run that goes on at the small last batch of an epoch must not keep to it."""
    captured = []

    def capture(self, x, *others):
        captured.append(len(x))
        self._graph, self._told = SimpleNamespace(replay=lambda: None), "replayed"
        self._read = _flat(x, *others)

    monkeypatch.setattr(CapturedGradient, "_capture", capture)
    settings = Settings(hidden=4, streams=7, penalty=0)
    examples = digits(settings)
    gradient = CapturedGradient(examples, initialised(examples, settings))
    for size, replayed in ((2, True), (7, True), (2, False), (7, True)):
        x, y = (part[:size] for part in examples.batch(0, 0))
        told = gradient(x, y, None, torch.tensor(7.0), None)
        assert (told == "replayed") == replayed
    assert captured == [2, 7]


@pytest.mark.parametrize("make", [task, poems, digits])
def test_the_loop_waits_for_no_value(make, monkeypatch):
    """A CUDA graph can only capture what never looks at a number: on "meta" there are none."""
    # The one constant lies on the CPU, which a GPU takes for a number and "meta" does not.
    monkeypatch.setattr(window, "_MINUS_ONE", window._MINUS_ONE.to("meta"))
    task_ = make(SMALL)
    network = initialised(task_, SMALL).to("meta")
    x, y = (part.to("meta") for part in task_.batch(0, 0))
    state = network.rnn.start(len(x)) if task_.carries else None
    one, penalty = torch.ones((), device="meta"), torch.ones(3, device="meta")
    nats, end = Gradient(task_, network)(x, y, state, one, penalty)
    assert nats.is_meta
    assert all(parameter.grad.is_meta for parameter in network.parameters())
    assert (end is not None) == task_.carries


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("make", [task, poems, digits])
def test_a_captured_loop_trains_as_the_plain_one(make, tmp_path):
    settings = Settings(hidden=8, epochs=4, streams=4, window=10, fade=True, resets=0.2)
    plain, captured = (
        Run(make(settings), settings, tmp_path / str(graph), device="cuda", graph=graph)
        for graph in (False, True)
    )
    for run in (plain, captured):
        run.train()
    weights = captured.network.state_dict()
    for name, weight in plain.network.state_dict().items():
        torch.testing.assert_close(weights[name], weight, atol=1e-4, rtol=1e-3)


def test_more_epochs_are_more_of_the_same_at_a_constant_rate(tmp_path):
    settings = Settings(**{**vars(SMALL), "schedule": "constant"})
    Run(task(settings), settings, tmp_path / "whole").train()
    for epochs in (2, 4):
        part = Settings(**{**vars(settings), "epochs": epochs})
        Run(task(part), part, tmp_path / "parts").train()
    assert log_of(tmp_path / "whole") == log_of(tmp_path / "parts")
    whole, parts = (state_of(tmp_path / name) for name in ("whole", "parts"))
    assert_same(whole["model"], parts["model"])
    for changed in (
        {"epochs": 3},
        {"epochs": 5, "schedule": "cosine"},
        {"epochs": 5, "fade": True},
    ):
        other = Settings(**{**vars(settings), **changed})
        with pytest.raises(SystemExit, match="other settings"):
            Run(task(other), other, tmp_path / "parts")


def test_matmuls_in_bfloat16_change_the_gradient_by_their_rounding_alone(tmp_path):
    """And nothing else: the scores of a network do not depend on how it was trained."""
    gradients, scores = [], []
    for precision in ("float32", "bfloat16"):
        settings = Settings(hidden=96, streams=32, window=20, matmul_precision=precision, clip=1e9)
        run = Run(task(settings, 2000), settings, tmp_path / precision)
        scores.append(run.task.evaluate(run.network, "valid"))
        run._update(*run.task.batch(0, 0), False)
        gradients.append(torch.cat([p.grad.flatten() for p in run.network.parameters()]))
    assert scores[0] == scores[1]
    assert torch.get_float32_matmul_precision() == "highest"
    error = (gradients[1] - gradients[0]).norm() / gradients[0].norm()
    assert float(error) < 0.02  # 2 to the power of -8 is 0.004; zero without such a processor


def test_patience_may_come_later(tmp_path):
    """A run that was interrupted past its best epoch ends there, and trains no more."""
    settings = Settings(**{**vars(SMALL), "epochs": 50, "learning_rate": 0.0})
    run = Run(task(settings), settings, tmp_path)
    update = run._update

    def stopping(*args):
        run.stop = run.step + 1 == 4 * run.task.updates
        return update(*args)

    run._update = stopping
    run.train()
    assert not run.finished
    patient = Settings(**{**vars(settings), "patience": 2})
    later = Run(task(patient), patient, tmp_path)
    assert (later.epoch, later.best_epoch, later.finished) == (4, 1, True)
    finish(later, tmp_path / "final.safetensors")
    told = load_checkpoint(tmp_path / "final.safetensors").card.training
    assert (told["epoch"], told["epochs"], told["patience"]) == (1, 50, 2)
    assert told["head_bias"] == "frequency"


def test_patience_ends_a_run(tmp_path):
    settings = Settings(**{**vars(SMALL), "patience": 2, "epochs": 50, "learning_rate": 0.0})
    run = Run(task(settings), settings, tmp_path)
    run.train()
    assert (run.epoch, run.best_epoch, run.finished) == (3, 1, True)


def test_evaluation_against_one_character_after_another():
    torch.manual_seed(0)
    model = CharacterModel(Vocabulary("abcd "), 1, 2, 6)
    model.initialise(5.0)
    symbols = np.array(model.vocabulary.encode(text(57)))

    def bits(pieces):
        """Mean bits of predicting each piece's characters from those before them in the piece."""
        total = 0.0
        for a, b in pieces:
            logits = model(torch.from_numpy(symbols[a:b])[None])[0][0].double()
            told = logits.log_softmax(1)[torch.arange(b - a), symbols[a + 1 : b + 1]]
            total -= float(told.sum()) / np.log(2)
        return total / 56

    with torch.no_grad():
        thirds = [(0, 19), (19, 38), (38, 56)]
        assert carried(model, symbols, 3, window=7)["bpc"] == pytest.approx(bits(thirds), 1e-6)
        sevens = [(a, min(a + 7, 56)) for a in range(0, 56, 7)]
        assert reset_every(model, symbols, 7, batch=3)["bpc"] == pytest.approx(bits(sevens), 1e-6)


def test_poems_are_scored_over_twenty_and_nineteen():
    settings = Settings(hidden=6, streams=5)
    quatrains = poems(settings)
    network = initialised(quatrains, settings)
    scores = quatrains.evaluate(network, "valid")
    valid = torch.from_numpy(quatrains.quatrains.valid)
    with torch.no_grad():
        nothing = torch.full((len(valid), 1), -1)
        logits = network(torch.cat([nothing, valid[:, :-1]], 1))[0].double()
    each = -logits.log_softmax(2).gather(2, valid[:, :, None])[:, :, 0]
    assert scores["perplexity"] == pytest.approx(float(each.mean().exp()), rel=1e-5)
    assert scores["perplexity_last_19"] == pytest.approx(float(each[:, 1:].mean().exp()), rel=1e-5)


def test_poems_that_are_predicted_as_badly_as_can_be_have_a_perplexity():
    """10,000 nats a character are finite, and their exponential is not."""
    settings = Settings(hidden=6, streams=5)
    quatrains = poems(settings)
    network = initialised(quatrains, settings)
    network.head.bias.detach()[0] = 1e4
    scores = quatrains.evaluate(network, "valid")
    assert scores["bpc"] > 5000
    assert scores["perplexity"] == scores["perplexity_last_19"] == pytest.approx(np.exp(700.0))


@pytest.mark.parametrize("make", [poems, digits])
def test_cells_that_run_away_within_a_short_sequence_are_saturated(make):
    """Every second inner cell adds 1 a step, and is at its end from the third of 20 on."""
    settings = Settings(hidden=6, streams=5)
    examples = make(settings)
    network = initialised(examples, settings)
    for parameter in network.parameters():
        parameter.detach().zero_()
    i, f, g, _ = network.rnn.layer(0)[-1].bias.detach().chunk(4)
    i.fill_(20)
    f.fill_(20)
    g[::2] = 20
    assert examples.evaluate(network, "valid")["saturated"] == 0.5


def test_chrono_initialisation_sets_the_innermost_gates_only():
    settings = Settings(hidden=200, chrono=100, streams=4, window=10)
    rnn = initialised(task(settings), settings).rnn
    outer, inner = (level.bias.detach().chunk(4) for level in rnn.layer(0))
    assert bool((outer[1] == 1).all())
    assert bool((inner[0] == -inner[1]).all())
    times = inner[1].exp()
    assert 1 <= float(times.min()) < 10 < 90 < float(times.max()) <= 99


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.experiment)
def test_parameter_counts_are_the_papers(table):
    for row in table.rows:
        size = row.layers, row.depth, row.hidden
        with torch.device("meta"):
            if table.experiment == "glimpses":
                model = GlimpseClassifier(*size)
            else:
                symbols = Vocabulary(chr(0x4E00 + k) for k in range(table.symbols))
                model = CharacterModel(symbols, *size)
        assert model.parameters_count == row.parameters, row.name


WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
import torch
from test_loop import fourteen_updates
torch.set_num_threads(1)
fourteen_updates(Path(sys.argv[1]))
"""


def fourteen_updates(folder):
    """As one of the processes that `torchrun` has started, or alone."""
    ranks = Ranks()
    settings = replace(SMALL, penalty=0.3, drift=7.0)
    run = Run(task(settings), settings, folder, ranks)
    run.total = 14
    run.train()
    run.save()
    if ranks.first:
        gradients = {name: p.grad for name, p in run.network.named_parameters()}
        torch.save(gradients, folder / "gradients.pt")
    ranks.leave()


def test_two_processes_have_the_gradients_of_one(tmp_path):
    """After 14 updates, through both penalties, clipping, Adam and the carried state."""
    alone, both = tmp_path / "1", tmp_path / "2"
    fourteen_updates(alone)
    (tmp_path / "worker.py").write_text(WORKER)
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    subprocess.run(
        [sys.executable, *torchrun, tmp_path / "worker.py", both],
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(
                map(str, [ROOT, ROOT / "tests" / "fixtures", Path(__file__).parent])
            ),
        },
        capture_output=True,
    )
    one, two = (torch.load(f / "gradients.pt", weights_only=True) for f in (alone, both))
    for name, gradient in one.items():
        torch.testing.assert_close(two[name], gradient, atol=1e-6, rtol=1e-4)
    saved = [torch.load(f / "state.pt", weights_only=True)["state"] for f in (alone, both)]
    for a, b in zip(*saved, strict=True):
        assert a.shape == b.shape  # the state of all streams is saved, not one process's share
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-4)


def test_a_gru_learns_a_periodic_text_and_is_kept_as_one(tmp_path):
    options = parse(argparse.ArgumentParser(), argv=["--cell", "gru", "--run", str(tmp_path)])
    assert (options.cell, options.depth) == ("gru", 1)
    settings = replace(
        settings_of(options), hidden=12, epochs=12, streams=8, window=20, learning_rate=0.03
    )
    periodic = Streams(SplitText.of("abc", "abcde" * 640, "abcde" * 400, "abcde" * 400), settings)
    run = Run(periodic, settings, tmp_path)
    run.train()
    assert run.best < 0.05
    kept = load_checkpoint(tmp_path / "best.safetensors")
    assert kept.card.cell == "gru"
    assert kept.card.scores["saturated"] == 0
