"""`python -m app convert`: a file of anyone's becomes a checkpoint, or is refused in a sentence."""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from foreign_files import SYMBOLS, KerasNet, char_net, symbols, text_of, weights_h5
from torch import nn

from app.__main__ import main
from app.commands.convert import _out
from models import load_checkpoint
from models.foreign.process import read_here

ROOT = Path(__file__).parents[3]


@pytest.fixture
def convert(monkeypatch, capsys):
    """Runs the command here: (exit status, what it printed, what it said was wrong)."""
    monkeypatch.setattr("models.foreign.read_source", lambda path: read_here(Path(path)))

    def run(*options):
        monkeypatch.setattr(sys, "argv", ["app", "convert", *map(str, options)])
        try:
            main()
            status = 0
        except SystemExit as stopped:
            status = stopped.code
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def commonest(tmp_path):
    """The commonest file of all, and its network."""
    net = char_net(layers=2)
    path = tmp_path / "rnn_20_epoch.net"
    content = {
        "n_hidden": 12,
        "n_layers": 2,
        "state_dict": net.state_dict(),
        "tokens": tuple(SYMBOLS),
    }
    torch.save(content, path)
    return path, net


def logits(net, x):
    with torch.no_grad():
        return net(x[None])[0].numpy()


def test_three_words_as_a_user_types_them(commonest, tmp_path):
    path, net = commonest
    out = tmp_path / "mine.safetensors"
    text = tmp_path / "text.txt"
    text.write_text(text_of(symbols(300, seed=3)))
    command = [sys.executable, "-m", "app", "convert", path, "--out", out, "--text", text]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.stderr == ""
    assert ended.returncode == 0
    x = symbols()
    model = load_checkpoint(out)
    np.testing.assert_allclose(model.trace(text_of(x)).logits, logits(net, x), atol=1e-5)
    assert "state_dict.rnn.weight_ih_l1" in ended.stdout
    assert "layer 2, weight_ih" in ended.stdout
    assert "bits per character over 299 characters" in ended.stdout
    assert f"Checked: 200 characters of {text} through torch.nn.LSTM" in ended.stdout
    card = model.card.training["converted"]
    assert card["from"] == path.name
    assert len(card["sha256"]) == 64
    # Names only: who is shown the card does not learn the folders of who made it.
    assert card["command"] == (
        f"python -m app convert {path.name} --out mine.safetensors --text text.txt"
    )
    wanted = -np.log2(np.exp(logits(net, symbols(300, seed=3))).clip(1e-300))
    chosen = logits(net, symbols(300, seed=3)).astype(np.float64)
    chosen -= np.logaddexp.reduce(chosen, axis=1, keepdims=True)
    wanted = -chosen[np.arange(299), symbols(300, seed=3)[1:]].mean() / np.log(2)
    assert model.card.scores == {"text": "text.txt", "text_bpc": pytest.approx(wanted, abs=1e-4)}


def test_what_is_checked_are_the_known_characters_of_the_text(convert, commonest, tmp_path):
    path, _ = commonest
    text, foreign = tmp_path / "text.txt", tmp_path / "foreign.txt"
    text.write_text("山a山bc")
    foreign.write_text("山高")
    for options, checked in (
        (("--text", text), f"3 characters of {text}"),
        (("--text", foreign), "200 random symbols"),
        ((), "200 random symbols"),
    ):
        status, printed, _ = convert(path, "--out", tmp_path / "mine.safetensors", *options)
        assert status == 0
        assert f"Checked: {checked} through torch.nn.LSTM" in printed


def test_a_tensor_s_name_with_slashes_is_kept_in_the_command(convert, commonest, tmp_path):
    out = tmp_path / "mine.safetensors"
    assert convert(commonest[0], f"--out={out}", "--ignore", "some/where")[0] == 0
    command = load_checkpoint(out).card.training["converted"]["command"]
    assert command.endswith(" --out=mine.safetensors --ignore some/where")


def test_a_folder_and_a_name(convert, commonest, tmp_path):
    path, _ = commonest
    (tmp_path / "models").mkdir()
    assert convert(path, "--out", tmp_path / "models")[0] == 0
    assert convert(path, "--out", tmp_path / "models", "--name", "mine")[0] == 0
    names = sorted(p.name for p in (tmp_path / "models").iterdir())
    assert names == ["mine.safetensors", "rnn_20_epoch.safetensors"]


