"""The data sets: what is read from them, and that a wrong or missing file is said to be so."""

import functools
import gzip
import hashlib
import http.server
import io
import lzma
import struct
import tarfile
import threading

import numpy as np
import pytest

from experiments.datasets import mnist, ptb, quatrains, text
from experiments.datasets.files import DataError, download, once, raw
from experiments.datasets.quatrains import Quatrains


def test_ptb_lines_are_stripped_and_newlines_kept():
    assert ptb.stripped(" no it was n't <unk> \n N \n") == "no it was n't <unk>\nN\n"


def test_a_text_is_split_by_position_and_its_vocabulary_is_of_all_parts(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + b"a\r\n" * 10 + b"bcdezz")
    corpus = text.load(tmp_path / "a.txt")
    parts = (corpus.train, corpus.valid, corpus.test)
    assert "".join(corpus.vocabulary) == "\nabcdez"
    told = ["".join(corpus.vocabulary[k] for k in part) for part in parts]
    assert "".join(told) == "a\n" * 10 + "bcdezz"
    assert [len(part) for part in told] == [20, 3, 3]


def test_packed_texts_are_read_alike(tmp_path):
    (tmp_path / "a.txt").write_text("abc" * 30)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"abc" * 30))
    plain, packed = (text.load(tmp_path / name) for name in ("a.txt", "a.txt.gz"))
    assert plain.name == packed.name == "a"
    assert (plain.train == packed.train).all()


def test_quatrains_keep_r_as_one_symbol():
    poem = "空 山 不 见 人\t但 闻 <R> 语 响\t返 景 入 深 林\t复 照 青 苔 上"
    poems = Quatrains.of("tiny", f"{poem}\r\n{poem}\r\n", poem, poem)
    assert poems.train.shape == (2, 20)
    assert "<R>" in poems.vocabulary
    assert [poems.vocabulary[k] for k in poems.valid[0]] == poem.split()
    with pytest.raises(DataError, match="a poem has 3 characters"):
        Quatrains.of("tiny", poem, "空 山 不", poem)


def test_glimpses_of_a_digit_by_hand():
    """Every pixel named by its place: what each of the 20 glimpses must hold."""
    image = np.zeros((1, 28, 28), np.uint8)
    rows, columns = np.indices((28, 28))
    for values, places in ((rows, rows), (columns, columns)):
        image[0] = values
        seen = np.rint(mnist.normalised(image)[0] * 255).astype(int).reshape(20, 7, 7)
        for q, (top, left) in enumerate([(0, 0), (0, 14), (14, 0), (14, 14)]):
            block = places[top : top + 14, left : left + 14]
            assert (seen[5 * q] == block[::2, ::2]).all()
            assert (seen[5 * q + 1] == block[:7, :7]).all()
            assert (seen[5 * q + 2] == block[:7, 7:]).all()
            assert (seen[5 * q + 3] == block[7:, :7]).all()
            assert (seen[5 * q + 4] == block[7:, 7:]).all()


def test_glimpses_are_between_zero_and_one():
    images = np.full((2, 28, 28), 255, np.uint8)
    assert mnist.normalised(images).dtype == np.float32
    assert (mnist.normalised(images) == 1).all()


def test_an_idx_file_is_read_and_another_shape_refused():
    content = struct.pack(">4B2I", 0, 0, 8, 2, 3, 2) + bytes(range(6))
    assert mnist.read_idx(content, (3, 2)).tolist() == [[0, 1], [2, 3], [4, 5]]
    with pytest.raises(DataError, match="its header says"):
        mnist.read_idx(content, (2, 3))


def test_missing_and_wrong_files_are_named(tmp_path):
    with pytest.raises(DataError, match=r"a\.txt"):
        raw(tmp_path / "a.txt", "00")
    (tmp_path / "a.txt").write_text("other")
    with pytest.raises(DataError, match="its sha256 must be 00"):
        raw(tmp_path / "a.txt", "00")
    with pytest.raises(DataError, match=r"rnnpg_data_emnlp-2014 from http"):
        quatrains.load(tmp_path)


def test_damaged_files_are_told(tmp_path):
    for name, packed in (("a.gz", gzip.compress(b"content" * 99)), ("a.xz", lzma.compress(b"b"))):
        path = tmp_path / name
        for content in (packed[:-3], b"no archive"):
            path.write_bytes(content)
            with pytest.raises(DataError, match=r"cannot be unpacked .*delete it"):
                text.load(path)
    with pytest.raises(DataError, match="cannot be read: No such file"):
        text.load(tmp_path / "none.txt")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        text.load(tmp_path)
    (tmp_path / "latin").write_bytes(b"caf\xe9 " * 40)
    with pytest.raises(
        DataError,
        match=r"latin cannot be read: it is not UTF-8 text: byte 0xe9 at 3 .* Save it as UTF-8",
    ):
        text.load(tmp_path / "latin")
    (tmp_path / "short").write_text("short")
    with pytest.raises(DataError, match="short has 5 characters, at least 20"):
        text.load(tmp_path / "short")


def test_one_process_fetches_and_the_others_wait(tmp_path, monkeypatch):
    path = tmp_path / "fetched"
    monkeypatch.setenv("LOCAL_RANK", "1")
    threading.Timer(0.5, path.write_text, ["whole"]).start()
    once(lambda: not path.exists(), lambda: path.write_text("twice"))
    assert path.read_text() == "whole"


def test_what_is_missing_of_ptb_is_taken_out_of_the_archive(site, tmp_path, monkeypatch):
    folder, address = site
    monkeypatch.setattr(ptb, "URL", address + "simple-examples.tgz")
    with tarfile.open(folder / "simple-examples.tgz", "w:gz") as files:
        for part in ptb.FILES:
            member = tarfile.TarInfo(f"./simple-examples/data/ptb.{part}.txt")
            member.size = len(part)
            files.addfile(member, io.BytesIO(part.encode()))
    data = tmp_path / "data"
    (data / "ptb").mkdir(parents=True)
    (data / "ptb" / "ptb.train.txt.gz").write_bytes(b"")
    (data / "ptb" / "ptb.valid.txt").write_text("mine")
    with pytest.raises(DataError, match=r"ptb\.train\.txt"):  # none is the real text
        ptb.load(data)
    assert (data / "ptb" / "ptb.test.txt").read_text() == "test"
    assert (data / "ptb" / "ptb.valid.txt").read_text() == "mine"
    assert len(list((data / "ptb").iterdir())) == 3
    (folder / "simple-examples.tgz").write_bytes(b"no archive")
    (data / "ptb" / "ptb.test.txt").unlink()
    with pytest.raises(DataError, match="is not the archive expected"):
        ptb.load(data)
    assert len(list((data / "ptb").iterdir())) == 2


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def site(tmp_path):
    """A folder, and the address it is served at."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_missing_file_is_fetched_and_checked(site, tmp_path):
    folder, address = site
    packed = gzip.compress(b"content")
    (folder / "a.txt.gz").write_bytes(packed)
    path = tmp_path / "data" / "a.txt"
    sha256 = hashlib.sha256(b"content").hexdigest()
    assert raw(path, sha256, address + "a.txt.gz") == b"content"
    assert (tmp_path / "data" / "a.txt.gz").read_bytes() == packed
    with pytest.raises(DataError, match="could not be fetched"):
        raw(tmp_path / "data" / "b.txt", sha256, address + "b.txt.gz")
    with pytest.raises(DataError, match="could not be fetched"):
        download(address + "a.txt.gz", tmp_path / "c.gz", sha256="0" * 64)
    assert not (tmp_path / "c.gz").exists()
