"""`python -m app trace`: every step of one's own network, as a file for numpy."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from foreign_files import SYMBOLS, char_net, symbols, text_of
from random_models import randomised

from app.__main__ import main
from app.commands import trace as command
from models import CharacterModel, Vocabulary, save_checkpoint
from models.foreign.process import read_here

LONG = "x" * 300


@pytest.fixture
def trace(monkeypatch, capsys):
    """Runs the command here: (exit status, what it said was wrong)."""
    monkeypatch.setattr("models.foreign.read_source", lambda path: read_here(Path(path)))

    def run(*options):
        monkeypatch.setattr(sys, "argv", ["app", "trace", *map(str, options)])
        try:
            main()
            status = 0
        except SystemExit as stopped:
            status = stopped.code
        run.printed, wrong = capsys.readouterr()
        return status, wrong

    return run


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(text_of(symbols()))
    return path


def by_hand(net, x):
    """(T, L, H) of c and h, stepped by torch's own cells in float64."""
    rnn = net.rnn.double()
    lstm = isinstance(rnn, torch.nn.LSTM)
    read = (
        net.embedding.weight.double()[x]
        if hasattr(net, "embedding")
        else torch.eye(len(SYMBOLS)).double()[x]
    )
    hs, cs = [], []
    state = None
    for step in read:
        _, state = rnn(step[None, None], state)
        h, c = state if lstm else (state, state)
        hs.append(h[:, 0])
        cs.append(c[:, 0])
    return torch.stack(hs).detach().numpy(), torch.stack(cs).detach().numpy()


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("embedding", [None, 7])
@pytest.mark.parametrize("headless", [False, True])
def test_every_step_of_a_network(trace, tmp_path, text, monkeypatch, kind, embedding, headless):
    monkeypatch.setattr(command, "PIECE", 37)  # several, and a rest
    net = char_net(kind=kind, layers=2, embedding=embedding)
    state = net.state_dict()
    if headless:
        del state["fc.weight"], state["fc.bias"]
    torch.save({"state": state, "chars": SYMBOLS}, tmp_path / "net.pt")
    out = tmp_path / "states.npz"
    assert trace(tmp_path / "net.pt", "--text", text, "--out", out) == (0, "")
    assert "rnn.weight_ih_l0" in trace.printed
    assert "layer 1, weight_ih" in trace.printed
    h, c = by_hand(net, symbols())
    with np.load(out) as found:
        assert sorted(found.files) == ["c", "gates", "h", "text", "unknown", "vocabulary"]
        np.testing.assert_allclose(found["h"], h, atol=1e-5)
        if kind == "lstm":
            np.testing.assert_allclose(found["c"][:, :, 0], c, atol=1e-4)
            gates = found["gates"][:, :, 0]
            before = np.concatenate([np.zeros((1, 2, 12)), c[:-1]])
            np.testing.assert_allclose(
                gates[:, :, 1] * before + gates[:, :, 0] * gates[:, :, 2], c, atol=1e-4
            )
        else:
            assert found["c"].shape == (200, 2, 0, 12)
            _, z, n = np.moveaxis(found["gates"][:, :, 0], 2, 0)
            before = np.concatenate([np.zeros((1, 2, 12)), h[:-1]])
            np.testing.assert_allclose((1 - z) * n + z * before, h, atol=1e-5)
        assert str(found["text"]) == text_of(symbols())
        assert found["vocabulary"].tolist() == SYMBOLS
        assert found["unknown"].tolist() == []
    assert "outside the vocabulary" not in trace.printed
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net.pt", "states.npz", "text.txt"]


def test_every_step_of_a_checkpoint(trace, tmp_path, text):
    torch.manual_seed(0)
    model = CharacterModel(Vocabulary(SYMBOLS), 1, 2, 6)
    model.initialise()
    save_checkpoint(tmp_path / "nested.safetensors", model)
    out = tmp_path / "states.npz"
    assert trace(tmp_path / "nested.safetensors", "--text", text, "--out", out) == (0, "")
    wanted = model.trace(text_of(symbols()))
    with np.load(out) as found:
        for name in ("c", "h", "gates"):
            np.testing.assert_allclose(found[name], getattr(wanted, name), atol=1e-6)


@pytest.mark.parametrize("foreign", [False, True])
def test_characters_that_it_cannot_read_are_told_and_kept(trace, tmp_path, foreign):
    source = tmp_path / ("net.pt" if foreign else "net.safetensors")
    if foreign:
        torch.save({"state": char_net().state_dict(), "chars": SYMBOLS}, source)
    else:
        save_checkpoint(source, randomised(CharacterModel(Vocabulary(SYMBOLS), 1, 1, 6)))
    (tmp_path / "text.txt").write_text("ab\x00c山\x00\x00")
    out = tmp_path / "states.npz"
    assert trace(source, "--text", tmp_path / "text.txt", "--out", out) == (0, "")
    assert "4 of 7 characters are outside the vocabulary" in trace.printed
    with np.load(out) as found:
        assert found["unknown"].tolist() == [2, 4, 5, 6]
        # As docs/how-to/your-own-network.md has it.
        assert str(found["text"]).ljust(len(found["h"]), "\0") == "ab\x00c山\x00\x00"


def test_what_is_wrong_is_said_in_a_sentence(trace, tmp_path, text):
    torch.save({"state": char_net().state_dict(), "chars": SYMBOLS}, tmp_path / "net.pt")
    (tmp_path / "empty.txt").write_text("")
    out = tmp_path / "states.npz"
    for options, reason in (
        ((tmp_path / "net.pt", "--text", text, "--out", tmp_path / "x.npy"), "must be an .npz"),
        ((tmp_path / "net.pt", "--text", text, "--out", tmp_path / LONG / "x.npz"), "an existing"),
        ((tmp_path / "net.pt", "--text", tmp_path / "empty.txt", "--out", out), "is empty"),
        ((tmp_path / "net.pt", "--text", tmp_path / "no.txt", "--out", out), "No such file"),
        ((tmp_path / "no.pt", "--text", text, "--out", out), "No such file"),
    ):
        status, wrong = trace(*options)
        assert status == 2
        assert reason in wrong
        assert wrong.count("\n") == 1
    assert not out.exists()
