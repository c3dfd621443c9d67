"""The GRU is torch's: read, trained, traced, changed, saved and found again."""

import json
import struct

import interventions as contract
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

from models import CharacterModel, CheckpointError, Vocabulary, load_checkpoint, save_checkpoint
from models.memories import columns, count, memories
from models.reading.engine import Engine
from models.reading.intervention import parse
from models.reading.plan import Under

VOCABULARY = Vocabulary(["\n", " ", *"abcdefgh"])
H = 12


def pair(layers, hidden=H, dtype=torch.float32, half=False, gain=1.0):
    """Ours, and torch's with the same weights."""
    torch.manual_seed(layers)
    model = CharacterModel(VOCABULARY, layers, 1, hidden, cell="gru").to(dtype)
    model.initialise()
    theirs = nn.GRU(len(VOCABULARY), hidden, num_layers=layers, batch_first=True).to(dtype)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
            parameter *= gain
            if half:
                parameter.copy_(parameter.half())
        for l, cell in enumerate(model.rnn.cells):
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                getattr(theirs, f"{name}_l{l}").copy_(getattr(cell[0], name))
    return model, theirs


def one_hot(x, dtype=torch.float32):
    return F.one_hot(x + 1, len(VOCABULARY) + 1)[..., 1:].to(dtype)


def letters(count, seed=0):
    return "".join(np.random.default_rng(seed).choice(list("abcdefgh \n?"), count))


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_trace_over_200_characters_is_torch_gru(layers, half):
    model, theirs = pair(layers, half=half)
    text = letters(200)
    trace = model.trace(text)
    x = torch.tensor(model.vocabulary.encode(text))
    with torch.no_grad():
        h, last = theirs(one_hot(x)[None])
        logits = model.head(h)
    assert trace.c.shape == (200, layers, 0, H)
    assert trace.gates.shape == (200, layers, 1, 3, H)
    np.testing.assert_array_equal(trace.display, trace.h[:, :, None])
    np.testing.assert_allclose(trace.h[:, -1], h[0], atol=1e-5)
    np.testing.assert_allclose(trace.h[-1], last[:, 0], atol=1e-5)
    np.testing.assert_allclose(trace.logits, logits[0], atol=1e-5)
    # What the gates are said to be, they are: h' = (1 - z) n + z h.
    r, z, n = np.moveaxis(trace.gates[:, :, 0], 2, 0)
    assert r.min() > 0
    assert r.max() < 1
    np.testing.assert_allclose(trace.h[1:], ((1 - z) * n)[1:] + z[1:] * trace.h[:-1], atol=1e-6)
    assert trace.unknown == [k for k, c in enumerate(text) if c == "?"]


