"""Keras' files: the same predictions as Keras' equations, and as Keras itself."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from foreign_files import (
    SYMBOLS,
    KerasNet,
    symbols,
    text_of,
    weights_h5,
    write_keras,
    write_legacy_h5,
)

from models import Vocabulary
from models.foreign import ForeignError, recognise
from models.foreign.process import read_here

REAL = Path(__file__).parents[2] / "fixtures" / "keras"

WRITERS = {
    "net.keras": write_keras,
    "net.h5": lambda path, net: write_legacy_h5(path, net, net.config()),
    "old.h5": lambda path, net: write_legacy_h5(path, net, net.config(), old=True),
    "old_weights.h5": lambda path, net: write_legacy_h5(path, net, old=True),
    "net.weights.h5": lambda path, net: weights_h5(net, path),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize(
    ("layers", "embedding", "bias"), [(1, None, True), (2, 6, True), (3, 6, False)]
)
def test_every_layout(tmp_path, name, kind, layers, embedding, bias):
    net = KerasNet(kind, layers, embedding, bias=bias)
    WRITERS[name](tmp_path / name, net)
    network = recognise(read_here(tmp_path / name))
    assert network.cell == kind
    x = symbols()
    wanted = net.logits(x)
    np.testing.assert_allclose(network.logits(x), wanted, atol=1e-5)
    model = network.model(Vocabulary(SYMBOLS))
    np.testing.assert_allclose(model.trace(text_of(x)).logits, wanted, atol=1e-5)


@pytest.mark.parametrize("name", ["lstm.keras", "gru.h5", "functional.weights.h5"])
def test_files_that_keras_wrote(name):
    """Made by tests/fixtures/keras/make.py, with the logits that Keras computed."""
    network = recognise(read_here(REAL / name))
    kept = json.loads((REAL / "logits.json").read_text())
    import torch

    logits = network.logits(torch.tensor(kept["symbols"]))
    np.testing.assert_allclose(logits, kept[name], atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recurrent_activation": "hard_sigmoid"}, "recurrent_activation='hard_sigmoid'"),
        ({"activation": "relu"}, "activation='relu'"),
        ({"reset_after": False}, "reset_after=False"),
        ({"go_backwards": True}, "reads backwards"),
    ],
)
def test_settings_that_make_it_another_network_are_refused(tmp_path, changes, reason):
    write_keras(tmp_path / "net.keras", KerasNet("gru"), **changes)
    with pytest.raises(ForeignError, match=reason):
        read_here(tmp_path / "net.keras")


def test_a_gru_that_resets_before_it_multiplies_is_refused_by_its_bias(tmp_path):
    net = KerasNet("gru")
    net.recurrent[0]["bias"] = net.recurrent[0]["bias"].sum(0)
    weights_h5(net, tmp_path / "net.weights.h5")
    with pytest.raises(ForeignError, match="reset_after=False"):
        read_here(tmp_path / "net.weights.h5")


@pytest.mark.parametrize("kind", ["Conv1D", "LayerNormalization", "SimpleRNN", "CuDNNLSTM"])
def test_other_layers_are_refused_by_name(tmp_path, kind):
    net = KerasNet()
    config = net.config()
    config["config"]["layers"].insert(2, {"class_name": kind, "config": {"name": "odd"}})
    write_legacy_h5(tmp_path / "net.h5", net, config)
    with pytest.raises(ForeignError, match=rf"odd is .*{kind}"):
        read_here(tmp_path / "net.h5")


def test_a_bidirectional_layer_is_refused(tmp_path):
    net = KerasNet()
    forward = net.recurrent[0]
    with h5py.File(tmp_path / "bi.weights.h5", "w") as file:
        for way in ("forward", "backward"):
            inside = file.create_group(f"layers/bidirectional/{way}_layer/cell/vars")
            for k, array in enumerate(forward.values()):
                inside.create_dataset(str(k), data=array)
    with pytest.raises(ForeignError, match=r"bidirectional .*backward.*--forward-half"):
        recognise(read_here(tmp_path / "bi.weights.h5"))


def test_a_link_to_another_file_is_not_followed(tmp_path):
    net = KerasNet()
    weights_h5(net, tmp_path / "other.weights.h5")
    with h5py.File(tmp_path / "link.weights.h5", "w") as file:
        file["layers"] = h5py.ExternalLink("other.weights.h5", "/layers")
    with pytest.raises(ForeignError, match="no recurrent layer"):
        recognise(read_here(tmp_path / "link.weights.h5"))


def test_without_h5py_the_sentence_says_what_to_type(tmp_path, monkeypatch):
    weights_h5(KerasNet(), tmp_path / "net.weights.h5")
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(ForeignError, match=r"requirements/install\.sh keras"):
        read_here(tmp_path / "net.weights.h5")
