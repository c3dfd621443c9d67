"""Files of strangers: nothing in them is run, and none of them takes the reader down."""

import json
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from foreign_files import char_net

from models.foreign import ForeignError, process, read_source

ROOT = Path(__file__).parents[3]


class Payload:
    """What a hostile pickle does when it is read by pickle: it makes a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("legacy", [False, True])
def test_no_code_in_a_pickle_is_run(tmp_path, legacy):
    read = process.read_here if legacy else read_source  # once as users do, in a process of its own
    made = tmp_path / "made"
    path = tmp_path / "bad.pt"
    torch.save(
        {"state_dict": char_net().state_dict(), "tokens": Payload(made)},
        path,
        _use_new_zipfile_serialization=not legacy,
    )
    with pytest.raises(ForeignError, match=r"would run posix\.mkdir, and no code in a file is run"):
        read(path)
    assert not made.exists()
    torch.load(path, weights_only=False)
    assert made.exists()  # the payload is one


def test_a_bare_pickle_with_code_is_refused(tmp_path):
    path = tmp_path / "bad.pt"
    path.write_bytes(pickle.dumps({"weight_ih_l0": Payload(tmp_path / "made")}))
    with pytest.raises(ForeignError):
        process.read_here(path)
    assert not (tmp_path / "made").exists()


def test_a_whole_module_is_refused_with_the_line_to_type(tmp_path):
    torch.save(torch.nn.LSTM(3, 4), tmp_path / "module.pt")
    with pytest.raises(ForeignError, match=r"torch\.nn\.modules\.rnn\.LSTM.*model\.state_dict"):
        process.read_here(tmp_path / "module.pt")


def test_a_torchscript_program_is_refused(tmp_path):
    with pytest.warns(DeprecationWarning, match="torch.jit"):
        torch.jit.script(torch.nn.Linear(2, 2)).save(str(tmp_path / "script.pt"))
    with pytest.raises(ForeignError, match="TorchScript"):
        read_source(tmp_path / "script.pt")


def header_of_10_gb():
    return struct.pack("<Q", 10 * 2**30) + b"{" + b" " * 100


def tensor_of_16_gb():
    about = {"rnn.weight_ih_l0": {"dtype": "F32", "shape": [2**32], "data_offsets": [0, 2**34]}}
    header = json.dumps(about).encode()
    return struct.pack("<Q", len(header)) + header


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.pt", b""),
        ("text.pt", b"hello"),
        ("header.safetensors", header_of_10_gb()),
        ("tensor.safetensors", tensor_of_16_gb()),
        ("half.h5", process.HDF5 + b"\0" * 40),
        ("half.keras", b"PK\x03\x04" + b"\0" * 40),
        ("half.ckpt", b"\x80\x02}q\0"),
    ],
)
def test_other_files_are_refused_with_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ForeignError) as refused:
        process.read_here(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) > 20


def test_a_view_that_is_larger_than_memory_is_refused(tmp_path):
    torch.save({"weight_ih_l0": torch.zeros(1).expand(1 << 40)}, tmp_path / "view.pt")
    with pytest.raises(ForeignError, match="memory"):
        process.read_here(tmp_path / "view.pt")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ForeignError, match="No such file"):
        read_source(tmp_path / "none.pt")
    with pytest.raises(ForeignError, match="directory"):
        read_source(tmp_path)


def test_a_reader_that_crashes_or_hangs_is_a_sentence(tmp_path, monkeypatch):
    path = tmp_path / "net.pt"
    torch.save(char_net().state_dict(), path)
    assert len(read_source(path).tensors) == 6
    monkeypatch.setattr(process, "SECONDS", 0.01)
    with pytest.raises(ForeignError, match=r"more than 0\.01 seconds"):
        read_source(path)
    monkeypatch.setattr(process, "SECONDS", 60)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ForeignError, match="reading the file failed: it is damaged"):
        read_source(path)


def test_1000_mutated_files(tmp_path):
    """No crash, no hang, at most 2 GB: each is read, recognised, or refused with a sentence."""
    command = [sys.executable, ROOT / "tests/fixtures/foreign_fuzz.py", tmp_path, "1000"]
    paths = f"{ROOT}{os.pathsep}{ROOT / 'tests/fixtures'}"
    quiet = {"OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
    ended = subprocess.run(command, env=os.environ | quiet, stdout=subprocess.PIPE, text=True)
    found = json.loads(ended.stdout)
    assert found.pop("largest_mb") < 2048
    assert found.pop("read") > 50  # mutations that hurt nothing
    assert found.pop("refused") > 500
    assert found == {"crashed": [], "too slow": []}
