"""The shipped measures against networks whose timescales are known."""

import json

import numpy as np
import pytest
import torch
from planted_networks import LETTERS, blank, leaky_gru, leaky_lstm, leaky_nested, letters
from scipy.stats import spearmanr

from analysis.timescales.blocks import cut
from analysis.timescales.bootstrap import Estimates
from analysis.timescales.comparisons import comparisons
from analysis.timescales.decay import crossing
from analysis.timescales.measurement import Measurement, Settings, measure
from analysis.timescales.measures import transplant
from analysis.timescales.measures.impulse import pushes
from analysis.timescales.measures.measure import Group
from analysis.timescales.measures.transplant import bits, transplanted
from analysis.timescales.memories import Memory, tangents, values
from analysis.timescales.passages import Reader
from analysis.timescales.report import dumps, report
from analysis.timescales.table import memory_rows
from analysis.timescales.tangent import differentiated, tangent_of
from analysis.timescales.verdicts import verdicts
from models import CharacterModel, Vocabulary
from models.reading.engine import Engine
from models.rnn import RNN
from models.states import Internals, State

QUICK = Settings(resamples=200)


def random_net(layers: int, depth: int, hidden: int, seed: int = 0) -> CharacterModel:
    """Random weights, strong enough for gates to move."""
    torch.manual_seed(seed)
    model = CharacterModel(Vocabulary(LETTERS), layers, depth, hidden)
    model.initialise(input_gain=3)
    return model.requires_grad_(False)


def tau(measured: Measurement, name: str, level: int | None, value: str = "read") -> np.ndarray:
    """The timescales of one memory of layer 0."""
    state = "h" if level is None else "c"
    return measured.estimates[name][
        measured.memories.index(Memory(0, level, state, value))
    ].tau.copy()


def gates(measured: Measurement) -> Estimates:
    """Of the only layer."""
    (found,) = [e for e in measured.estimates["gate"] if e is not None]
    return found


def test_a_linear_leak_has_one_time_constant_by_every_measure():
    taus = [1.3, 2, 5, 17, 20, 31]
    model = leaky_lstm(taus)
    measured = measure(model, letters(30_500), QUICK)
    assert np.allclose(gates(measured).tau, taus, rtol=1e-6)
    assert np.allclose(tau(measured, "context_swap", 0, "raw"), taus, rtol=0.01)
    assert np.allclose(tau(measured, "impulse", 0, "raw"), taus, rtol=0.01)
    phi = np.exp(-1 / np.array(taus))
    raw = measured.memories.index(Memory(0, 0, "c", "raw"))
    assert np.allclose(
        measured.estimates["context_swap"][raw].extras["area"][:3], (phi / (1 - phi))[:3], rtol=0.01
    )
    fit = measured.estimates["autocorrelation"][raw]
    slow = np.array(taus) < fit.cap / 2
    assert np.all(np.abs(fit.tau / taus - 1)[slow] < 0.25)


def test_a_gru_that_leaks_has_one_time_constant_by_every_measure():
    taus = [1.3, 2, 5, 17, 20, 31]
    model = leaky_gru(taus, layers=2)
    measured = measure(model, letters(30_500), QUICK)
    assert [memory.keys() for memory in measured.memories] == [
        {"layer": l, "level": None, "state": "h", "value": "read"} for l in range(2)
    ]
    for estimates in measured.estimates["gate"]:
        assert np.allclose(estimates.tau, taus, rtol=1e-6)
    # The lower layer: what the upper one takes up of it is another leak on top.
    assert np.allclose(tau(measured, "context_swap", None), taus, rtol=0.01)
    assert np.allclose(tau(measured, "impulse", None), taus, rtol=0.01)
    result = json.loads(dumps(report("gru", model, "letters", QUICK, measured)))
    assert {(row["measure"], row["value"]) for row in result["units"]} == {
        *((name, "read") for name in ("context_swap", "autocorrelation", "impulse", "transplant")),
        ("gate", "raw"),
    }
    assert {row["status"] for row in result["units"] if row["measure"] == "gate"} == {"ok"}
    kept = [c for c in result["curves"] if "each" in c]
    assert [(c["measure"], c["layer"]) for c in kept] == [("context_swap", 0), ("context_swap", 1)]
    lags = np.array(kept[0]["each"]["lags"])
    leaks = np.exp(-lags[None, :] / np.array(taus)[:, None])
    assert np.allclose(np.array(kept[0]["each"]["thousandths"]) / 1000, leaks, atol=0.003)
    assert {c["kind"] for c in result["comparisons"]} == {"layers"}
    assert verdicts(result, [result]) == []
    assert "layer 2" in "".join(memory_rows(result))