@pytest.mark.parametrize("form", ["list", "to index", "from index"])
def test_every_form_of_a_vocabulary(convert, tmp_path, form):
    net = char_net(embedding=5)
    torch.save(net.state_dict(), tmp_path / "net.pt")
    indexed = dict(enumerate(SYMBOLS))
    written = {
        "list": SYMBOLS,
        "to index": {s: k for k, s in indexed.items()},
        "from index": indexed,
    }[form]
    (tmp_path / "vocabulary.json").write_text(json.dumps(written))
    out = tmp_path / "out.safetensors"
    status, _, wrong = convert(
        tmp_path / "net.pt", "--out", out, "--vocabulary", tmp_path / "vocabulary.json"
    )
    assert (status, wrong) == (0, "")
    x = symbols()
    trace = load_checkpoint(out).trace(text_of(x))
    np.testing.assert_allclose(trace.logits, logits(net, x), atol=1e-5)


def test_the_alphabet_of_a_text(convert, tmp_path):
    weights_h5(KerasNet(), tmp_path / "net.weights.h5")
    (tmp_path / "text.txt").write_text("".join(SYMBOLS) * 3)
    out = tmp_path / "out.safetensors"
    status, printed, _ = convert(
        tmp_path / "net.weights.h5", "--out", out, "--alphabet-of", tmp_path / "text.txt"
    )
    assert status == 0
    assert "tanh and sigmoid are assumed" in printed
    assert "bits per character" in printed
    assert list(load_checkpoint(out).vocabulary) == sorted(SYMBOLS)


def test_a_padding_index_has_a_symbol_that_cannot_be_typed(convert, tmp_path):
    torch.save(char_net(embedding=5).state_dict(), tmp_path / "net.pt")
    word_index = {symbol: k for k, symbol in enumerate(SYMBOLS[1:], 1)}  # as Keras' Tokenizer
    (tmp_path / "v.json").write_text(json.dumps(word_index))
    out = tmp_path / "out.safetensors"
    assert convert(tmp_path / "net.pt", "--out", out, "--vocabulary", tmp_path / "v.json")[0] == 0
    assert load_checkpoint(out).vocabulary[0] == "<unused 0>"


def test_a_vocabulary_in_another_order_is_said_to_be(convert, tmp_path):
    """A network that knows its text: every symbol is followed by the next of the alphabet."""
    net = char_net()
    V, H = len(SYMBOLS), 12
    codes = torch.randn(V, H, generator=torch.Generator().manual_seed(0)).sign()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
        net.rnn.bias_ih_l0[:H] = net.rnn.bias_ih_l0[3 * H :] = 20.0  # open
        net.rnn.bias_ih_l0[H : 2 * H] = -20.0  # forgets
        net.rnn.weight_ih_l0[2 * H : 3 * H] = 20 * codes.t()
        net.fc.weight[:] = 4 * codes.roll(1, 0)
    torch.save({"state": net.state_dict(), "chars": SYMBOLS}, tmp_path / "net.pt")
    (tmp_path / "wrong.json").write_text(json.dumps(SYMBOLS[::-1]))
    (tmp_path / "text.txt").write_text("".join(SYMBOLS) * 4)
    options = (tmp_path / "net.pt", "--out", tmp_path, "--text", tmp_path / "text.txt")
    _, printed, _ = convert(*options)
    assert "worse than guessing" not in printed
    _, printed, _ = convert(*options, "--vocabulary", tmp_path / "wrong.json")
    assert "worse than guessing: the vocabulary is probably in another order" in printed


