"""An indexed text holds what the trace of the whole text shows, however it was read."""

import dataclasses
import json
import shutil
import sys
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import random_models
import torch
from planted_networks import leaky_lstm, letters

from analysis.corpus.__main__ import arguments, cores, run
from analysis.corpus.corpus import open_corpus, verify
from analysis.corpus.description import CorpusError
from analysis.corpus.engines import ENGINES, local
from analysis.corpus.engines.engine import Engine as PartEngine
from analysis.corpus.forgetting import Forgetting, apart, forgetting
from analysis.corpus.index import index
from analysis.corpus.parts import part_mark, write_part
from models import CharacterModel, load_checkpoint, save_checkpoint
from models.reading.engine import Engine

LETTERS = "abcdefghijklmnopqrstuvwxyz .'\né"


def a_text(characters, seed=0):
    return "".join(np.random.default_rng(seed).choice(list(LETTERS), characters))


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """Small networks: two that forget, one that never does."""
    folder = tmp_path_factory.mktemp("checkpoints")
    random_models.write_checkpoints(folder)
    for name in ("nested", "stacked"):
        torch.manual_seed(3)
        net = CharacterModel(random_models.VOCABULARY, *random_models.SIZES[name])
        net.initialise(input_gain=5.0)
        save_checkpoint(folder / f"{name}.safetensors", net)
    save_checkpoint(folder / "endless.safetensors", leaky_lstm([1e7, 3.0, 5.0]).float())
    return folder


def made(checkpoint, text, folder, engine=local.ENGINE, **options):
    options = {"part": 700, "processes": 1} | options
    return index(checkpoint, text.splitlines(True), "a.txt", folder, engine, **options)


def stored(corpus):
    return np.concatenate(list(corpus.values()))


@cache
def traced(checkpoint, text):
    """round(127 * display) of the whole text, before rounding."""
    display = load_checkpoint(checkpoint).trace(text).display
    return 127 * display.reshape(len(text), -1)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["nested", "stacked", "lstm", "deep"])
@pytest.mark.parametrize("characters", [1, 699, 700, 701, 3000])
def test_every_value_is_that_of_the_trace(checkpoints, tmp_path, name, characters):
    text = a_text(characters)
    checkpoint = checkpoints / f"{name}.safetensors"
    corpus = made(checkpoint, text, tmp_path / "c")
    assert corpus.text() == text
    # To 1e-5 of the display value: a rounding may fall to the other side.
    assert np.abs(stored(corpus) - traced(checkpoint, text)).max() <= 0.5 + 127e-5
    assert corpus.description.unknown == sum(c not in random_models.VOCABULARY for c in text) - (
        text.count("é")  # read as e
    )


def test_a_network_that_forgets_is_read_in_stretches_one_that_does_not_in_one(checkpoints):
    def of(name, text):
        model = load_checkpoint(checkpoints / f"{name}.safetensors")
        symbols = torch.tensor(model.vocabulary.encode(text))
        return forgetting(Engine(model.rnn), symbols).warm_up

    assert 0 < of("nested", a_text(5000)) < 2000
    assert of("endless", letters(5000)) is None
    assert of("nested", a_text(1000)) is None  # too short to tell


def test_a_warm_up_is_long_enough_for_a_known_leak(tmp_path):
    """What e^(-n / tau) leaves of a start is below the tolerance after n characters."""
    tau = 20.0
    model = leaky_lstm([tau, 3.0]).float()
    symbols = torch.tensor(model.vocabulary.encode(letters(6000)))
    found = forgetting(Engine(model.rnn), symbols).warm_up
    forgotten = tau * np.log(0.05 / 5e-6)  # of a cell of some 0.05
    assert 0.7 * forgotten < found < 3 * forgotten


def test_a_network_that_never_forgets_goes_on_from_part_to_part(checkpoints, tmp_path):
    text = letters(5000)
    checkpoint = checkpoints / "endless.safetensors"
    corpus = made(checkpoint, text, tmp_path / "c", processes=2)
    assert corpus.description.warm_up is None
    assert np.abs(stored(corpus) - traced(checkpoint, text)).max() <= 0.5 + 127e-5
    # It matters here: read from nothing, the last part would be another.
    alone = traced(checkpoint, text[4900:])
    assert np.abs(alone - traced(checkpoint, text)[4900:]).max() > 5


def test_a_seam_that_does_not_fit_is_read_again(checkpoints, tmp_path, monkeypatch):
    text = letters(3000)
    checkpoint = checkpoints / "endless.safetensors"
    monkeypatch.setattr("analysis.corpus.index.forgetting", lambda *_: Forgetting(32, None))
    corpus = made(checkpoint, text, tmp_path / "c")
    assert corpus.description.warm_up == 32
    assert np.abs(stored(corpus) - traced(checkpoint, text)).max() <= 0.5 + 127e-5


