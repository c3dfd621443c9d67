"""A visitor's own text, measured: the command's result, one job at a time, stopped when left."""

import asyncio
import gc
import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from random_models import model
from server import serving
from starlette.datastructures import Headers

from analysis.timescales.measurement import Settings, measure
from analysis.timescales.report import report
from analysis.timescales.verdicts import verdicts
from app import ROOT
from app.http.measure_text import is_own_machine
from app.work.bench import Bench, Left


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints")) as client:
        yield client


def text_of(count):
    letters = np.random.default_rng(0).choice(list("abcdefgh .\n"), count)
    return "".join(letters)


def ask(client, **body):
    return client.post("/api/timescales", json=body)


def test_the_answer_is_the_commands(client):
    text = "ж" + text_of(8599)
    answer = ask(client, model="nested", text=text)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    *told, last = [json.loads(line) for line in answer.text.splitlines()]
    assert {line["doing"] for line in told} >= {"reading", "bootstrap"}
    assert all(0 <= line["done"] <= line["of"] for line in told)
    settings = Settings(characters=len(text))
    fresh = report("nested", model("nested"), "your text", settings, measure(model("nested"), text))
    fresh["verdicts"] = verdicts(fresh, [])
    got = last["report"]
    assert got["settings"]["unknown"] == 1
    assert got["verdicts"] == fresh["verdicts"]
    for mine, theirs in zip(got["units"], fresh["units"], strict=True):
        assert mine["status"] == theirs["status"]
        if mine["tau"] is not None:
            assert mine["tau"] == pytest.approx(theirs["tau"], rel=1e-3)


@pytest.mark.parametrize(
    ("body", "status", "field", "says"),
    [
        ({"model": "nested", "text": text_of(8499)}, 422, "text", "8,500"),
        ({"model": "nested", "text": ""}, 422, "text", "8,500"),
        ({"model": "nested", "text": "жи" * 4500}, 422, "text", "alphabet"),
        ({"model": "glimpses", "text": text_of(9000)}, 422, "model", "charlm"),
        ({"model": "nobody", "text": text_of(9000)}, 404, "model", "nested"),
        ({"model": "nested", "text": "a" * 20_001}, 413, "text", "20,000"),
        ({"model": "nested"}, 422, "text", "required"),
        ({"model": "nested", "text": None}, 422, "text", "text"),
        ({"model": "nested", "text": "a", "cells": [1]}, 422, "cells", "not a field"),
    ],
)
def test_what_cannot_be_measured_is_refused(client, body, status, field, says):
    answer = ask(client, **body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["field"] == field
    assert says in error["message"]


class Visitor:
    """A request whose visitor leaves when told to."""

    gone = False

    async def is_disconnected(self):
        return self.gone


@pytest.mark.parametrize("how", ["disconnect", "close"])
def test_a_job_ends_when_its_visitor_leaves_and_the_next_may_begin(client, how):
    started, ended = threading.Event(), threading.Event()

    def endless(tell):
        try:
            while True:
                tell({"doing": "reading", "done": 0, "of": 1})
                started.wait(0.01)
        except Left:
            ended.set()
            raise

    async def visit():
        said = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        bench, visitor = Bench(), Visitor()
        lines = bench.start(endless).lines(visitor)
        assert json.loads(await anext(lines)) == {"doing": "reading", "done": 0, "of": 1}
        with pytest.raises(Exception, match="Another text"):
            bench.start(endless)
        if how == "disconnect":
            await lines.aclose()
            assert bench.start(lambda tell: {"report": 1}).wanted
        bench.close()
        assert ended.is_set()
        await asyncio.sleep(0.1)
        del bench, lines
        gc.collect()
        asyncio.get_running_loop().set_exception_handler(None)
        assert said == []  # that a visitor left is no error in the log

    client.portal.call(visit)


def test_the_server_starts_without_scipy():
    program = "import sys, app.application; print('scipy' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"


def test_a_gru_is_measured_too(client):
    answer = ask(client, model="gru", text=text_of(9000))
    report = json.loads(answer.text.splitlines()[-1])["report"]
    assert {(row["state"], row["level"]) for row in report["units"]} == {("h", None)}
    measured = {row["measure"] for row in report["units"] if row["status"] == "ok"}
    assert measured >= {"context_swap", "gate"}


@pytest.fixture
def served(tmp_path):
    folders = tmp_path / "checkpoints", tmp_path / "corpora"
    for folder in folders:
        folder.mkdir()
    (folders[1] / "tale.txt").write_bytes(("ж\r\n" + text_of(60_000)).encode())
    (folders[1] / "short.txt").write_text(text_of(500))
    with serving(folders[0], corpora=folders[1]) as client:
        yield client, *folders


def last_line(answer):
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text.splitlines()[-1])