class Peephole(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(len(SYMBOLS), 12)
        self.lstm.weight_ci = nn.Parameter(torch.randn(12))
        self.fc = nn.Linear(12, len(SYMBOLS))


class LayerNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(len(SYMBOLS), 12)
        self.cell.layernorm_i = nn.LayerNorm(48)
        self.fc = nn.Linear(12, len(SYMBOLS))


class Between(nn.Module):
    """Layer normalisation between the LSTM and the output layer."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(len(SYMBOLS), 12)
        self.between = nn.LayerNorm(12)
        self.fc = nn.Linear(12, len(SYMBOLS))


def lstm_with(**settings):
    lstm = nn.LSTM(len(SYMBOLS), 12, **settings)
    outputs = settings.get("proj_size", 12) * (2 if settings.get("bidirectional") else 1)
    return nn.ModuleDict({"lstm": lstm, "fc": nn.Linear(outputs, len(SYMBOLS))})


def changed(change):
    state = char_net(embedding=5).state_dict()
    change(state)
    return state


def widths():
    first, second = nn.LSTM(len(SYMBOLS), 12), nn.LSTM(12, 8)
    return nn.ModuleDict({"lstm1": first, "lstm2": second, "fc": nn.Linear(8, len(SYMBOLS))})


REFUSED = {
    "bidirectional": (lambda: lstm_with(bidirectional=True), "reads the future; --forward-half"),
    "bidirectional, deep": (
        lambda: lstm_with(bidirectional=True, num_layers=2),
        "bidirectional",
    ),
    "proj_size": (lambda: lstm_with(proj_size=6), "weight_hr_l0 .*proj_size.*: multiply weight_hh"),
    "peephole": (Peephole, "lstm.weight_ci .*peephole.*: train the network"),
    "layer norm": (LayerNorm, "cell.layernorm_i.weight .*layer norm.*: train the"),
    "layer norm between": (Between, r"between.weight, of the shape \[12\].*--ignore"),
    "two heads": (
        lambda: changed(lambda s: s.update({"fc2.weight": torch.zeros(len(SYMBOLS), 12)})),
        "2 candidates for the output layer, fc.weight and fc2.weight; --head NAME",
    ),
    "two networks": (
        lambda: changed(
            lambda s: s.update({f"ema.{k}": t for k, t in char_net().state_dict().items()})
        ),
        "two recurrent networks, rnn and ema.rnn; --rnn NAME",
    ),
    "no head": (
        lambda: changed(lambda s: [s.pop("fc.weight"), s.pop("fc.bias")]),
        "no output layer",
    ),
    "a classifier": (
        lambda: changed(
            lambda s: s.update({"fc.weight": torch.zeros(3, 12), "fc.bias": torch.zeros(3)})
        ),
        "reads 38 .*symbols, and fc.weight predicts 3",
    ),
    "widths": (widths, "12, 8 cells.*: fill the smaller ones up"),
    "plain rnn": (lambda: char_net(kind="rnn"), "plain recurrent network.*: train the network"),
    "no network": (
        lambda: nn.Linear(3, 4),
        "no recurrent layer was found.*the file has weight, bias",
    ),
    "not finite": (
        lambda: changed(lambda s: s["fc.bias"].fill_(float("nan"))),
        "fc.bias holds values that are not finite",
    ),
    "a learnt start": (
        lambda: changed(lambda s: s.update({"h0": torch.zeros(1, 1, 12)})),
        r"h0, of the shape \[1, 1, 12\], has no place",
    ),
    "a bias that is one number": (
        lambda: changed(lambda s: s.update({"rnn.bias_hh_l0": torch.tensor(0.5)})),
        r"rnn.bias_hh_l0 has the shape \[\], expected 48 rows",
    ),
    "a missing layer": (
        lambda: changed(lambda s: s.update({"rnn.weight_hh_l2": torch.zeros(48, 12)})),
        "layer 1 of rnn is missing",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_converted_is_refused_in_a_sentence(convert, tmp_path, kind):
    made, reason = REFUSED[kind]
    torch.manual_seed(0)
    net = made()
    state = net.state_dict() if isinstance(net, nn.Module) else net
    torch.save({"state": state, "chars": SYMBOLS}, tmp_path / "net.pt")
    (tmp_path / "out").mkdir()
    status, _, wrong = convert(tmp_path / "net.pt", "--out", tmp_path / "out")
    assert status == 2
    assert re.search(reason, wrong.replace("state.", ""))
    assert wrong.startswith(f"nestscope: {tmp_path / 'net.pt'}: ")
    assert wrong.count("\n") == 1
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("cut", ["truncated", "header of 10 GB", "code"])
def test_hostile_files_are_refused_by_the_command(tmp_path, monkeypatch, capfd, cut):
    """The command runs here, and the process that reads the file is one of its own."""
    path, out = tmp_path / "net.pt", tmp_path / "out.safetensors"
    torch.save({"state": char_net().state_dict(), "chars": SYMBOLS}, path)
    if cut == "truncated":
        path.write_bytes(path.read_bytes()[:-900])
    elif cut == "header of 10 GB":
        path.write_bytes((10 * 2**30).to_bytes(8, "little") + b"{}" * 50)
    else:
        torch.save({"state": Payload(tmp_path / "made")}, path)
    monkeypatch.setattr(sys, "argv", ["app", "convert", str(path), "--out", str(out)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    wrong = capfd.readouterr().err
    assert wrong.startswith("nestscope: ")
    assert wrong.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["net.pt"]


class Payload:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


VOCABULARIES = {
    "short": (SYMBOLS[1:], "has 37 symbols, and the network 38"),
    "double": ([*SYMBOLS[1:], "a"], "has 'a' twice"),
    "hole": ({s: k + (k > 3) for k, s in enumerate(SYMBOLS[:-1])}, "no symbol at index 4"),
    "words": ([f"w{k}" for k in range(38)], "holds words"),
    "number": (7, "is not a vocabulary"),
    "half": (["\ud800", *SYMBOLS[1:]], "half a surrogate"),
}


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_a_vocabulary_that_does_not_fit_is_refused(convert, tmp_path, kind):
    written, reason = VOCABULARIES[kind]
    torch.save(char_net(embedding=5).state_dict(), tmp_path / "net.pt")
    (tmp_path / "v.json").write_text(json.dumps(written))
    status, _, wrong = convert(
        tmp_path / "net.pt",
        "--out",
        tmp_path / "o.safetensors",
        "--vocabulary",
        tmp_path / "v.json",
    )
    assert status == 2
    assert reason in wrong
    assert not (tmp_path / "o.safetensors").exists()


def test_without_a_vocabulary_the_sentence_says_how_to_give_one(convert, tmp_path):
    torch.save({"s": char_net().state_dict(), "chars": "abc"}, tmp_path / "net.pt")
    status, _, wrong = convert(tmp_path / "net.pt", "--out", tmp_path / "o.safetensors")
    assert status == 2
    assert "no vocabulary of 38 symbols (it has chars of 3); give --vocabulary" in wrong


def test_two_vocabularies_that_differ_are_refused(convert, tmp_path):
    content = {"s": char_net().state_dict(), "itos": SYMBOLS, "chars": SYMBOLS[::-1]}
    torch.save(content, tmp_path / "net.pt")
    status, _, wrong = convert(tmp_path / "net.pt", "--out", tmp_path / "o.safetensors")
    assert status == 2
    assert "two vocabularies that differ, itos and chars; --vocabulary" in wrong


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("o.pt", "must end with .safetensors"),
        ("none/o.safetensors", "there is no folder"),
        (".o.safetensors", "would be a hidden file, which is not served"),
        (f"{'x' * 300}/o.safetensors", "there is no folder"),
        (f"{'x' * 300}.safetensors", "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written(convert, commonest, tmp_path, out, reason):
    status, _, wrong = convert(commonest[0], "--out", tmp_path / out)
    assert status == 2
    assert reason in wrong


def test_a_terminal_of_few_characters_gets_what_it_can_show(tmp_path):
    """A file's name that is no text, and one with an accent; the terminal knows ASCII alone."""
    torch.save({"state": char_net().state_dict(), "chars": SYMBOLS}, tmp_path / "net.pt")
    for name, shown in ((b"n\xff.safetensors", "n\\udcff"), ("né.safetensors".encode(), "n\\xe9")):
        out = os.fsencode(tmp_path) + b"/" + name
        told = subprocess.run(
            [sys.executable, "-m", "app", "convert", tmp_path / "net.pt", "--out", out],
            cwd=ROOT,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in told.stderr
        assert shown in told.stdout + told.stderr


def test_a_checkpoint_of_ours_is_not_converted(convert, commonest, tmp_path):
    convert(commonest[0], "--out", tmp_path / "o.safetensors")
    status, _, wrong = convert(tmp_path / "o.safetensors", "--out", tmp_path / "p.safetensors")
    assert status == 2
    assert "is already a checkpoint of Nestscope" in wrong


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("ep=1-loss=1.23.ckpt", "ep=1-loss=1.23"),
        ("ep=1-loss=1.45.ckpt", "ep=1-loss=1.45"),
        ("net.weights.h5", "net"),
        ("rnn_20_epoch.net", "rnn_20_epoch"),
        ("model.pt.pth", "model"),
        ("v1.2", "v1.2"),
    ],
)
def test_a_model_is_named_by_its_file_without_the_ending(tmp_path, file, name):
    asked = argparse.Namespace(out=tmp_path, name=None, source=tmp_path / file)
    assert _out(asked) == tmp_path / f"{name}.safetensors"
