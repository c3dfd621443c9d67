"""Checkpoints: what is saved comes back, and anything else is refused with a sentence."""

import hashlib
import json
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models import (
    CharacterModel,
    CheckpointError,
    GlimpseClassifier,
    Vocabulary,
    checkpoint,
    load_checkpoint,
    save_checkpoint,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(3)
    model = CharacterModel(Vocabulary("\n ab"), 2, 2, 5)
    model.initialise()
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, model, {"epochs": 3}, {"valid_bpc": 1.5})
    return path, model


def rewrite(path, tensors=None, **changes):
    """The same file with some tensors or fields changed."""
    old = load_file(path)
    card = json.loads(metadata(path)["nestscope"]) | changes
    kept = {k: v for k, v in {**old, **(tensors or {})}.items() if v is not None}
    save_file(kept, path, metadata={"nestscope": json.dumps(card)})


def metadata(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    return json.loads(raw[8 : 8 + length])["__metadata__"]


def test_what_is_saved_comes_back(saved):
    path, model = saved
    again = load_checkpoint(path)
    assert again.trace("ab ba").logits.tolist() == model.trace("ab ba").logits.tolist()
    assert again.card.training == {"epochs": 3}
    assert again.card.scores == {"valid_bpc": 1.5}
    assert again.vocabulary == model.vocabulary
    assert not list(path.parent.glob("*.part"))


def test_names_of_the_contract(saved):
    path, _ = saved
    shapes = {name: list(t.shape) for name, t in load_file(path).items()}
    assert shapes == {
        f"rnn.{l}.{d}.{name}": shape
        for l in range(2)
        for d in range(2)
        for name, shape in (
            ("weight_ih", [20, 4 if l == d == 0 else 5]),
            ("weight_hh", [20, 5]),
            ("bias", [20]),
        )
    } | {"head.weight": [4, 5], "head.bias": [4]}
    assert set(metadata(path)) == {"nestscope"}


def test_float16_is_read_as_float32(saved, tmp_path):
    _, model = saved
    save_checkpoint(tmp_path / "half.safetensors", model, half=model.state_dict())
    half = load_checkpoint(tmp_path / "half.safetensors")
    for name, value in model.state_dict().items():
        assert torch.equal(half.state_dict()[name], value.half().float())


def test_glimpse_classifier_round_trips(tmp_path):
    model = GlimpseClassifier(1, 2, 5)
    model.initialise()
    save_checkpoint(tmp_path / "g.safetensors", model)
    x = torch.rand(2, 20, 49)
    assert torch.equal(load_checkpoint(tmp_path / "g.safetensors")(x)[0], model(x)[0])


CORRUPTIONS = {
    "missing tensor": ({"tensors": {"head.bias": None}}, "head.bias is missing"),
    "extra tensor": ({"tensors": {"more": torch.zeros(1)}}, "'more' does not belong"),
    "shape": ({"tensors": {"head.bias": torch.zeros(5)}}, r"head.bias has the shape \[5\]"),
    "nan": ({"tensors": {"head.bias": torch.full((4,), float("nan"))}}, "head.bias .* finite"),
    "infinite": ({"tensors": {"head.bias": torch.full((4,), torch.inf)}}, "head.bias .* finite"),
    "dtype": ({"tensors": {"head.bias": torch.zeros(4, dtype=torch.int32)}}, "head.bias is I32"),
    "format": ({"format": 3}, "format 3"),
    "format 2 without a cell": ({"format": 2}, "exactly the fields .* cell"),
    "format 2 of an LSTM": ({"format": 2, "cell": "lstm"}, "cell of a format 2"),
    "format 2 of a list": ({"format": 2, "cell": []}, "cell of a format 2"),
    "task": ({"task": "words"}, "task 'words'"),
    "layers": ({"layers": True}, "layers must be an integer"),
    "depth": ({"depth": 9}, "depth must be an integer from 1 to 8"),
    "hidden": ({"hidden": 10**12}, "hidden must be an integer"),
    "other size": ({"hidden": 6}, "has the shape"),
    "vocabulary": ({"vocabulary": "ab"}, "vocabulary must be a list"),
    "double symbol": ({"vocabulary": ["a", "a", "b", "c"]}, "distinct"),
    "scores": ({"scores": []}, "scores must be a JSON object"),
    "more fields": ({"name": "x"}, "exactly the fields"),
    "surrogate": ({"vocabulary": ["\ud800", "a", "b", "c"]}, "surrogate"),
    "not a number": ({"scores": {"valid_bpc": float("nan")}}, "finite"),
}


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_changed_file_is_refused_with_the_reason(saved, kind):
    changes, reason = CORRUPTIONS[kind]
    rewrite(saved[0], **changes)
    with pytest.raises(CheckpointError, match=reason):
        load_checkpoint(saved[0])


def foreign(path):
    whole = path.read_bytes()
    huge = struct.pack("<Q", 10 * 2**30) + whole[8:]
    header = json.dumps(
        {"head.bias": {"dtype": "F32", "shape": [2**32], "data_offsets": [0, 2**34]}}
    ).encode()
    return {
        "empty": b"",
        "truncated": whole[:-7],
        "half a header": whole[:20],
        "text": b"hello",
        "pickle": pickle.dumps({"head.bias": [0.0]}),
        "header of 10 GB": huge,
        "tensor of 16 GB": struct.pack("<Q", len(header)) + header,
        "no metadata": save_bytes({"head.bias": torch.zeros(4)}, None),
        "other metadata": save_bytes({"head.bias": torch.zeros(4)}, {"format": "pt"}),
        "not JSON": save_bytes({}, {"nestscope": "{"}),
        "JSON without an object": save_bytes({}, {"nestscope": "[]"}),
        "deep JSON": save_bytes({}, {"nestscope": "[" * 100_000}),
    }


def save_bytes(tensors, metadata):
    from safetensors.torch import save

    return save(tensors, metadata)


@pytest.mark.parametrize(
    "kind",
    ["empty", "truncated", "half a header", "text", "pickle", "header of 10 GB", "tensor of 16 GB",
     "no metadata", "other metadata", "not JSON", "JSON without an object", "deep JSON"],
)  # fmt: skip
def test_foreign_bytes_are_refused(saved, kind):
    path, _ = saved
    path.write_bytes(foreign(path)[kind])
    with pytest.raises(CheckpointError) as refused:
        load_checkpoint(path)
    assert len(str(refused.value)) > 10
    assert "\n" not in str(refused.value)


def test_a_foreign_file_larger_than_memory_is_refused_unread(tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: it takes no room
    with pytest.raises(CheckpointError, match="not a safetensors file"):
        load_checkpoint(path)


CUT_SHORT = """
import os, sys
from models import CheckpointError, checkpoint
name = sys.argv[2]
call_it = getattr(checkpoint, name)

def cut_short(*given, **options):
    if name == "_check_values":
        call_it(*given)
    os.truncate(sys.argv[1], 0)
    return call_it(*given, **options)

setattr(checkpoint, name, cut_short)
for call in checkpoint.load_checkpoint, checkpoint.describe_checkpoint:
    content = open(sys.argv[1], "rb").read()
    try:
        call(sys.argv[1])
    except CheckpointError as error:
        print(error.reason)
    open(sys.argv[1], "wb").write(content)
"""


@pytest.mark.parametrize("during", ["safe_open", "_stored", "_check_values"])
def test_a_file_cut_short_while_it_is_read_is_refused(tmp_path, during):
    """In a process of its own, which a map of the file would end."""
    path = tmp_path / "large.safetensors"
    model = CharacterModel(Vocabulary("\n ab"), 1, 1, 64)
    model.initialise()
    save_checkpoint(path, model)
    done = subprocess.run(
        [sys.executable, "-c", CUT_SHORT, path, during], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["it was replaced while it was read: read it again"] * 2


@pytest.mark.parametrize("way", ["in place", "by another"])
def test_a_file_changed_while_it_is_read_is_refused(saved, monkeypatch, way):
    path, _ = saved
    os.utime(path, (1, 1))
    content, check = path.read_bytes(), checkpoint._check_values

    def change(name, tensor):
        check(name, tensor)
        if way == "by another":
            path.unlink()
        path.write_bytes(content)

    monkeypatch.setattr(checkpoint, "_check_values", change)
    with pytest.raises(CheckpointError, match="it was replaced while it was read"):
        load_checkpoint(path)


def test_the_sha256_is_that_of_the_file(saved):
    path, _ = saved
    assert load_checkpoint(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="No such file"):
        load_checkpoint(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match="directory"):
        load_checkpoint(tmp_path)


def test_a_write_that_fails_leaves_the_old_file(saved, monkeypatch):
    path, model = saved
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(path, model, {"epochs": 4})
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("call", [load_checkpoint])
def test_a_refusal_names_the_file(saved, tmp_path, call):
    path, _ = saved
    rewrite(path, tensors={"head.bias": None})
    with pytest.raises(CheckpointError) as refused:
        call(path)
    assert str(refused.value) == f"{path}: {refused.value.reason}"
    assert refused.value.reason == "the tensor head.bias is missing"
    with pytest.raises(CheckpointError, match="nested-ptb: cannot be read: No such file"):
        call("nested-ptb")


def embedded(model):
    """The commonest mistake: a matrix that reads an embedding, not symbols."""
    model.rnn.layer(0)[0].weight_ih.data = torch.zeros(20, 3)


def bidirectional(model):
    model.head = torch.nn.Linear(10, 4)


def infinite(model):
    model.head.bias.data[0] = torch.inf


def too_large_for_float16(model):
    model.head.bias.data[0] = 1e6


def more(model):
    model.norm = torch.nn.LayerNorm(5)


def less(model):
    model.head = torch.nn.Linear(5, 4, bias=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (embedded, r"rnn.0.0.weight_ih has the shape \[20, 3\], expected \[20, 4\]"),
        (bidirectional, r"head.weight has the shape \[4, 10\], expected \[4, 5\]"),
        (infinite, "head.bias holds values that are not finite"),
        (too_large_for_float16, "head.bias holds values that are not finite"),
        (more, "the tensor 'norm.bias' does not belong"),
        (less, "the tensor head.bias is missing"),
    ],
)
def test_what_would_be_refused_at_load_is_not_written(saved, tmp_path, change, reason):
    _, model = saved
    change(model)
    path = tmp_path / "new.safetensors"
    with pytest.raises(CheckpointError, match=f"^{path}: {reason}"):
        save_checkpoint(path, model, half=["head.bias"])
    assert not path.exists()


def test_more_metadata_than_a_file_can_hold_is_not_written(saved, tmp_path):
    path, model = tmp_path / "new.safetensors", load_checkpoint(saved[0])
    with pytest.raises(CheckpointError, match="too large"):
        save_checkpoint(path, model, training={"note": "a" * 100_000_000})
    assert list(tmp_path.glob("new*")) == []


@pytest.mark.parametrize(
    "training", [{"loss": float("nan")}, {"run": object()}, {"name": "\ud800"}, {1: {2}}]
)
def test_a_card_that_would_be_refused_is_not_written(saved, tmp_path, training):
    with pytest.raises(CheckpointError):
        save_checkpoint(tmp_path / "new.safetensors", saved[1], training)
    assert not (tmp_path / "new.safetensors").exists()


@pytest.mark.parametrize(
    ("path", "name"),
    [("runs/nested-7/final.safetensors", "nested-7"), ("runs/nested-7/best.safetensors", "best")],
)
def test_the_network_of_a_finished_run_has_the_name_of_the_run(path, name):
    assert checkpoint.model_name(Path(path)) == name


def test_a_final_network_here_has_the_name_of_this_folder(tmp_path, monkeypatch):
    (tmp_path / "nested-8").mkdir()
    monkeypatch.chdir(tmp_path / "nested-8")
    assert checkpoint.model_name(Path("final.safetensors")) == "nested-8"


def test_a_network_read_from_a_run_has_the_name_of_the_run(saved, tmp_path):
    (tmp_path / "nested-9").mkdir()
    path = saved[0].rename(tmp_path / "nested-9" / "final.safetensors")
    assert load_checkpoint(path).name == "nested-9"