def test_the_gate_of_a_gru_is_z():
    """z opens with three characters of four, and no other gate does."""
    model = leaky_gru([3.0, 3.0])
    weights = model.rnn.cells[0].weights
    weights.weight_ih[2:4] = torch.where(torch.arange(20) % 4 > 0, 5.0, -5.0)
    weights.bias_ih[2:4] = 0
    measured = measure(model, letters(8_500), QUICK)
    symbols = torch.tensor([model.vocabulary.encode(letters(8_500))])
    read, _ = Engine(model.rnn).read(symbols, model.rnn.start())
    z = read.gates[0, :, 0, 0, 1, 0].numpy()
    kept = [np.exp(np.convolve(np.log(z), np.ones(k), "valid")).mean() for k in (1, 2)]
    (found,) = measured.estimates["gate"]
    assert np.allclose(found.curves[1:3, 0], kept, atol=0.05)


def test_a_leak_longer_than_the_window_is_censored():
    measured = measure(leaky_lstm([3, 200]), letters(8_500), QUICK)
    for name in ("context_swap", "impulse", "autocorrelation"):
        found = tau(measured, name, 0, "raw")
        assert np.isfinite(found[0])
        assert np.isinf(found[1])
    assert np.isinf(gates(measured).tau[1])


@pytest.mark.parametrize("outer_forget", [-3.0, 4.0])
def test_an_outer_cell_forgets_as_the_inner_one_whatever_its_own_gate(outer_forget):
    taus = [2, 7, 19]
    measured = measure(leaky_nested(taus, outer_forget, gate=0), letters(30_500), QUICK)
    for level, value in ((1, "raw"), (1, "read"), (0, "read")):
        assert np.allclose(tau(measured, "context_swap", level, value), taus, rtol=0.02)
    assert np.allclose(tau(measured, "impulse", 1, "raw"), taus, rtol=0.01)
    assert np.allclose(gates(measured).tau, taus, rtol=1e-6)
    assert np.all(tau(measured, "impulse", 0) < 1)  # nothing keeps a push on the outer cell


def test_a_fast_output_gate_hardly_shortens_the_swap_and_not_the_fit():
    taus = [6, 20]
    measured = measure(leaky_nested(taus, 1.0, gate=12), letters(100_000), QUICK)
    assert np.all(np.abs(tau(measured, "context_swap", 0) / taus - 1) < 0.25)
    inner = measured.memories.index(Memory(0, 1, "c", "read"))
    outer = measured.memories.index(Memory(0, 0, "c", "read"))
    fits = measured.estimates["autocorrelation"]
    assert np.all(np.abs(fits[outer].tau / fits[inner].tau - 1) < 0.1)
    assert np.all(fits[outer].extras["amplitude"] < 0.8 * fits[inner].extras["amplitude"])
    crossings = crossing(measured.lags, fits[outer].curves)
    assert np.all(crossings < 0.8 * fits[outer].tau)


