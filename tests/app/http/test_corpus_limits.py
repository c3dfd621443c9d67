"""What one question to a corpus may cost the others: its size, its thread, its imports."""

import json
import subprocess
import sys
import threading

import numpy as np
import pytest
from server import serving
from written_corpora import a_text, write_corpus

from analysis.corpus.cells import Network
from analysis.selectivity.features import expression as expressions
from app import ROOT
from app.http import corpus_places
from app.work import questions
from models.vocabulary import Vocabulary

NETWORK = Network("lstm", 1, 2, 9)
T = 500
PLACE = {"layer": 0, "level": 0, "cell": 0}
SHOW = [PLACE | {"cell": cell} for cell in range(4)]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    return tmp_path_factory.mktemp("corpora")


@pytest.fixture(scope="module")
def client(tmp_path_factory, corpora):
    values = np.full((T, NETWORK.size), 127, np.int8)
    write_corpus(corpora / "given", values, a_text(T), NETWORK)
    with serving(tmp_path_factory.mktemp("checkpoints"), corpora=corpora) as client:
        yield client


def post(client, path, **body):
    return client.post(f"/api/corpora/{path}", json=body)


ALL_OF_IT = [
    # One run, and one match, over the whole text; passages with all of it around them.
    ("match", {"cells": [PLACE | {"sign": 1}], "threshold": 0.0, "show": SHOW}, 4 * T, "show"),
    ("search", {"pattern": "(?s).+", "show": SHOW}, 4 * T, "show"),
    ("passages", PLACE | {"count": 1, "context": 999, "others": SHOW}, 5 * T, "others"),
]


@pytest.mark.parametrize(("question", "body", "values", "field"), ALL_OF_IT)
def test_an_answer_of_too_many_values_is_refused(
    client, monkeypatch, question, body, values, field
):
    monkeypatch.setitem(corpus_places.MOST_VALUES, "application/json", values)
    answer = post(client, f"given/{question}", **body)
    assert answer.status_code == 200, answer.text
    monkeypatch.setitem(corpus_places.MOST_VALUES, "application/json", values - 1)
    answer = post(client, f"given/{question}", **body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (413, "answer_too_large")
    assert error["field"] == field
    assert f"is {values:,} values" in error["message"]


@pytest.mark.parametrize(("question", "body", "values", "field"), ALL_OF_IT)
def test_an_answer_of_too_much_text_is_refused(client, monkeypatch, question, body, values, field):
    monkeypatch.setattr(corpus_places, "MOST_TEXT", T - 1)
    answer = post(client, f"given/{question}", **body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (413, "answer_too_large")
    assert error["field"] == "count"
    assert "is 500 characters of text, at most 499 are told" in error["message"]


def threads_of(monkeypatch, owner, name):
    """The names of the threads that call it from here on."""
    found, call = [], getattr(owner, name)

    def noting(*arguments, **options):
        found.append(threading.current_thread().name)
        return call(*arguments, **options)

    monkeypatch.setattr(owner, name, noting)
    return found


ANSWERS = {
    "passages": PLACE,
    "match": {"cells": [PLACE | {"sign": 1}]},
    "cells": {"start": 0, "stop": T},
    "histogram": PLACE,
    "search": {"literal": "a"},
}


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_is_written_by_the_thread_that_asked(client, monkeypatch, question):
    threads = threads_of(monkeypatch, questions.BaseModel, "model_dump_json")
    assert post(client, f"given/{question}", **ANSWERS[question]).status_code == 200
    assert [name.split("_")[0] for name in threads] == ["corpus"]


@pytest.mark.parametrize("pattern", ["[bc]+", "("])
def test_no_expression_is_read_by_the_loop(client, monkeypatch, pattern):
    threads = threads_of(monkeypatch, expressions, "require_expression")
    asks = [
        post(client, "given/search", pattern=pattern),
        post(client, "given/selectivity", pattern=pattern, shifts=19),
        client.post("/api/marks", json={"text": "abc", "pattern": pattern}),
    ]
    refused = {"code": "bad_pattern", "field": "pattern"}
    for answer in asks:
        assert answer.status_code == (422 if pattern == "(" else 200), answer.text
        if pattern == "(":
            assert refused.items() <= answer.json()["error"].items()
    assert {name.split("_")[0] for name in threads} == {"corpus", "search"}
    assert len(threads) >= 3


def test_no_text_is_encoded_by_the_loop(client, monkeypatch):
    loop = client.portal.call(threading.current_thread).name
    encoding = threads_of(monkeypatch, Vocabulary, "encode")
    reading = threads_of(monkeypatch, Vocabulary, "read_as")
    answer = client.post("/api/trace", json={"model": "nested", "text": "the cat", "cells": [0]})
    assert answer.status_code == 200
    assert encoding
    assert reading
    assert loop not in {*encoding, *reading}


IMPORTS = """
import json, sys, threading
from pathlib import Path

importing = {}

class Noting:
    def find_spec(name, path=None, target=None):
        if name in ("duckdb", "pyarrow"):
            importing.setdefault(name, threading.current_thread().name)

sys.meta_path.insert(0, Noting)
from starlette.testclient import TestClient
from app.application import create_app
from app.settings import Settings

empty, corpora, question = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
app = create_app(Settings(checkpoints=empty, corpora=corpora))
with TestClient(app, base_url="http://127.0.0.1:8000") as client:
    assert client.get("/api/corpora").status_code == 200
    assert not importing, importing
    loop = client.portal.call(threading.current_thread).name
    assert client.post(question["path"], json=question["body"]).status_code == 200
print(json.dumps([loop, importing]))
"""


@pytest.mark.parametrize(
    "question",
    [
        {"path": "/api/corpora/given/match", "body": ANSWERS["match"]},
        {"path": "/api/corpora/given/search", "body": {"literal": "a"}},
        {"path": "/api/marks", "body": {"text": "abc", "literal": "b"}},
    ],
)
def test_nothing_large_is_imported_by_the_loop(client, corpora, tmp_path, question):
    command = [sys.executable, "-c", IMPORTS, str(tmp_path), str(corpora), json.dumps(question)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    loop, importing = json.loads(made.stdout.splitlines()[-1])
    assert set(importing) == {"duckdb", "pyarrow"}
    assert loop not in importing.values()
