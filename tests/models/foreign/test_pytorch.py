"""PyTorch's files: what was trained elsewhere predicts the same here, whatever the file is like."""

from collections import OrderedDict

import numpy as np
import pytest
import torch
from foreign_files import SYMBOLS, CharNet, char_net, symbols, text_of
from safetensors.torch import save_file, save_model
from torch import nn

from models import Vocabulary, load_checkpoint, save_checkpoint
from models.foreign import Choice, ForeignError, Source, agreement, recognise
from models.foreign.process import read_here

KINDS = ("lstm", "gru")


def agrees(path, net, tmp_path, choice=None, atol=1e-5):
    """The network in the file, once it is shown to predict what `net` does."""
    x = symbols()
    with torch.no_grad():
        wanted = net(x[None])[0].float()
    network = recognise(read_here(path), choice)
    torch.testing.assert_close(network.logits(x), wanted, atol=atol, rtol=0)
    save_checkpoint(tmp_path / "mine.safetensors", network.model(Vocabulary(SYMBOLS)))
    trace = load_checkpoint(tmp_path / "mine.safetensors").trace(text_of(x))
    np.testing.assert_allclose(trace.logits, wanted, atol=atol, rtol=0)
    return network


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize(
    ("embedding", "head"),
    [(None, "bias"), (None, "plain"), (7, "bias"), (12, "bias"), (12, "plain"), (12, "tied")],
)
def test_every_shape_of_a_network(tmp_path, kind, layers, embedding, head):
    net = char_net(kind=kind, layers=layers, embedding=embedding, head=head)
    path = tmp_path / "net.pt"
    torch.save(net.state_dict(), path)
    network = agrees(path, net, tmp_path)
    assert network.cell == kind
    assert len(network.layers) == layers
    assert (network.embedding is None) == (embedding is None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "prefix", ["", "module.", "_orig_mod.", "model.", "_orig_mod.model.", "model._orig_mod.module."]
)
def test_every_prefix(tmp_path, kind, prefix):
    net = char_net(kind=kind, layers=2, embedding=5)
    torch.save({prefix + name: t for name, t in net.state_dict().items()}, tmp_path / "net.pth")
    agrees(tmp_path / "net.pth", net, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_every_precision(tmp_path, kind, dtype, bias):
    net = char_net(kind=kind, layers=2, embedding=5, bias=bias).to(dtype)
    torch.save(net.state_dict(), tmp_path / "net.bin")
    if dtype != torch.float64:
        net = net.float()  # the weights, rounded as the file has them
    agrees(tmp_path / "net.bin", net, tmp_path)


@pytest.mark.parametrize("legacy", [False, True])
def test_the_commonest_file_of_all_brings_its_alphabet(tmp_path, legacy):
    net = char_net(layers=2)
    content = {
        "n_hidden": 12,
        "n_layers": 2,
        "state_dict": net.state_dict(),
        "tokens": tuple(SYMBOLS),
    }
    path = tmp_path / "rnn_20_epoch.net"
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    agrees(path, net, tmp_path)
    assert read_here(path).alphabets == {"tokens": SYMBOLS}


def test_a_lightning_checkpoint(tmp_path):
    net = char_net(kind="lstm", layers=2, embedding=12)
    state = {f"model.{name}": t for name, t in net.state_dict().items()}
    optimiser = torch.optim.Adam(net.parameters())
    net(symbols()[None]).sum().backward()
    optimiser.step()
    state = {f"model.{name}": t for name, t in net.state_dict().items()}
    content = {
        "epoch": 3,
        "global_step": 900,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": OrderedDict(state),
        "optimizer_states": [optimiser.state_dict()],
        "lr_schedulers": [{"last_epoch": 3, "_last_lr": [0.1]}],
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(1.2)}},
        "hyper_parameters": {"hidden": 12, "itos": SYMBOLS, "lr": np.float64(0.1)},
    }
    torch.save(content, tmp_path / "last.ckpt")
    agrees(tmp_path / "last.ckpt", net, tmp_path)
    assert read_here(tmp_path / "last.ckpt").alphabets == {"hyper_parameters.itos": SYMBOLS}


@pytest.mark.parametrize("tied", [False, True])
def test_safetensors_keeps_a_tied_matrix_once(tmp_path, tied):
    net = char_net(layers=2, embedding=12, head="tied" if tied else "bias")
    save_model(net, str(tmp_path / "net.safetensors"))
    network = agrees(tmp_path / "net.safetensors", net, tmp_path)
    assert any("tied" in role.role for role in network.roles) == tied


