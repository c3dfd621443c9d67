"""Where a checkpoint is found by its name, and what is refused before long work begins."""

import gzip
import json
import os

import pytest

from analysis.atlas import __main__ as atlas
from analysis.inputs import (
    checkpoint_path,
    lines_of,
    read_result,
    read_text,
    refuse_unwritable,
    unknown_in,
)
from models import CharacterModel, Vocabulary


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(tmp_path))
    for place in ("both", "mine/both", "mine/own", "yours/own", ".hidden/secret"):
        path = tmp_path / f"{place}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("both", "both"),
        ("own", "mine/own"),  # as the server: the first folder's
        ("secret", "secret"),
        ("nowhere", "nowhere"),
    ],
)
def test_a_name_is_looked_for_as_the_server_does(folder, name, found):
    assert checkpoint_path(name) == folder / f"{found}.safetensors"


def test_a_path_is_taken_as_it_is(folder):
    assert str(checkpoint_path("own.safetensors")) == "own.safetensors"


def test_a_result_that_could_not_be_written_is_refused(tmp_path, monkeypatch):
    refuse_unwritable(tmp_path / "out.json")
    (tmp_path / "old.json").touch()
    refuse_unwritable(tmp_path / "old.json")
    with pytest.raises(ValueError, match="is a folder, expected the name of a file"):
        refuse_unwritable(tmp_path)
    with pytest.raises(ValueError, match=r"--figure .*: create the folder .*none first"):
        refuse_unwritable(tmp_path / "none" / "out.svg", "--figure")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(ValueError, match="is not writable"):
        refuse_unwritable(tmp_path / "out.json")


@pytest.mark.parametrize(("start", "count"), [(-5, 10), (0, -8), (0, 0)])
def test_a_part_that_no_text_has_is_refused(tmp_path, start, count):
    (tmp_path / "text").write_text("abcdefgh")
    assert read_text(tmp_path / "text", 2, 3, strip=False) == "cde"
    with pytest.raises(ValueError, match="expected a start of 0 or more"):
        read_text(tmp_path / "text", start, count, strip=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["text.txt", "text.gz"])
def test_a_text_is_read_as_its_byte_order_mark_says(tmp_path, encoding, name):
    content = "caf\u00e9\r\n\u5c71\rb".encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert list(lines_of(tmp_path / name)) == ["caf\u00e9\n", "\u5c71\n", "b"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"caf\xe9", r"text: it is not UTF-8 text: byte 0xe9 cannot stand there\. Save it"),
        ("abc".encode("utf-16-le") * 99 + b"\xff", "it looks like UTF-16 without"),
        (b"\xff\xfe\x00", "it is not UTF-16 text"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(tmp_path, content, reason):
    (tmp_path / "text").write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        read_text(tmp_path / "text", 0, 10_000, strip=False)


@pytest.mark.parametrize("damage", ["cut off", "damaged", "plain"])
def test_a_packed_text_that_is_not_whole_is_refused_in_a_sentence(tmp_path, damage):
    packed = gzip.compress(os.urandom(3000).hex().encode())
    content = {
        "cut off": packed[:-900],
        "damaged": packed[:20] + b"\xff" * 40 + packed[60:],
        "plain": b"a text",
    }[damage]
    (tmp_path / "text.gz").write_bytes(content)
    with pytest.raises(ValueError, match=r"text\.gz cannot be unpacked"):
        read_text(tmp_path / "text.gz", 0, 10_000, strip=False)


def test_a_text_of_another_alphabet_is_refused_and_a_few_strangers_are_counted():
    model = CharacterModel(Vocabulary("abc"), 1, 1, 2)
    assert unknown_in(model, "abЖc") == 1
    with pytest.raises(ValueError, match="no character of the text is in the model's alphabet"):
        unknown_in(model, "ЖЖ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not JSON"),
        ("\xff", "is not JSON"),
        ("[1]", "is not a result file: it lacks units"),
        (json.dumps({"model": "m"}), "is not a result file: it lacks units"),
    ],
)
def test_a_broken_result_file_is_refused_in_a_sentence(tmp_path, content, reason):
    (tmp_path / "one.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(ValueError, match=f"one.json {reason}"):
        read_result(tmp_path / "one.json", ["units"])


def test_the_atlas_is_not_made_for_a_folder(tmp_path):
    asked = atlas.arguments().parse_args(["--corpus", "nowhere", "--out", str(tmp_path)])
    with pytest.raises(ValueError, match="is a folder, expected the name of a file"):
        atlas.run(asked)