def test_a_corpus_is_measured_and_the_result_kept_beside_the_checkpoint(served):
    client, folder, _ = served
    said = last_line(client.post("/api/corpora/tale--lstm/timescales"))
    assert said["kept"]
    assert said["report"]["settings"]["text"] == "tale.txt"
    assert 45_000 < said["report"]["settings"]["characters"] <= 50_000
    kept = json.loads((folder / "lstm.timescales.json").read_text())
    assert kept == said["report"]
    assert client.get("/api/timescales/lstm").json() == kept
    assert client.get("/api/timescales/lstm/cells").json() == said["cells"]
    assert len(said["cells"]["memories"][0]["tau"]) == model("lstm").card.hidden
    # What is there stays: who comes next measures for himself.
    before = (folder / "lstm.timescales.json").read_bytes()
    again = last_line(ask(client, model="lstm", text=text_of(9000), keep=True))
    assert not again["kept"]
    assert (folder / "lstm.timescales.json").read_bytes() == before


def test_the_result_is_of_the_model_asked_for_not_of_its_copy(served):
    client, folder, corpora = served
    (corpora / "tale.txt").write_text(text_of(9000))
    (folder / "a-copy.safetensors").write_bytes((folder / "lstm.safetensors").read_bytes())
    client.app.state.nestscope.catalogue.scan()
    assert client.post("/api/trace", json={"model": "a-copy", "text": "a"}).status_code == 200
    said = last_line(client.post("/api/corpora/tale--lstm/timescales"))
    assert (said["report"]["model"], said["kept"]) == ("lstm", True)
    assert [path.name for path in folder.glob("*.timescales.json")] == ["lstm.timescales.json"]


def test_an_own_text_is_kept_only_from_the_servers_own_machine(served, monkeypatch):
    client, folder, _ = served
    body = {"model": "gru", "text": text_of(9000)}
    path = folder / "gru.timescales.json"
    assert not last_line(ask(client, **body))["kept"]  # not asked for
    assert not last_line(ask(client, **body, keep=True))["kept"]  # the client is no address
    monkeypatch.setattr("app.http.measure_text.is_own_machine", lambda *_: True)
    assert not path.exists()
    said = last_line(ask(client, **body, keep=True))
    assert said["kept"]
    assert json.loads(path.read_text())["settings"]["text"] == "a text typed on the page"


@pytest.mark.parametrize(
    ("client", "host", "headers", "own"),
    [
        ("127.0.0.1", "127.0.0.1", {}, True),
        ("::1", "localhost", {}, True),
        ("127.0.0.1", "0.0.0.0", {}, False),
        ("10.0.0.3", "127.0.0.1", {}, False),
        ("127.0.0.1", "127.0.0.1", {"X-Forwarded-For": "10.0.0.3"}, False),
        ("127.0.0.1", "127.0.0.1", {"Forwarded": "for=10.0.0.3"}, False),
    ],
)
def test_who_sits_at_the_servers_machine(client, host, headers, own):
    request = SimpleNamespace(client=SimpleNamespace(host=client), headers=Headers(headers))
    state = SimpleNamespace(settings=SimpleNamespace(host=host))
    assert is_own_machine(request, state) is own


def test_where_nothing_can_be_written_the_result_is_for_the_session(served, monkeypatch):
    def fails(path, content):
        raise PermissionError

    monkeypatch.setattr("app.http.measure_text.write_aside", fails)
    client, folder, corpora = served
    (corpora / "tale.txt").write_text(text_of(9000))
    said = last_line(client.post("/api/corpora/tale--gru/timescales"))
    assert not said["kept"]
    assert said["cells"]["memories"]
    assert list(folder.glob("*.json*")) == []


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("nothing", 404, "unknown_corpus"),
        ("short--lstm", 422, "too_short"),
        ("tale--glimpses", 404, "unknown_corpus"),
    ],
)
def test_a_corpus_that_cannot_be_measured_is_refused(served, name, status, code):
    answer = served[0].post(f"/api/corpora/{name}/timescales")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
