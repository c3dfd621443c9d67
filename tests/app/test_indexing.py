"""Indexing on the way to its process: what may be removed, and what fails is told."""

import json
import os
import sys
from pathlib import Path

import pytest
from random_models import write_checkpoints

from app.catalogue import Catalogue
from app.corpora import Corpora
from app.indexing import remove_older, without_folders
from app.refusal import Refusal
from app.turn import Turn

OTHER = "0123456789ab"


@pytest.fixture
def corpora(tmp_path):
    """The corpora of one text."""
    for name in ("checkpoints", "corpora"):
        (tmp_path / name).mkdir()
    write_checkpoints(tmp_path / "checkpoints")
    (tmp_path / "corpora" / "tale.txt").write_text("the cat sat. " * 20)
    catalogue = Catalogue(tmp_path / "checkpoints")
    catalogue.load()
    found = Corpora(tmp_path / "corpora", catalogue)
    yield found
    found.close()


def turn_of(corpora):
    return Turn(corpora.folder / "cache" / "indexing.lock")


def refused(corpora, entry):
    with pytest.raises(Refusal) as refusal:
        corpora.indexing.start(entry)
    assert (refusal.value.status_code, refusal.value.code) == (409, "not_indexed")
    assert refusal.value.message.endswith(".")
    return refusal.value.message


def test_older_indexes_of_a_corpus_go_and_those_of_others_stay(corpora):
    entry = corpora.get("tale--lstm")
    cache = entry.folder.parent
    others = [f"tale--lstm-large-{OTHER}", f"tale--lstm-{OTHER}-{OTHER}", "tale--lstm-mine"]
    for name in (entry.folder.name, f"tale--lstm-{OTHER}", *others):
        (cache / name).mkdir(parents=True)
    remove_older(entry)
    assert sorted(path.name for path in cache.iterdir()) == sorted([entry.folder.name, *others])


def test_nothing_is_removed_while_another_server_indexes(corpora):
    entry = corpora.get("tale--lstm")
    older = entry.folder.parent / f"tale--lstm-{OTHER}"
    older.mkdir(parents=True)
    held = turn_of(corpora).take("")  # it has not written its name yet
    corpora.indexing.start(entry)
    os.close(held)
    assert older.exists()


def test_a_cache_that_cannot_be_written_is_told(corpora):
    (corpora.folder / "cache").write_text("no folder")
    entry = corpora.get("tale--lstm")
    assert corpora.status(entry) == ("not indexed", 0, "")
    assert str(corpora.folder) not in refused(corpora, entry)


def test_a_name_that_is_too_long_is_told(corpora):
    (corpora.folder / f"{'a' * 240}.txt").write_text("the cat sat. " * 20)
    entry = corpora.get(f"{'a' * 240}--lstm")
    assert corpora.status(entry) == ("not indexed", 0, "")
    assert "File name too long" in refused(corpora, entry)


def test_a_process_that_cannot_be_started_gives_its_turn_back(corpora, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "No such file" in refused(corpora, corpora.get("tale--lstm"))
    held = turn_of(corpora).take("another")
    assert held is not None
    os.close(held)


def test_a_full_disk_keeps_no_lock(tmp_path, monkeypatch):
    turn = Turn(tmp_path / "lock")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.pwrite", full)
        with pytest.raises(OSError, match="No space"):
            turn.take("a")
    held = turn.take("a")
    assert held is not None
    os.close(held)


def test_a_server_of_lower_priority_indexes_too(corpora, monkeypatch):
    def not_allowed(*_):
        raise PermissionError

    monkeypatch.setattr("os.setpriority", not_allowed)
    entry = corpora.get("tale--lstm")
    corpora.indexing.start(entry)
    assert corpora.indexing.name == entry.name


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/my own/models/a.safetensors: cannot be read", "a.safetensors: cannot be read"),
        (
            "OSError: [Errno 28] No space left on device: '/var/cache/a-0/states/part-0.parquet'",
            "OSError: [Errno 28] No space left on device: 'part-0.parquet'",
        ),
        ("1.5 MB/s, and/or nothing", "1.5 MB/s, and/or nothing"),
        ("(/usr/lib/python3/a.py)", "(a.py)"),
    ],
)
def test_a_sentence_names_files_without_their_folders(said, told):
    assert without_folders(said, [Path("/my own"), Path("/my own/models")]) == told


def test_an_index_names_its_model_as_the_server_does(corpora):
    """Even a served `final`, which the command alone would call by its folder."""
    folder = corpora.folder.parent / "checkpoints"
    (folder / "lstm.safetensors").rename(folder / "final.safetensors")
    catalogue = Catalogue(folder)
    catalogue.load()
    again = Corpora(corpora.folder, catalogue)
    entry = again.get("tale--final")
    again.indexing.start(entry)
    again.indexing._process.wait(100)
    about = json.loads((entry.folder / "corpus.json").read_text("utf-8"))
    assert about["model"] == "final"
    again.close()
