"""The folder of corpora: read once, in pieces, whatever lies in it; told without its path."""

import hashlib
import json
import logging
import os
import threading
from collections import Counter

import numpy as np
import pytest
from server import serving
from written_corpora import a_text, write_corpus

from analysis.corpus import corpus as corpora_on_disk
from analysis.corpus.cells import Network
from analysis.inputs import lines_of
from app import corpora as module
from app.corpora import Corpora, facts_in
from app.http.measure_text import beginning
from models.text import NotText, normalised

NETWORK = Network("lstm", 1, 2, 9)
UNMARKED = "it is not UTF-8 text: it looks like UTF-16 without a byte order mark. Save it as UTF-8"
PLACE = {"layer": 0, "level": 0, "cell": 0}


@pytest.fixture
def folder(tmp_path):
    """A folder whose path is not in any text."""
    folder = tmp_path / "kept-to-itself"
    folder.mkdir()
    return folder


@pytest.fixture
def client(tmp_path, folder):
    """A server of one text, and of a corpus that was indexed beforehand."""
    (folder / "tale.txt").write_text("the cat sat. " * 50)
    values = np.full((500, NETWORK.size), 127, np.int8)
    write_corpus(folder / "given", values, a_text(500), NETWORK)
    checkpoints = tmp_path / "checkpoints"
    checkpoints.mkdir()
    with serving(checkpoints, corpora=folder) as client:
        yield client