def test_two_states_lie_apart_by_what_the_cell_holds_not_by_what_it_shows():
    engine = Engine(leaky_lstm([5.0]).float().rnn)
    state = engine.start()
    other = state._replace(c=state.c + 30.0)
    third = state._replace(c=state.c + 33.0)
    assert other.c.tanh().equal(third.c.tanh())
    assert apart(other, third) == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["nested", "endless"])
def test_the_same_text_twice_gives_the_same_files(checkpoints, tmp_path, name):
    text = letters(3000)
    for run_, processes in enumerate([1, 1, 2]):
        made(checkpoints / f"{name}.safetensors", text, tmp_path / f"{run_}", processes=processes)
    assert content(tmp_path / "0") == content(tmp_path / "1") == content(tmp_path / "2")
    assert sorted(content(tmp_path / "0"))[:2] == ["corpus.json", "states/part-00000.parquet"]
    assert len(content(tmp_path / "0")) == 7  # no file but those of the format


class Pulled(Exception):
    """The plug."""


@pytest.mark.parametrize("name", ["nested", "endless"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_interrupted_indexing_goes_on(checkpoints, tmp_path, monkeypatch, name, after):
    text, checkpoint = letters(3000), checkpoints / f"{name}.safetensors"
    whole = made(checkpoint, text, tmp_path / "whole")
    written = []

    def failing(job):
        if len(written) == after:
            # In the middle of a file.
            job.path.with_name(f".{job.path.name}.1.part").write_bytes(b"PAR1 half a file")
            raise Pulled
        written.append(job.number)
        return write_part(job)

    with monkeypatch.context() as patched:
        patched.setattr("analysis.corpus.engines.local.write_part", failing)
        patched.setattr("analysis.corpus.index.write_part", failing)
        folder = tmp_path / "c"
        folder.mkdir()
        (folder / "states").mkdir()
        with pytest.raises(Pulled):
            made(checkpoint, text, folder)
        assert len(written) == after
        with pytest.raises(CorpusError, match=r"holds no whole corpus: corpus\.json is missing"):
            open_corpus(folder)
        after += 100  # and now to the end
        corpus = made(checkpoint, text, folder)
    assert sorted(written) == list(range(5))  # none twice
    assert content(corpus.folder) == content(whole.folder)


def test_parts_of_something_else_do_not_count(checkpoints, tmp_path):
    """Done-files of another text, model or length of part are written anew."""
    folder = tmp_path / "c"
    started = local.ENGINE.run

    def first_only(jobs, processes):
        for job in jobs:
            yield from started([job], 1)
            raise Pulled

    stopping = PartEngine("stopping", "for one part", first_only)
    with pytest.raises(Pulled):
        made(checkpoints / "nested.safetensors", letters(3000, seed=1), folder, stopping)
    text = letters(2000)
    corpus = made(checkpoints / "stacked.safetensors", text, folder)
    expected = traced(checkpoints / "stacked.safetensors", text)
    assert np.abs(stored(corpus) - expected).max() <= 0.5 + 127e-5
    assert len(list((folder / "states").iterdir())) == 3


def test_a_whole_corpus_is_kept_another_one_refused(checkpoints, tmp_path):
    text, folder = letters(2000), tmp_path / "c"
    made(checkpoints / "nested.safetensors", text, folder)
    before = content(folder)
    made(checkpoints / "nested.safetensors", text, folder)
    for checkpoint, other in (("nested", text + "a"), ("stacked", text)):
        with pytest.raises(CorpusError, match=r"holds a corpus of a\.txt under nested, 2,000"):
            made(checkpoints / f"{checkpoint}.safetensors", other, folder)
    assert content(folder) == before


def test_a_folder_of_something_else_is_left_alone(checkpoints, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(CorpusError, match="is not empty and holds no corpus"):
        made(checkpoints / "nested.safetensors", "a text", tmp_path)
    assert list(content(tmp_path)) == ["thesis.tex"]
    with pytest.raises(CorpusError, match="the text is empty"):
        made(checkpoints / "nested.safetensors", "", tmp_path / "c")
    assert content(tmp_path / "c") == {}


def test_two_cannot_index_into_one_folder(checkpoints, tmp_path):
    def meanwhile(what, done, of):
        if what == "reading":
            with pytest.raises(CorpusError, match="is being indexed by another process"):
                made(checkpoints / "nested.safetensors", "another", tmp_path / "c")

    made(checkpoints / "nested.safetensors", letters(1500), tmp_path / "c", progress=meanwhile)


@pytest.fixture(scope="module")
def indexed(checkpoints, tmp_path_factory):
    """A folder to copy, not to touch."""
    folder = tmp_path_factory.mktemp("indexed") / "c"
    return made(checkpoints / "nested.safetensors", a_text(2000), folder).folder


@pytest.fixture
def corpus(indexed, tmp_path):
    return open_corpus(shutil.copytree(indexed, tmp_path / "c"))


def rewritten(corpus, **changes):
    path = corpus.folder / "corpus.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_any_reader_of_parquet_reads_it(corpus):
    pattern = str(corpus.folder / "states" / "part-*.parquet")
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(f"SELECT l0d1c7 FROM '{pattern}'").fetchnumpy()["l0d1c7"]
    assert found.dtype == np.int8
    np.testing.assert_array_equal(found, stored(corpus)[:, 9 + 7])
    about = json.loads((corpus.folder / "corpus.json").read_text())
    assert about["characters"] == 2000
    assert about["memories"][0] == {
        "layer": 0,
        "level": 1,
        "state": "c",
        "name": "inner",
        "symbol": "tanh(c̃)",
    }


def cut_short(corpus):
    with corpus.paths[1].open("r+b") as file:
        file.truncate(corpus.paths[1].stat().st_size - 1)


def swapped(corpus):
    """Two parts of one length, each in the other's place, and corpus.json to match."""
    first, second = corpus.paths[:2]
    aside = first.rename(first.with_suffix(".aside"))
    second.rename(first)
    aside.rename(second)
    parts = json.loads((corpus.folder / "corpus.json").read_text())["parts"]
    for path, part in zip(corpus.paths[:2], parts[:2], strict=True):
        part["bytes"] = path.stat().st_size
    rewritten(corpus, parts=parts)


def garbage(corpus):
    corpus.paths[0].write_bytes(b"\0" * corpus.paths[0].stat().st_size)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (cut_short, r"part-00001.parquet has [\d,]+ bytes, expected [\d,]+: remove the folder"),
        (swapped, "part-00000.parquet belongs to another corpus or model"),
        (garbage, "part-00000.parquet is not a Parquet file"),
        (lambda c: c.paths[2].unlink(), "part-00002.parquet cannot be read"),
        (lambda c: rewritten(c, sha256="f" * 64), "belongs to another corpus or model"),
        (lambda c: rewritten(c, text_sha256="f" * 64), "belongs to another corpus or model"),
        (lambda c: rewritten(c, hidden=8), "belongs to another corpus or model"),
        (lambda c: rewritten(c, format=9), "format 9 is not known, expected 1"),
        (lambda c: rewritten(c, cell="rnn"), "cell 'rnn' is not known, expected lstm or gru"),
        (lambda c: rewritten(c, characters=1999), "its parts do not add up to its characters"),
        (lambda c: rewritten(c, characters="many"), "is not of this format|must be above 0"),
        (lambda c: rewritten(c, parts=[]), "its parts do not add up"),
        (lambda c: rewritten(c, model=[]), "model must be text"),
        (lambda c: rewritten(c, text=None), "text must be text"),
        (lambda c: rewritten(c, text="\ud800"), "corpus.json is not of this format"),
        (lambda c: rewritten(c, unknown="some"), "must be numbers from 0 on"),
        (lambda c: rewritten(c, warm_up=0.5), "must be numbers from 0 on"),
        (lambda c: (c.folder / "corpus.json").write_text("[1"), "corpus.json is not of this form"),
        (lambda c: (c.folder / "corpus.json").write_text("[1]"), "corpus.json is not of this form"),
        (lambda c: (c.folder / "text.txt").write_text("short"), "is not the text that was indexed"),
        (lambda c: (c.folder / "text.txt").unlink(), "text.txt cannot be read"),
        (lambda c: shutil.rmtree(c.folder), "holds no whole corpus: corpus.json is missing"),
    ],
)
def test_a_damaged_corpus_is_refused_with_a_sentence(corpus, harm, sentence):
    harm(corpus)
    with pytest.raises(CorpusError, match=sentence) as refused:
        open_corpus(corpus.folder)
    assert str(refused.value) == f"{corpus.folder}: {refused.value.reason}"
    assert str(corpus.folder) not in refused.value.reason


def test_other_columns_are_refused(corpus):
    table, path = pq.read_table(corpus.paths[0]), corpus.paths[0]
    wider = pa.schema([(name, pa.int16()) for name in table.schema.names])
    for other in (table.drop_columns(["l0d1c8"]), table.cast(wider)):
        with pq.ParquetWriter(path, other.schema, store_schema=False) as writer:
            writer.add_key_value_metadata({"nestscope": part_mark(corpus.description.key, 0)})
            writer.write_table(other)
        parts = json.loads((corpus.folder / "corpus.json").read_text())["parts"]
        parts[0]["bytes"] = path.stat().st_size
        rewritten(corpus, parts=parts)
        with pytest.raises(CorpusError, match="other columns than an int8 for each of 18 cells"):
            open_corpus(corpus.folder)


def test_a_change_of_one_byte_is_found_by_the_sums(corpus):
    verify(corpus)
    content = bytearray(corpus.paths[1].read_bytes())
    content[len(content) // 2] ^= 1
    corpus.paths[1].write_bytes(content)
    with pytest.raises(CorpusError, match=r"part-00001\.parquet has changed since it was written"):
        verify(corpus)


def test_a_checkpoint_that_changes_meanwhile_is_said_so(checkpoints, tmp_path):
    checkpoint = tmp_path / "m.safetensors"
    checkpoint.write_bytes((checkpoints / "nested.safetensors").read_bytes())

    def changed(job):
        return write_part(dataclasses.replace(job, sha256="f" * 64))

    def run_(jobs, processes):
        yield from map(changed, jobs)

    with pytest.raises(ValueError, match="has changed since the indexing began: start it again"):
        made(checkpoint, letters(3000), tmp_path / "c", PartEngine("x", "x", run_))


def test_the_command(checkpoints, tmp_path, capsys, monkeypatch):
    source = tmp_path / "text.txt"
    source.write_bytes(("\ufeff" + "a line \r\n another\r\n" * 40).encode())
    out = tmp_path / "c"
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(checkpoints))
    command = ["--model", "nested", "--text", str(source), "--out", str(out), "--characters", "90"]
    run(arguments().parse_args([*command, "--strip", "--processes", "1"]))
    corpus = open_corpus(out)
    assert corpus.text() == ("a line\nanother\n" * 40)[:90]
    assert "90 characters of text.txt under nested, 18 cells" in capsys.readouterr().out
    run(arguments().parse_args(["--out", str(out), "--check"]))
    assert "is whole" in capsys.readouterr().out
    with pytest.raises(ValueError, match="--model and --text are needed"):
        run(arguments().parse_args(["--out", str(out)]))


def test_ray_gives_the_same_files(checkpoints, tmp_path):
    """A local cluster of two workers; the parts it writes are those of this process."""
    ray = pytest.importorskip("ray", reason="ray is not installed: requirements/install.sh ray")
    text, checkpoint = a_text(4000), checkpoints / "nested.safetensors"
    alone = made(checkpoint, text, tmp_path / "alone")
    engine = next(engine for engine in ENGINES if engine.key == "ray")
    ray.init(num_cpus=2, include_dashboard=False, configure_logging=False, log_to_driver=False)
    try:
        spread = made(checkpoint, text, tmp_path / "spread", engine, processes=2)
    finally:
        ray.shutdown()
    assert content(spread.folder) == content(alone.folder)


def test_without_ray_one_is_told_what_to_type(checkpoints, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    engine = next(engine for engine in ENGINES if engine.key == "ray")
    with pytest.raises(ValueError, match=r"Type: requirements/install\.sh ray"):
        made(checkpoints / "nested.safetensors", a_text(3000), tmp_path / "c", engine)


def test_cores_are_counted_where_the_system_does_not_tell_a_process_its_own(monkeypatch):
    assert cores() >= 1
    monkeypatch.delattr("os.sched_getaffinity", raising=False)  # as on macOS
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    assert cores() == 6
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert cores() == 1


def test_a_corpus_names_its_model(checkpoints, tmp_path):
    """A run's network by its run; a served one as the server says."""
    (tmp_path / "nested-7").mkdir()
    checkpoint = tmp_path / "nested-7" / "final.safetensors"
    checkpoint.write_bytes((checkpoints / "nested.safetensors").read_bytes())
    (tmp_path / "text.txt").write_text(letters(500))
    for options, name in (((), "nested-7"), (("--name", "final"), "final")):
        asked = ["--model", checkpoint, "--text", tmp_path / "text.txt", "--processes", "1"]
        asked += ["--out", tmp_path / f"corpus-{name}", *options]
        run(arguments().parse_args([str(word) for word in asked]))
        assert open_corpus(tmp_path / f"corpus-{name}").description.model == name