@pytest.mark.parametrize("layers", [1, 2])
def test_readable_path_and_engine_agree_in_float64(layers):
    model, theirs = pair(layers, dtype=torch.float64)
    x = torch.randint(-1, len(VOCABULARY), (3, 15))
    steps = [step for step, _ in model.rnn.steps(x)]
    internals, _ = Engine(model.rnn).read(x, model.rnn.start(3))
    for name in ("h", "c", "gates"):
        part = torch.cat([getattr(step, name) for step in steps], 1)
        torch.testing.assert_close(part, getattr(internals, name))
    h, _ = theirs(one_hot(x, torch.float64))
    torch.testing.assert_close(internals.h[:, :, -1], h)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_long_text_is_read_in_chunks_and_is_torch_gru(layers, half, monkeypatch):
    from models.reading import engine as module

    calls, read_chunks = [], module.read_chunks

    def counted(*args):
        calls.append(read_chunks(*args))
        return calls[-1]

    monkeypatch.setattr(module, "read_chunks", counted)
    model, theirs = pair(layers, half=half, gain=0.5)
    x = torch.randint(-1, len(VOCABULARY), (2100,))
    engine = Engine(model.rnn)
    parts, states = zip(*engine.read_long(x, engine.start()), strict=True)
    h = torch.cat([part.h for part in parts], 1)
    with torch.no_grad():
        expected, last = theirs(one_hot(x)[None])
    torch.testing.assert_close(h[:, :, -1], expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(states[-1].h[0], last[:, 0], atol=1e-5, rtol=0)
    assert len(calls) >= layers


@pytest.mark.parametrize("layers", [1, 3])
def test_its_gradient_is_torch_grus(layers):
    model, theirs = pair(layers, dtype=torch.float64)
    x = torch.randint(-1, len(VOCABULARY), (4, 25))
    logits, c, _ = model(x)
    assert c.shape == (4, 25, layers, 0, H)
    weighting = torch.randn_like(logits)
    (logits * weighting).sum().backward()
    (model.head(theirs(one_hot(x, torch.float64))[0]) * weighting).sum().backward()
    for l, cell in enumerate(model.rnn.cells):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            torch.testing.assert_close(
                getattr(cell[0], name).grad, getattr(theirs, f"{name}_l{l}").grad
            )


def changed(weights, x, asked):
    """The equations in numpy with interventions in h: h (T, L, H)."""
    h, seen = [np.zeros(H) for _ in weights], []
    for t, read in enumerate(x):
        for l, (W, U, b, d) in enumerate(weights):
            i, o = np.split(W @ read + b, 3), np.split(U @ h[l] + d, 3)
            r, z = contract.sigmoid(i[0] + o[0]), contract.sigmoid(i[1] + o[1])
            n = np.tanh(i[2] + r * o[2])
            h[l] = contract.intervene((1 - z) * n + z * h[l], asked, t, l, "h")
            read = h[l]
        seen.append(np.array(h))
    return np.array(seen)


@settings(max_examples=30)
@given(data=st.data(), layers=st.integers(1, 2))
def test_interventions(data, layers):
    model, _ = pair(layers, dtype=torch.float64)
    symbols = data.draw(st.lists(st.integers(-1, 8), min_size=1, max_size=12))
    asked = data.draw(contract.interventions(layers, 0, H, len(symbols)))
    weights = [[p.detach().numpy() for p in cell[0].parameters()] for cell in model.rnn.cells]
    x = torch.tensor([symbols])
    expected = changed(weights, one_hot(x[0], torch.float64).numpy(), asked)
    under = [Under(model.rnn.plan(parse(asked, layers, 0, H)), 0)]
    internals, _ = Engine(model.rnn).read(x, model.rnn.start(), under=under)
    readable = torch.cat([step.h for step, _ in model.rnn.steps(x, under=under)], 1)
    np.testing.assert_allclose(internals.h[0], expected, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(readable[0].detach(), expected, atol=1e-5, rtol=1e-5)


def test_an_intervention_in_c_is_refused():
    with pytest.raises(ValueError, match='keeps nothing but h: set `state` to "h"'):
        pair(1)[0].trace("ab", interventions=[{"layer": 0, "level": 0, "set": 1}])


def header(path):
    raw = path.read_bytes()
    return json.loads(raw[8 : 8 + struct.unpack("<Q", raw[:8])[0]])["__metadata__"]


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_format_2_and_back(tmp_path, layers):
    model, _ = pair(layers)
    path = tmp_path / "gru.safetensors"
    save_checkpoint(path, model, {"epochs": 1}, {"test_bpc": 2.0})
    card = json.loads(header(path)["nestscope"])
    assert card == {
        "format": 2,
        "task": "charlm",
        "layers": layers,
        "depth": 1,
        "hidden": H,
        "vocabulary": list(VOCABULARY),
        "training": {"epochs": 1},
        "scores": {"test_bpc": 2.0},
        "cell": "gru",
    }
    shapes = {name: list(t.shape) for name, t in load_file(path).items()}
    V = len(VOCABULARY)
    assert shapes == {
        f"rnn.{l}.0.{name}": shape
        for l in range(layers)
        for name, shape in (
            ("weight_ih", [3 * H, H if l else V]),
            ("weight_hh", [3 * H, H]),
            ("bias_ih", [3 * H]),
            ("bias_hh", [3 * H]),
        )
    } | {"head.weight": [V, H], "head.bias": [V]}
    again = load_checkpoint(path)
    np.testing.assert_array_equal(again.trace("abba").logits, model.trace("abba").logits)
    assert again.card.cell == "gru"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cell": "lstm"}, "cell of a format 2 must be gru"),
        ({"cell": "GRU"}, "cell of a format 2 must be gru"),
        ({"cell": None}, "cell of a format 2 must be gru"),
        ({"depth": 2}, "depth must be 1 for a gru"),
        ({"format": 1}, "exactly the fields"),
        ({"layers": 2}, "rnn.1.0.weight_ih is missing"),
    ],
)
def test_a_changed_card_is_refused(tmp_path, changes, reason):
    path = tmp_path / "gru.safetensors"
    save_checkpoint(path, pair(1)[0])
    card = json.loads(header(path)["nestscope"]) | changes
    save_file(load_file(path), path, metadata={"nestscope": json.dumps(card)})
    with pytest.raises(CheckpointError, match=reason):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({"rnn.0.0.bias_hh": None}, "rnn.0.0.bias_hh is missing"),
        ({"rnn.0.0.bias": torch.zeros(3 * H)}, "'rnn.0.0.bias' does not belong"),
        ({"rnn.0.0.weight_hh": torch.zeros(4 * H, H)}, "rnn.0.0.weight_hh has the shape"),
        ({"rnn.0.0.bias_ih": torch.full((3 * H,), torch.nan)}, "rnn.0.0.bias_ih holds values"),
    ],
)
def test_changed_tensors_are_refused(tmp_path, tensors, reason):
    path = tmp_path / "gru.safetensors"
    save_checkpoint(path, pair(1)[0])
    kept = {k: v for k, v in (load_file(path) | tensors).items() if v is not None}
    save_file(kept, path, metadata=header(path))
    with pytest.raises(CheckpointError, match=reason):
        load_checkpoint(path)


def test_its_memories_are_its_h_top_layer_first():
    assert [(m.layer, m.level, m.state) for m in memories(2, 1, "gru")] == [
        (1, None, "h"),
        (0, None, "h"),
    ]
    assert count(2, 1, "gru") == 2
    trace = pair(2)[0].trace("abc")
    shown = columns(torch.from_numpy(trace.h), torch.from_numpy(trace.c))
    np.testing.assert_array_equal(shown, trace.h[:, ::-1])