def rewritten(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_facts_of_a_text_do_not_depend_on_the_pieces(tmp_path, monkeypatch):
    path, text = tmp_path / "a.txt", "é😀a\r\n山" * 9
    path.write_bytes(text.encode())
    for piece in (1, 2, 7, 1 << 16):
        monkeypatch.setattr(module, "PIECE", piece)
        facts = facts_in(path)
        assert facts.symbols == Counter(normalised(text))
        assert facts.sha256 == hashlib.sha256(text.encode()).hexdigest()
        for content in (b"", b"a\xff", "é".encode()[:1]):
            (tmp_path / "b.txt").write_bytes(content)
            with pytest.raises(NotText):
                facts_in(tmp_path / "b.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("piece", [1, 3, 1 << 16])
def test_a_text_counts_as_it_is_indexed_and_measured(tmp_path, monkeypatch, encoding, piece):
    path = tmp_path / "a.txt"
    path.write_bytes("é😀a\r\n山\rb\n\r\n".encode(encoding))
    monkeypatch.setattr(module, "PIECE", piece)
    read = "".join(lines_of(path))
    assert read == "é😀a\n山\nb\n\n"
    assert facts_in(path).symbols == Counter(read)
    assert beginning(path) == read


def test_a_text_that_is_not_served_is_told_once_with_the_reason(client, folder, caplog):
    before = client.get("/api/corpora").json()
    reasons = {
        "old.txt": (b"caf\xe9", "it is not UTF-8 text: byte 0xe9 cannot stand there"),
        "unmarked.txt": ("the caf\u00e9".encode("utf-16-le"), UNMARKED),
        "empty.txt": (b"", "it is empty"),
        "foreign.txt": (("山高月小" * 9).encode(), "no model has half of it in its alphabet"),
    }
    for name, (content, _) in reasons.items():
        (folder / name).write_bytes(content)
    with caplog.at_level(logging.ERROR, "nestscope"):
        for _ in range(2):
            assert client.get("/api/corpora").json() == before
    assert len(caplog.messages) == len(reasons)
    for name, (_, reason) in reasons.items():
        assert sum(f"{name} is not served: {reason}" in said for said in caplog.messages) == 1
    (folder / "windows.txt").write_bytes("the cat sat.\r\n".encode("utf-16"))
    entry = next(e for e in client.get("/api/corpora").json() if e["text"] == "windows.txt")
    assert (entry["characters"], entry["unknown"]) == (13, 0)


def at_the_same_time(calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


def test_a_text_is_read_once_for_all_who_come_while_it_is(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("a")
    corpora, goes_on, reading, read = Corpora(tmp_path, []), threading.Event(), [], facts_in

    def slow(path):
        reading.append(path)
        goes_on.wait(30)
        return read(path)

    monkeypatch.setattr(module, "facts_in", slow)
    found = []
    threads = at_the_same_time([lambda: found.append(corpora._facts_of(tmp_path / "a.txt"))] * 3)
    (tmp_path / "b.txt").write_text("b")
    other = threading.Thread(target=corpora._facts_of, args=[tmp_path / "b.txt"])
    other.start()
    while tmp_path / "b.txt" not in reading:  # it does not wait for the first
        assert other.is_alive()
    goes_on.set()
    for thread in (*threads, other):
        thread.join(30)
    assert sorted(path.name for path in reading) == ["a.txt", "b.txt"]
    assert [facts.characters for facts in found] == [1, 1, 1]


def test_of_a_text_that_changes_the_newest_facts_alone_are_kept(tmp_path):
    corpora, path = Corpora(tmp_path, []), tmp_path / "a.txt"
    for k in range(1, 6):
        path.write_text("a" * k)
        assert corpora._facts_of(path).characters == k
    assert len(corpora._facts) == 1


def test_a_corpus_that_is_checked_lets_another_one_open(tmp_path, monkeypatch):
    values = np.zeros((60, NETWORK.size), np.int8)
    for name in ("slow", "quick"):
        write_corpus(tmp_path / name, values, a_text(60), NETWORK)
    corpora, goes_on, opening, whole = Corpora(tmp_path, {}), threading.Event(), [], []
    open_corpus = corpora_on_disk.open_corpus

    def checked(folder):
        opening.append(folder.name)
        if folder.name == "slow":
            goes_on.wait(30)
        return open_corpus(folder)

    monkeypatch.setattr(corpora_on_disk, "open_corpus", checked)
    slow, quick = corpora.get("slow"), corpora.get("quick")
    threads = at_the_same_time([lambda: whole.append(corpora.open(slow))] * 2)
    try:
        while "slow" not in opening:
            assert any(thread.is_alive() for thread in threads)
        asked = threading.Thread(target=corpora.open, args=[quick])
        asked.start()
        asked.join(20)
        assert not asked.is_alive()
    finally:
        goes_on.set()
        for thread in threads:
            thread.join(30)
    assert sorted(opening) == ["quick", "slow"]
    assert whole[0] is whole[1]


def test_a_file_whose_name_is_no_text_is_left_out(client, folder, caplog):
    before = client.get("/api/corpora").json()
    for name in (b"\xff.txt", b"b\xffd"):
        path = os.path.join(os.fsencode(folder), name)
        if name.endswith(b"txt"):
            with open(path, "wb") as file:
                file.write(b"the cat")
        else:
            os.mkdir(path)
            with open(os.path.join(path, b"corpus.json"), "wb") as file:
                file.write(b"{}")
    with caplog.at_level(logging.ERROR, "nestscope"):
        for _ in range(2):
            answer = client.get("/api/corpora")
            assert (answer.status_code, answer.json()) == (200, before)
    assert sum("its name is not UTF-8" in message for message in caplog.messages) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"model": []},
        {"model": None},
        {"text": None},
        {"text": "\ud800"},
        {"sha256": 1},
        {"text_sha256": {}},
        {"unknown": "many"},
        {"warm_up": 0.5},
        {"characters": 1 << 60, "part": 1},
        {"hidden": 1 << 40},
        {"layers": 1 << 40},
        {"depth": 9},
        {"parts": [{"rows": 500, "bytes": 1, "sha256": "", "text_bytes": None}], "part": 500},
        {"parts": [{"rows": 500, "bytes": 1, "sha256": 1, "text_bytes": 0}], "part": 500},
    ],
)
def test_an_odd_description_is_a_damaged_corpus_among_others(client, folder, changes):
    rewritten(folder / "given" / "corpus.json", **changes)
    answer = client.get("/api/corpora")
    assert answer.status_code == 200, answer.text
    found = {entry["name"]: entry["status"] for entry in answer.json()}
    assert found.pop("given") == "damaged"
    assert set(found.values()) == {"not indexed"}
    error = client.post("/api/corpora/given/histogram", json=PLACE)
    assert (error.status_code, error.json()["error"]["code"]) == (409, "damaged_corpus")


def gone(folder):
    os.unlink(folder / "states" / "part-00003.parquet")


DAMAGE = {
    "no text": lambda folder: os.unlink(folder / "text.txt"),
    "another text": lambda folder: (folder / "text.txt").write_text("short"),
    "no part": gone,
    "a short part": lambda folder: os.truncate(folder / "states" / "part-00003.parquet", 100),
    "no object": lambda folder: (folder / "corpus.json").write_text("{"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_corpus_is_told_without_its_folder(client, folder, damage, caplog):
    DAMAGE[damage](folder / "given")
    (listed,) = [one for one in client.get("/api/corpora").json() if one["name"] == "given"]
    if damage != "another text":  # which is found when it is read
        assert (listed["status"], bool(listed["message"])) == ("damaged", True)
    answer = client.post("/api/corpora/given/histogram", json=PLACE)
    assert answer.status_code == 409, answer.text
    assert answer.json()["error"]["code"] == "damaged_corpus"
    assert folder.name not in answer.text + client.get("/api/corpora").text
    assert any(str(folder / "given") in message for message in caplog.messages)


def test_a_corpus_that_vanishes_is_told_without_its_folder(client, folder, caplog):
    body = {"feature": "space", "shifts": 19}
    assert client.post("/api/corpora/given/histogram", json=PLACE).status_code == 200
    gone(folder / "given")
    answer = client.post("/api/corpora/given/histogram", json=PLACE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "corpus_gone")
    streamed = client.post("/api/corpora/given/selectivity", json=body)
    error = json.loads(streamed.text.splitlines()[-1])["error"]
    assert error["code"] == "corpus_gone"
    assert error["message"] == answer.json()["error"]["message"]
    assert folder.name not in answer.text + streamed.text
    assert sum(str(folder / "given") in message for message in caplog.messages) == 2


def test_where_nothing_can_be_written_a_text_cannot_be_indexed(client, folder, monkeypatch):
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    (folder / "cache").write_text("a file, where a folder would be made")
    monkeypatch.setattr(module.os, "access", lambda path, mode: False)
    monkeypatch.setattr(module.tempfile, "gettempdir", nowhere)
    found = {entry["name"]: entry["status"] for entry in client.get("/api/corpora").json()}
    assert found["tale--nested"] == "not indexed"
    assert client.post("/api/corpora/given/histogram", json=PLACE).status_code == 200
    answer = client.post("/api/corpora/tale--nested/histogram", json=PLACE)
    assert answer.status_code == 409, answer.text
    error = answer.json()["error"]
    assert error["code"] == "not_indexed"
    assert error["message"].startswith("tale--nested cannot be indexed: ")
    assert folder.name not in error["message"]