def test_safetensors_brings_an_alphabet_in_its_metadata(tmp_path):
    net = char_net()
    state = {name: t.contiguous() for name, t in net.state_dict().items()}
    import json

    save_file(state, tmp_path / "n.safetensors", metadata={"vocab": json.dumps(SYMBOLS)})
    assert read_here(tmp_path / "n.safetensors").alphabets == {"vocab": SYMBOLS}
    agrees(tmp_path / "n.safetensors", net, tmp_path)


class Cells(nn.Module):
    """A stack of `LSTMCell`s or `GRUCell`s, stepped by hand."""

    def __init__(self, kind):
        super().__init__()
        cell = {"lstm": nn.LSTMCell, "gru": nn.GRUCell}[kind]
        self.kind = kind
        self.cells = nn.ModuleList([cell(len(SYMBOLS), 12), cell(12, 12)])
        self.decoder = nn.Linear(12, len(SYMBOLS))

    def forward(self, x):
        states = [torch.zeros(1, 12), torch.zeros(1, 12)], [torch.zeros(1, 12), torch.zeros(1, 12)]
        out = []
        for step in nn.functional.one_hot(x[0], len(SYMBOLS)).float():
            read = step[None]
            for k, cell in enumerate(self.cells):
                if self.kind == "lstm":
                    states[0][k], states[1][k] = cell(read, (states[0][k], states[1][k]))
                else:
                    states[0][k] = cell(read, states[0][k])
                read = states[0][k]
            out.append(self.decoder(read))
        return torch.stack(out, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_cells(tmp_path, kind):
    torch.manual_seed(5)
    net = Cells(kind)
    torch.save(net.state_dict(), tmp_path / "cells.pt")
    agrees(tmp_path / "cells.pt", net, tmp_path)


class Attributes(nn.Module):
    """Layers as attributes of their own: lstm and lstm2."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(len(SYMBOLS), 12, batch_first=True)
        self.lstm2 = nn.LSTM(12, 12, batch_first=True)
        self.out = nn.Linear(12, len(SYMBOLS))

    def forward(self, x):
        read = nn.functional.one_hot(x, len(SYMBOLS)).float()
        return self.out(self.lstm2(self.lstm(read)[0])[0])


def test_layers_that_are_attributes(tmp_path):
    torch.manual_seed(5)
    net = Attributes()
    torch.save(net.state_dict(), tmp_path / "two.pt")
    agrees(tmp_path / "two.pt", net, tmp_path)


def test_weight_drop_keeps_raw_weights_beside_thinned_copies(tmp_path):
    net = char_net(layers=1, embedding=12)
    state = net.state_dict()
    raw = state.pop("rnn.weight_hh_l0")
    moved = {k.replace("rnn.", "rnns.0.module."): t for k, t in state.items()}
    thinned = raw * (torch.rand_like(raw) > 0.5)
    moved |= {"rnns.0.weight_hh_l0_raw": raw, "rnns.0.module.weight_hh_l0": thinned}
    torch.save(moved, tmp_path / "awd.pth")
    network = agrees(tmp_path / "awd.pth", net, tmp_path)
    roles = {role.name: role.role for role in network.roles}
    assert roles["rnns.0.weight_hh_l0_raw"] == "layer 1, weight_hh"
    assert "thinned" in roles["rnns.0.module.weight_hh_l0"]


@pytest.mark.parametrize("head", ["bias", "tied"])
def test_an_embedding_that_weight_drop_keeps_twice_is_one(tmp_path, head):
    net = char_net(layers=1, embedding=12, head=head)
    names = {"embedding": "0.encoder", "rnn": "0.rnns.0.module", "fc": "1.decoder"}
    state = {}
    for name, tensor in net.state_dict().items():
        module, _, rest = name.partition(".")
        state[f"{names[module]}.{rest}"] = tensor
    state["0.encoder_dp.emb.weight"] = state["0.encoder.weight"]
    torch.save(state, tmp_path / "awd.pth")
    network = agrees(tmp_path / "awd.pth", net, tmp_path)
    roles = {role.name: role.role for role in network.roles}
    assert roles["0.encoder_dp.emb.weight"] == "not used: the same values as 0.encoder.weight"
    assert roles["0.encoder.weight"].startswith("embedding")
    assert roles["1.decoder.weight"] == "output layer, weight"
    state["0.encoder_dp.emb.weight"] = state["0.encoder.weight"] + 1
    torch.save(state, tmp_path / "other.pth")
    with pytest.raises(ForeignError, match="2 candidates for the embedding"):
        recognise(read_here(tmp_path / "other.pth"))


def one_hot(x):
    return nn.functional.one_hot(x, len(SYMBOLS)).float()


@pytest.mark.filterwarnings("ignore:LSTM with projections")  # torch's own, of speed
def test_the_remedy_for_proj_size_computes_the_same(tmp_path):
    torch.manual_seed(6)
    V, H = len(SYMBOLS), 12
    lstm, fc = nn.LSTM(V, H, 2, proj_size=5, batch_first=True), nn.Linear(5, V)
    state = {f"rnn.{name}": tensor for name, tensor in lstm.state_dict().items()}
    state |= {f"fc.{name}": tensor for name, tensor in fc.state_dict().items()}
    for layer, above in enumerate(("rnn.weight_ih_l1", "fc.weight")):
        projection = state.pop(f"rnn.weight_hr_l{layer}")
        for name in (f"rnn.weight_hh_l{layer}", above):
            state[name] = state[name] @ projection
    torch.save(state, tmp_path / "net.pt")
    agrees(tmp_path / "net.pt", lambda x: fc(lstm(one_hot(x))[0]), tmp_path)


def test_the_remedy_for_different_widths_computes_the_same(tmp_path):
    torch.manual_seed(6)
    V, few, many = len(SYMBOLS), 7, 12
    lower = nn.LSTM(V, few, batch_first=True)
    upper, fc = nn.LSTM(few, many, batch_first=True), nn.Linear(many, V)
    state = {f"rnn.1.{name}": tensor for name, tensor in upper.state_dict().items()}
    state |= {f"fc.{name}": tensor for name, tensor in fc.state_dict().items()}
    for name, tensor in lower.state_dict().items():
        gates = tensor.reshape(4, few, -1)
        columns = many if "hh" in name and gates.shape[2] == few else gates.shape[2]
        wide = torch.zeros(4, many, columns)
        wide[:, :few, : gates.shape[2]] = gates
        state[f"rnn.0.{name}"] = wide.reshape(4 * many, *([columns] * (tensor.dim() - 1)))
    reads = state["rnn.1.weight_ih_l0"]
    state["rnn.1.weight_ih_l0"] = nn.functional.pad(reads, (0, many - few))
    torch.save(state, tmp_path / "net.pt")
    agrees(tmp_path / "net.pt", lambda x: fc(upper(lower(one_hot(x))[0])[0]), tmp_path)


def test_an_ambiguous_pair_is_told_apart_by_names(tmp_path):
    torch.manual_seed(2)
    net = CharNet(embedding=12, head="plain")  # both matrices are (V, 12), and no bias
    state = net.state_dict()
    state = {
        k.replace("embedding", "encoder").replace("fc", "decoder"): t for k, t in state.items()
    }
    torch.save(state, tmp_path / "pair.pt")
    agrees(tmp_path / "pair.pt", net, tmp_path)


def test_the_choice_between_two_heads(tmp_path):
    net = char_net(embedding=7)
    state = net.state_dict() | {"aux.weight": torch.randn(len(SYMBOLS), 12)}
    torch.save(state, tmp_path / "heads.pt")
    network = agrees(tmp_path / "heads.pt", net, tmp_path, Choice(head="fc"))
    roles = {role.name: role.role for role in network.roles}
    assert roles["aux.weight"] == "not used: it comes after the states"


def test_the_choice_between_two_networks(tmp_path):
    net, average = char_net(), char_net(seed=9)
    torch.save({"model": net.state_dict(), "ema": average.state_dict()}, tmp_path / "two.pt")
    agrees(
        tmp_path / "two.pt",
        net,
        tmp_path,
        Choice(rnn="model.rnn", head="model.fc", ignore=("ema.rnn", "ema.fc")),
    )


def test_the_forward_half_of_a_bidirectional_network(tmp_path):
    torch.manual_seed(4)
    lstm = nn.LSTM(len(SYMBOLS), 12, bidirectional=True, batch_first=True)
    fc = nn.Linear(24, len(SYMBOLS))
    state = {f"lstm.{k}": t for k, t in lstm.state_dict().items()}
    torch.save(state | {f"fc.{k}": t for k, t in fc.state_dict().items()}, tmp_path / "bi.pt")
    network = recognise(read_here(tmp_path / "bi.pt"), Choice(forward_half=True))
    x = symbols()
    one_hot = nn.functional.one_hot(x, len(SYMBOLS)).float()
    with torch.no_grad():
        forward = lstm(one_hot[None])[0][0, :, :12]
        wanted = forward @ fc.weight[:, :12].t() + fc.bias
    torch.testing.assert_close(network.logits(x), wanted, atol=1e-5, rtol=0)


def test_the_memory_of_predictions_and_inputs_does_not_grow_with_the_vocabulary(monkeypatch):
    net = char_net()
    network = recognise(Source("PyTorch", dict(net.state_dict())))
    model = network.model(Vocabulary(SYMBOLS))
    text = text_of(symbols()[:70]) + "Ж" + text_of(symbols()[70:])
    whole = agreement.bits(model, text)
    sizes = []
    model.head.register_forward_hook(lambda head, given, made: sizes.append(made.numel()))
    monkeypatch.setattr(agreement, "LOGITS", 7 * len(SYMBOLS))
    assert agreement.bits(model, text) == pytest.approx(whole, abs=1e-12)
    assert max(sizes) == 7 * len(SYMBOLS)
    monkeypatch.setattr(torch, "eye", None)  # V x V
    asked = torch.tensor([3, -1, 0])
    read = network.inputs(asked)
    assert read.dtype == torch.float32
    assert read.argmax(-1).tolist() == [3, 0, 0]
    assert read.sum(-1).tolist() == [1, 0, 1]


class Projected(nn.Module):
    """A linear layer between the embedding and the LSTM, all of the width of the cells."""

    def __init__(self, bias=True):
        super().__init__()
        self.embedding = nn.Embedding(len(SYMBOLS), 12)
        self.inp = nn.Linear(12, 12, bias=bias)
        self.rnn = nn.LSTM(12, 12, batch_first=True)
        self.fc = nn.Linear(12, len(SYMBOLS))


class Positions(nn.Module):
    """A second embedding, added to the first."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(SYMBOLS), 12)
        self.position = nn.Embedding(50, 12)
        self.rnn = nn.LSTM(12, 12)
        self.fc = nn.Linear(12, len(SYMBOLS))


class TwoOutputs(nn.Module):
    """A layer between the LSTM and the output."""

    def __init__(self, embedding=12):
        super().__init__()
        self.embedding = nn.Embedding(len(SYMBOLS), embedding)
        self.rnn = nn.LSTM(embedding, 12)
        self.fc1 = nn.Linear(12, 12)
        self.fc2 = nn.Linear(12, len(SYMBOLS))


class Bridged(nn.Module):
    """A layer between two LSTMs, and no output layer."""

    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTM(len(SYMBOLS), 12)
        self.bridge = nn.Linear(12, 12)
        self.lstm2 = nn.LSTM(12, 12)


@pytest.mark.parametrize(
    ("made", "choice", "name"),
    [
        (Projected, Choice(), "inp.weight"),
        (Projected, Choice(headless=True), "inp.weight"),
        (lambda: Projected(bias=False), Choice(headless=True), "inp.weight"),
        (Projected, Choice(head="fc"), "inp.weight"),
        (Positions, Choice(headless=True), "position.weight"),
        (Positions, Choice(head="fc"), "position.weight"),
        (TwoOutputs, Choice(), "fc1.weight"),
        (TwoOutputs, Choice(head="fc2"), "fc1.weight"),
        (lambda: TwoOutputs(7), Choice(head="fc2"), "fc1.weight"),
        (lambda: TwoOutputs(7), Choice(headless=True), "fc1.weight"),
        (Bridged, Choice(headless=True), "bridge.weight"),
    ],
)
def test_a_matrix_that_may_change_the_values_is_refused_by_its_name(made, choice, name):
    source = Source("PyTorch", dict(made().state_dict()))
    with pytest.raises(ForeignError, match=rf"^{name}, of the shape .*--ignore {name}"):
        recognise(source, choice)


def test_a_layer_after_the_states_is_ignored_as_asked():
    source = Source("PyTorch", dict(TwoOutputs().state_dict()))
    network = recognise(source, Choice(headless=True, ignore=("fc1",)))
    roles = {role.name: role.role for role in network.roles}
    assert roles["fc1.weight"] == "ignored, as asked"
    assert roles["embedding.weight"].startswith("embedding")