def test_inner_and_outer_cells_have_one_sign():
    model = random_net(2, 3, 12)
    symbols = torch.randint(0, 20, (3, 200))
    read, _ = Engine(model.rnn).read(symbols, model.rnn.start(3))
    seen = values(read.h, read.c).sign().unflatten(2, (2, 5))
    for row in (1, 2, 3, 4):
        assert torch.equal(seen[:, :, :, 0], seen[:, :, :, row])


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")  # torch's own
@pytest.mark.parametrize("tangent", [tangent_of, differentiated])
@pytest.mark.parametrize(
    ("layers", "depth", "cell"),
    [(layers, depth, "lstm") for layers, depth in ((1, 1), (2, 1), (1, 2), (2, 2), (1, 3))]
    + [(1, 1, "gru"), (3, 1, "gru")],
)
def test_pushes_follow_the_derivative(layers, depth, cell, tangent):
    torch.manual_seed(1)
    rnn = RNN(5, layers, depth, 6, cell).double()
    for parameter in rnn.parameters():
        parameter.data.normal_(0, 0.7)
    rnn.requires_grad_(False)
    _, start = Engine(rnn).read(torch.randint(0, 5, (3, 7)), rnn.start(3))
    start = State(start.h.clone(), start.c.clone())
    symbols = torch.randint(0, 5, (3, 9))
    own, _ = Engine(rnn).read(symbols, start)

    def end(h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        *_, (_, after) = rnn.steps(symbols, State(h, c))
        return after.h, after.c

    push = State(torch.randn_like(start.h), torch.randn_like(start.c))
    _, wanted = torch.func.jvp(end, tuple(start), tuple(push))
    found, before, step = State(push.h[None], push.c[None]), start, tangent(rnn)
    for t in range(9):
        found = step(symbols, own, before, t, found)
        before = State(own.h[:, t], own.c[:, t])
    assert torch.allclose(found.h[0], wanted[0], rtol=1e-10, atol=1e-14)
    assert torch.allclose(found.c[0], wanted[1], rtol=1e-10, atol=1e-14)


def test_a_delay_line_remembers_long_with_short_gates():
    """Unit u copies unit u - 1: what went in at t is read at t + d, and no gate holds it."""
    d = 12
    model = blank(1, 1, d)
    level = model.rnn.layer(0)[0]
    level.weight_ih[2 * d] = torch.randn(20)
    for u in range(1, d):
        level.weight_hh[2 * d + u, u - 1] = 2
    level.bias[:d] = 6
    level.bias[d : 2 * d] = -6
    level.bias[3 * d :] = 6
    model.head.weight.zero_()
    model.head.weight[:, d - 1] = torch.randn(20)
    text = letters(30_500)
    measured = measure(model, text, QUICK)
    assert np.all(gates(measured).tau < 0.5)
    plan = cut(len(text))
    reader = Reader(Engine(model.rnn), model.vocabulary, text, plan, 1)
    passage = next(iter(reader.passages()))
    start = State(passage.start.h.clone(), passage.start.c)
    start.h[:, 0, 0] = passage.donor.h[:, 0, 0]
    read, _ = reader.engine.read(passage.symbols, start)
    lost = bits(model.head, passage.symbols, start, read) - bits(
        model.head, passage.symbols, passage.start, passage.own
    )
    assert int(lost.abs().mean(0).argmax()) + 1 == d


def test_transplants_replace_what_they_name():
    own = State(torch.zeros(1, 2, 3), torch.zeros(1, 2, 2, 3))
    donor = State(torch.ones(1, 2, 3), torch.ones(1, 2, 2, 3))
    new = transplanted(own, donor, Group(((0, 1), (1, None))))
    assert new.c.sum() == new.c[0, 0, 1].sum() == 3
    assert new.h.sum() == new.h[0, 1].sum() == 3
    assert not own.h.any()


def test_the_first_character_is_predicted_from_the_state_put_in():
    """And every later one from the h before it; what is unknown costs nothing."""
    model = random_net(2, 2, 8)
    own = model.rnn.start(3)
    start = State(torch.rand_like(own.h), own.c)
    symbols = torch.randint(0, 20, (3, 9))
    symbols[1, 4] = -1
    read, _ = Engine(model.rnn).read(symbols, start)
    h = [start.h[:, -1], *(after.h[:, -1] for _, after in model.rnn.steps(symbols, start))]
    lost = bits(model.head, symbols, start, read)
    for k in range(9):
        chances = torch.log_softmax(model.head(h[k]), -1)
        for b, symbol in enumerate(symbols[:, k].tolist()):
            wanted = 0 if symbol < 0 else -chances[b, symbol].item() / np.log(2)
            assert lost[b, k].item() == pytest.approx(wanted, rel=1e-4)


def rows_of(measured: Measurement, name: str) -> np.ndarray:
    return np.stack([e.tau for e in measured.estimates[name] if e is not None])


def test_scaling_a_unit_changes_no_measure(monkeypatch):
    """Units 1 and 4 are shown ten times as large to every measure, in value and in push."""
    model = random_net(1, 2, 10).double()
    text = letters(8_500)
    plain = measure(model, text, QUICK)
    factor = torch.ones(10, dtype=torch.float64)
    factor[[1, 4]] = 10
    seen, moved = values, tangents
    for module in ("passages", "measures.context_swap"):
        monkeypatch.setattr(
            f"analysis.timescales.{module}.values", lambda h, c: seen(h, c) * factor
        )
    monkeypatch.setattr(
        "analysis.timescales.measures.impulse.tangents", lambda h, c, at: moved(h, c, at) * factor
    )
    monkeypatch.setattr(
        "analysis.timescales.measures.impulse.pushes",
        lambda rnn, size, draw, batch: pushes(rnn, size / factor, draw, batch),
    )
    scaled = measure(model, text, QUICK)
    for name in ("context_swap", "autocorrelation", "impulse", "gate"):
        assert np.allclose(rows_of(scaled, name), rows_of(plain, name), rtol=1e-6)
    assert np.allclose(scaled.between["impulse"], plain.between["impulse"], rtol=1e-6)


def test_another_engine_gives_the_same_timescales(monkeypatch):
    """Step by step through the readable cell, against the engine's own way."""
    model = random_net(1, 2, 12)
    text = letters(8_500)
    fast = measure(model, text, QUICK)

    def read(self, symbols, state, gates=True):
        with torch.no_grad():
            steps = list(self.rnn.steps(symbols, state))
        joined = (torch.cat(parts, 1) for parts in zip(*(s for s, _ in steps), strict=True))
        return Internals(*joined), steps[-1][1]

    monkeypatch.setattr(Engine, "read", read)
    slow = measure(model, text, QUICK)
    for name in ("context_swap", "autocorrelation", "impulse", "gate"):
        assert np.allclose(rows_of(slow, name), rows_of(fast, name), rtol=1e-4)
    for a, b in zip(slow.losses["transplant"], fast.losses["transplant"], strict=True):
        assert a.total == pytest.approx(b.total, rel=1e-3, abs=1e-5)


def test_half_precision_ranks_units_alike():
    model = random_net(1, 2, 64)
    text = letters(8_500)
    full = measure(model, text, QUICK)
    for parameter in model.parameters():
        parameter.data.copy_(parameter.data.half().float())
    half = measure(model, text, QUICK)
    for name in ("context_swap", "autocorrelation", "impulse", "gate"):
        for a, b in zip(rows_of(full, name), rows_of(half, name), strict=True):
            assert spearmanr(a, b).statistic > 0.99


def test_longer_texts_need_no_more_memory():
    """Blocks are read in groups of a bounded size, and their sums merged into as many bins."""
    for characters in (100_000, 3_000_000):
        plan = cut(characters)
        assert plan.bins <= 64
        assert max(len(g) for g in plan.groups(20)) <= 20


def test_every_pair_of_three_levels_is_compared_and_the_file_says_so():
    model = random_net(1, 3, 16)
    measured = measure(model, letters(8_500), QUICK)
    pairs = {
        (c["first"]["level"], c["second"]["level"])
        for c in comparisons(measured)
        if c["kind"] == "nested" and c["measure"] == "context_swap"
    }
    assert pairs == {(2, 1), (2, 0), (1, 0)}
    result = json.loads(dumps(report("three", model, "letters", QUICK, measured)))
    gate = [r for r in result["units"] if r["measure"] == "gate"]
    assert {r["status"] for r in gate if r["level"] != 2} == {"n/a"}
    assert {r["status"] for r in gate if r["level"] == 2} <= {"ok", "censored"}
    for row in result["units"]:
        assert (row["status"] == "ok") == (row["tau"] is not None)
        if row["status"] == "ok":
            assert row["low"] <= row["tau"] <= row["high"]


def test_dead_and_saturated_units_are_counted_and_left_out():
    model = leaky_lstm([4, 4, 4, 4])
    level = model.rnn.layer(0)[0]
    level.weight_ih[8] = 0  # unit 0 hears nothing
    level.bias[8 + 1] = 3  # unit 1 adds up to saturation
    level.bias[4 + 1] = 9
    measured = measure(model, letters(8_500), QUICK)
    result = report("one", model, "letters", QUICK, measured)
    status = {
        (r["value"], r["unit"]): r["status"]
        for r in result["units"]
        if r["measure"] == "context_swap" and r["state"] == "c"
    }
    assert status["read", 0] == status["raw", 0] == "dead"
    assert status["read", 1] == "saturated"
    assert status["read", 2] == "ok"
    counts = next(
        c["counts"]
        for c in result["curves"]
        if c["measure"] == "context_swap" and c["value"] == "read" and c["state"] == "c"
    )
    assert counts == {"ok": 2, "censored": 0, "dead": 1, "saturated": 1}


@pytest.mark.parametrize("most", [1, 7 * len(LETTERS)])
def test_the_numbers_predicted_at_once_are_bounded_whatever_the_vocabulary(monkeypatch, most):
    model = blank(1, 1, 5)
    torch.manual_seed(3)
    symbols = torch.randint(-1, len(LETTERS), (3, 11))
    start = State(torch.randn(3, 1, 5).double(), torch.randn(3, 1, 1, 5).double())
    h = torch.randn(3, 11, 1, 5).double()
    read = Internals(h=h, c=h[..., None, :], gates=h[..., None, None, :])
    whole = bits(model.head, symbols, start, read)
    sizes = []
    model.head.register_forward_hook(lambda head, given, made: sizes.append(made.numel()))
    monkeypatch.setattr(transplant, "LOGITS", most)
    torch.testing.assert_close(bits(model.head, symbols, start, read), whole, rtol=0, atol=1e-12)
    assert max(sizes) <= max(most, len(LETTERS))
