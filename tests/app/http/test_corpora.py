"""Corpora over HTTP: indexed at the first question, asked, refused with a sentence."""

import json
import re
import shutil
import threading
import time

import numpy as np
import pytest
from random_models import VOCABULARY, model
from server import serving
from written_corpora import a_text, write_corpus

from analysis.corpus.cells import Network
from analysis.selectivity.features import FEATURES
from app.corpora import Corpora
from app.work.questions import Questions

PARTS = ("the cat sat. ", "a dog's day\n", "nobody knew 'why' ", "so it goes. ")
TEXT = "".join(np.random.default_rng(0).choice(PARTS, 400))
NETWORK = Network("lstm", 1, 2, 9)
GIVEN = np.clip(np.cumsum(np.random.default_rng(1).integers(-20, 21, (500, 18)), 0), -127, 127)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoints"), tmp_path_factory.mktemp("corpora")


@pytest.fixture(scope="module")
def client(folders):
    """A server with a text to index, and a corpus that was indexed beforehand."""
    checkpoints, corpora = folders
    (corpora / "tale.txt").write_text(TEXT)
    (corpora / "foreign.txt").write_text("山高月小" * 300)
    (corpora / "empty.txt").write_text("")
    (corpora / "picture.txt").write_bytes(b"\xff\xd8\xff")
    write_corpus(corpora / "given", GIVEN.astype(np.int8), a_text(500), NETWORK)
    with serving(checkpoints, corpora=corpora) as client:
        yield client


def post(client, path, status=200, **body):
    answer = client.post(f"/api/corpora/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def listing(client):
    return {entry["name"]: entry for entry in client.get("/api/corpora").json()}


def test_every_text_is_a_corpus_for_each_model_that_can_read_it(client):
    found = listing(client)
    names = {f"tale--{name}" for name in ("nested", "stacked", "lstm", "deep", "gru")}
    assert set(found) == names | {"given"}
    entry = found["tale--nested"]
    assert entry["characters"] == len(TEXT)
    assert (entry["model"], entry["text"]) == ("nested", "tale.txt")
    assert entry["unknown"] == 0
    given = found["given"]
    assert (given["status"], given["indexed"], given["message"]) == ("ready", 500, None)


def test_a_text_is_indexed_at_the_first_question(client, folders):
    question = {"layer": 0, "level": 1, "cell": 3, "count": 3, "context": 20}
    refusal = post(client, "tale--nested/passages", 409, **question)["error"]
    assert refusal["code"] == "indexing"
    assert f"of {len(TEXT):,} characters so far: ask again" in refusal["message"]
    assert listing(client)["tale--nested"]["status"] in ("indexing", "ready")
    for _ in range(600):
        if listing(client)["tale--nested"]["status"] == "ready":
            break
        time.sleep(0.2)
    answer = post(client, "tale--nested/passages", **question)
    values = model("nested").trace(TEXT).display[:, 0, 1, 3]
    shown = np.round(127 * values)
    best = answer["passages"][0]
    assert shown[best["position"]] >= shown.max() - 1
    assert best["text"] == TEXT[best["start"] :][: len(best["text"])]
    np.testing.assert_allclose(
        best["values"], values[best["start"] :][: len(best["values"])], atol=0.006
    )
    # Asked again, it is not indexed again; another one would be.
    assert client.get("/api/corpora").json()[-1]["name"] == "tale--stacked"
    cached = list((folders[1] / "cache").iterdir())
    assert [path.name[:13] for path in cached if path.is_dir()] == ["tale--nested-"]


def test_passages(client):
    text = a_text(500)
    answer = post(
        client,
        "given/passages",
        layer=0,
        level=0,
        cell=4,
        end="bottom",
        count=2,
        context=30,
        others=[{"layer": 0, "level": 1, "cell": 4}],
    )
    first, second = answer["passages"]
    assert first["position"] == int(np.argmin(GIVEN[:, 4]))
    assert abs(first["position"] - second["position"]) >= 30
    span = slice(first["start"], first["start"] + len(first["text"]))
    assert first["text"] == text[span]
    np.testing.assert_allclose(first["values"], GIVEN[span, 4] / 127, atol=1e-4)
    np.testing.assert_allclose(first["others"][0], GIVEN[span, 13] / 127, atol=1e-4)


def test_match_and_cells(client):
    on = GIVEN[:, 2] / 127 >= 0.5
    edges = np.diff(np.concatenate([[0], on, [0]]))
    runs = list(zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True))
    answer = post(
        client,
        "given/match",
        cells=[{"layer": 0, "level": 0, "cell": 2, "sign": 1}],
        threshold=0.5,
        count=3,
        context=5,
    )
    assert answer["total"] == len(runs)
    assert answer["scanned"] == 500
    assert answer["seconds"] >= 0
    longest = max(runs, key=lambda run: run[1] - run[0])
    span = answer["spans"][0]
    assert (span["start"], span["stop"]) == longest
    assert span["matched"] == a_text(500)[slice(*longest)]
    assert span["matched"] in span["text"]
    found = post(client, "given/cells", start=span["start"], stop=span["stop"], threshold=0.5)[
        "cells"
    ]
    here = next(cell for cell in found if (cell["level"], cell["cell"]) == (0, 2))
    assert (here["layer"], here["sign"], here["memory"]) == (0, 1, "outer")
    elsewhere = (on.sum() - (longest[1] - longest[0])) / (500 - (longest[1] - longest[0]))
    assert here["elsewhere"] == pytest.approx(elsewhere)


def test_histogram_and_search(client):
    counts = post(client, "given/histogram", layer=0, level=1, cell=0)["counts"]
    assert counts == np.bincount(GIVEN[:, 9] + 127, minlength=255).tolist()
    text = a_text(500)
    answer = post(client, "given/search", literal="a", count=4, context=3)
    assert answer["total"] == text.count("a")
    assert [span["start"] for span in answer["spans"]] == [
        k for k, c in enumerate(text) if c == "a"
    ][:4]
    spans = post(client, "given/search", pattern="[bc]+")["spans"]
    assert all(set(span["matched"]) <= set("bc") for span in spans)
    spaces = post(client, "given/search", feature="space", count=1)
    assert spaces["spans"][0]["matched"].strip(" ") == ""


def test_places_are_told_with_the_values_of_the_cells_to_show(client):
    show = [PLACE, PLACE | {"level": 1, "cell": 4}]
    columns = [GIVEN[:, 0], GIVEN[:, 13]]
    asks = {"match": {"cells": [SIGNED], "count": 500}, "search": {"literal": "a", "count": 500}}
    for question, body in asks.items():
        spans = post(client, f"given/{question}", **body, context=7, show=show)["spans"]
        assert len(spans) > 2
        for span in spans[:100]:
            stretch = slice(max(0, span["start"] - 7), span["stop"] + 7)
            assert span["text"] == a_text(500)[stretch]
            for told, column in zip(span["values"], columns, strict=True):
                np.testing.assert_allclose(told, column[stretch] / 127, atol=1e-4)
        assert all(span["values"] == [] for span in spans[100:])
        assert post(client, f"given/{question}", **body)["spans"][0]["values"] == []


def test_the_features_of_a_text_are_marked_as_the_analysis_marks_them(client):
    text = '"One (two)," he said.\r\nThree\t4 "five'
    read = text.replace("\r\n", "\n")

    def spans(label):
        return [
            [m.start(), m.end()] for m in re.finditer("1+", "".join("01"[int(b)] for b in label))
        ]

    answer = client.post("/api/marks", json={"text": text}).json()
    assert {mark["key"]: mark["spans"] for mark in answer} == {
        feature.key: spans(feature.mark(read)) for feature in FEATURES
    }
    for body, expression in [
        ({"feature": "digit"}, "[0-9]"),
        ({"literal": "e"}, "e+"),
        ({"pattern": "[a-z]+,"}, "[a-z]+,"),
        ({"pattern": "h[a-z]+"}, "h[a-z]+"),
    ]:
        (mark,) = client.post("/api/marks", json={"text": read, **body}).json()
        assert mark["spans"] == [list(found.span()) for found in re.finditer(expression, read)]


def test_marks_do_not_wait_for_a_question_to_a_corpus(client):
    asked = threading.Event()
    client.app.state.nestscope.questions._pool.submit(asked.wait, 60)
    try:
        (mark,) = client.post("/api/marks", json={"text": "a b", "pattern": "b"}).json()
    finally:
        asked.set()
    assert mark["spans"] == [[2, 3]]


def test_marks_that_cannot_be_made_are_refused_with_a_sentence(client, monkeypatch):
    for body, status, code in [
        ({"text": "a" * 200_000}, 413, "text_too_long"),
        ({"text": "a", "pattern": "("}, 422, "bad_pattern"),
        ({"text": "a", "feature": "noun"}, 422, "unknown_feature"),
        ({"text": "a", "feature": "space", "literal": "a"}, 422, "invalid"),
        ({"text": "a", "literal": ""}, 422, "bad_pattern"),
    ]:
        answer = client.post("/api/marks", json=body)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (status, code)
        assert error["message"].endswith(".")
    # One that explodes where engines try again and again is answered like any other.
    answer = client.post("/api/marks", json={"text": "a" * 5000, "pattern": "(a+)+$|(a*)*b"})
    assert answer.status_code == 200


def test_selectivity_is_told_line_by_line(client):
    keys = [feature["key"] for feature in client.get("/api/features").json()]
    assert "quotes" in keys
    body = {"feature": "space", "count": 3, "shifts": 19}
    with client.stream("POST", "/api/corpora/given/selectivity", json=body) as answer:
        lines = [json.loads(line) for line in answer.iter_lines()]
    assert {"doing", "done", "of"} == set(lines[0])
    ranking = lines[-1]["ranking"]
    assert (ranking["feature"], ranking["characters"], ranking["shifts"]) == ("space", 500, 19)
    assert len(ranking["rows"]) == 3
    row = ranking["rows"][0]
    label = np.array([c == " " for c in a_text(500)])
    own = row["sign"] * GIVEN[:, 9 * row["level"] + row["cell"]]
    pairs = own[label][:, None] - own[~label][None]
    assert row["auc"] == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    body |= {"cells": [{"layer": 0, "level": 1, "cell": 2}]}
    with client.stream("POST", "/api/corpora/given/selectivity", json=body) as answer:
        ranking = json.loads(list(answer.iter_lines())[-1])["ranking"]
    assert [(row["level"], row["cell"]) for row in ranking["rows"]] == [(1, 2)]
    assert (ranking["unread"], ranking["note"]) == (None, None)  # its model is not served


def test_a_feature_that_a_model_cannot_read_is_said_to_be_one(client, folders):
    """No cell follows what its model does not read."""
    text = "so it goes. 山高 " * 60
    (folders[1] / "hills.txt").write_text(text)
    body = {"literal": "山高", "count": 1, "shifts": 19}
    for _ in range(600):
        answer = client.post("/api/corpora/hills--nested/selectivity", json=body)
        if answer.status_code == 200:
            break
        time.sleep(0.1)
    ranking = json.loads(answer.text.splitlines()[-1])["ranking"]
    assert ranking["unread"] == 1
    assert ranking["note"].startswith("nested reads none of the characters at which this begins")
    body = {"literal": "goes", "count": 1, "shifts": 19}
    answer = client.post("/api/corpora/hills--nested/selectivity", json=body)
    ranking = json.loads(answer.text.splitlines()[-1])["ranking"]
    assert (ranking["unread"], ranking["note"]) == (0, None)


PLACE = {"layer": 0, "level": 0, "cell": 0}
SIGNED = PLACE | {"sign": 1}


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field", "words"),
    [
        ("nobody/passages", PLACE, 404, "unknown_corpus", "name", "no corpus of this name"),
        ("..%2Fgiven/passages", PLACE, 404, None, None, ""),
        ("given/passages", PLACE | {"cell": 9}, 422, "no_such_cell", "cell", "0 to 8"),
        ("given/passages", PLACE | {"level": 2}, 422, "no_such_cell", "cell", "0 to 1"),
        ("given/passages", PLACE | {"level": None}, 422, "invalid", "level", "only a GRU"),
        ("given/passages", PLACE | {"count": 0}, 422, "invalid", "count", "greater than"),
        ("given/passages", PLACE | {"end": "middle"}, 422, "invalid", "end", "top"),
        ("given/passages", PLACE | {"cell": True}, 422, "invalid", "cell", "whole number"),
        ("given/passages", {"layer": 0}, 422, "invalid", "level", "required"),
        ("given/passages", PLACE | {"extra": 1}, 422, "invalid", "extra", "not a field"),
        ("given/match", {"cells": []}, 422, "invalid", "cells", "at least 1"),
        ("given/match", {"cells": [SIGNED] * 10_000}, 422, "invalid", "cells", "at most 4,096"),
        ("given/match", {"cells": [SIGNED, SIGNED]}, 422, "invalid", "cells", "twice"),
        ("given/match", {"cells": [PLACE | {"sign": 0}]}, 422, "invalid", "cells", "1 or -1"),
        ("given/match", {"cells": [SIGNED], "threshold": 1.5}, 422, "invalid", "threshold", "less"),
        ("given/match", {"cells": [SIGNED], "length": [5, 2]}, 422, "invalid", "length", "least"),
        ("given/match", {"cells": [SIGNED], "length": [0, 2]}, 422, "invalid", "length", "greater"),
        ("given/match", {"cells": [SIGNED], "length": [1]}, 422, "invalid", "length", "at least 2"),
        ("given/match", {"cells": [SIGNED], "show": [{}]}, 422, "invalid", "show", "required"),
        ("given/cells", {"start": 5, "stop": 5}, 422, "invalid", "stop", "is empty or"),
        ("given/cells", {"start": 5, "stop": 501}, 422, "invalid", "stop", "is empty or"),
        ("given/cells", {"start": -1, "stop": 5}, 422, "invalid", "start", "greater"),
        ("given/search", {}, 422, "invalid", "feature", "exactly one"),
        ("given/search", {"literal": "a", "pattern": "a"}, 422, "invalid", "pattern", "found 2"),
        ("given/search", {"literal": ""}, 422, "bad_pattern", "literal", "is empty"),
        ("given/search", {"pattern": "("}, 422, "bad_pattern", "pattern", "is refused: missing"),
        ("given/search", {"pattern": "(?<=a)b"}, 422, "bad_pattern", "pattern", "invalid perl"),
        ("given/search", {"pattern": "a" * 1001}, 422, "invalid", "pattern", "at most 1,000"),
        ("given/search", {"feature": "nouns"}, 422, "unknown_feature", "feature", "quotes"),
        ("given/selectivity", {"feature": "quotes"}, 422, "too_rare", "feature", "0 of 500"),
        ("given/selectivity", {"pattern": "("}, 422, "bad_pattern", "pattern", "missing"),
        (
            "given/selectivity",
            {"feature": "space", "cells": [PLACE | {"layer": 1}]},
            422,
            "no_such_cell",
            "cells",
            "0 to 0",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    client, path, body, status, code, field, words
):
    answer = client.post(f"/api/corpora/{path}", json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    if code:
        assert (error["code"], error["field"]) == (code, field)
        assert words in error["message"]
        assert error["message"].endswith(".")


def test_a_question_that_takes_too_long_is_ended(client, monkeypatch):
    monkeypatch.setattr("app.work.questions.SECONDS", 0.0)
    error = post(client, "given/histogram", 422, **PLACE)["error"]
    assert error["code"] == "too_slow"
    assert error["message"] == "The question was ended: it took longer than 0 s: ask for less."


def test_an_expression_that_takes_too_long_is_ended(client, monkeypatch):
    def endless(text, pattern, seconds, check):
        while True:
            check()
            time.sleep(0.01)

    monkeypatch.setattr("analysis.corpus.search.expression_spans", endless)
    monkeypatch.setattr("app.work.questions.SECONDS", 0.3)
    error = post(client, "given/search", 422, pattern="a")["error"]
    assert error["code"] == "too_slow"


def test_too_many_questions_are_refused(client, monkeypatch):
    monkeypatch.setattr("app.work.questions.WAITING", 0)
    assert post(client, "given/histogram", 429, **PLACE)["error"]["code"] == "busy"


def test_nothing_is_searched_for_a_ranking_that_cannot_begin(client, monkeypatch):
    """While another text is measured: the thread of the questions would refuse it, too."""
    bench, left = client.app.state.nestscope.bench, threading.Event()
    monkeypatch.setattr("app.work.questions.WAITING", 0)

    async def occupy():
        return bench.start(lambda tell: {"waited": left.wait(60)})

    job = client.portal.call(occupy)
    error = post(client, "given/selectivity", 429, feature="quotes")["error"]
    assert error["message"].startswith("Another text is being measured")
    left.set()
    job.leave()
    error = post(client, "given/selectivity", 429, feature="quotes")["error"]
    assert error["message"].startswith("Too many questions are waiting")


def test_a_corpus_of_other_weights_or_damaged_is_refused(client, folders, tmp_path):
    corpora = folders[1]
    made = next(path for path in (corpora / "cache").iterdir() if path.name.startswith("tale"))
    other = corpora / "other"
    shutil.copytree(made, other)
    about = json.loads((other / "corpus.json").read_text())
    assert post(client, "other/histogram", **PLACE)
    (other / "corpus.json").write_text(json.dumps(about | {"sha256": "f" * 64}))
    error = post(client, "other/histogram", 409, **PLACE)["error"]
    assert error["code"] == "damaged_corpus"
    assert "made with other weights of nested: index the text again" in error["message"]
    assert listing(client)["other"]["status"] == "damaged"
    (other / "corpus.json").write_text("{")
    assert (
        "is not of this format" in post(client, "other/histogram", 409, **PLACE)["error"]["message"]
    )
    (other / "corpus.json").write_text(json.dumps(about))
    with (other / "states" / "part-00000.parquet").open("r+b") as file:
        file.truncate(1000)
    error = post(client, "other/histogram", 409, **PLACE)["error"]
    assert "has 1,000 bytes, expected" in error["message"]
    shutil.rmtree(other)
    assert post(client, "other/histogram", 404, **PLACE)["error"]["code"] == "unknown_corpus"


def test_a_corpus_removed_while_it_is_open_is_said_so(client, folders):
    gone = folders[1] / "gone"
    write_corpus(gone, GIVEN.astype(np.int8), a_text(500), NETWORK)
    assert post(client, "gone/histogram", **PLACE)
    (gone / "states" / "part-00003.parquet").unlink()
    error = post(client, "gone/histogram", 410, **PLACE)["error"]
    assert error["code"] == "corpus_gone"
    assert "was removed or changed while it was read" in error["message"]
    shutil.rmtree(gone)


def test_one_text_at_a_time_is_indexed_and_a_failure_is_told(client, folders, monkeypatch):
    corpora: Corpora = client.app.state.nestscope.corpora
    entry = corpora.get("tale--stacked")
    # A checkpoint that vanished, which nobody has noticed yet: the process ends with a sentence.
    monkeypatch.setattr("app.catalogue.Catalogue.scan", lambda catalogue: False)
    checkpoint = folders[0] / "stacked.safetensors"
    aside = checkpoint.rename(checkpoint.with_suffix(".aside"))
    try:
        assert post(client, "tale--stacked/histogram", 409, **PLACE)["error"]["code"] == "indexing"
        busy = post(client, "tale--deep/histogram", 429, **PLACE)["error"]
        assert "tale--stacked is being indexed" in busy["message"]
        for _ in range(600):
            if corpora.indexing.name is None:
                break
            time.sleep(0.1)
        error = post(client, "tale--stacked/histogram", 409, **PLACE)["error"]
        assert error["code"] == "not_indexed"
        assert "stacked.safetensors: cannot be read: No such file" in error["message"]
        assert str(folders[0]) not in error["message"]
    finally:
        aside.rename(checkpoint)
    monkeypatch.setattr("app.indexing.BYTES_A_VALUE", 1e15)
    error = post(client, "tale--stacked/histogram", 409, **PLACE)["error"]
    assert (error["code"], "make room" in error["message"]) == ("no_room", True)
    assert not entry.is_indexed


def test_a_folder_that_cannot_be_written_has_its_cache_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("app.corpora.os.access", lambda path, mode: False)
    cache = Corpora(tmp_path, [])._cache()
    assert not cache.is_relative_to(tmp_path)


def test_an_atlas_is_served_for_its_weights_only(client, folders):
    assert client.get("/api/atlas/nested").json()["error"]["code"] == "no_atlas"
    assert client.get("/api/atlas").json() == []
    path = folders[0] / "nested.atlas.json"
    sha256 = next(m["sha256"] for m in client.get("/api/models").json() if m["name"] == "nested")
    path.write_text(json.dumps({"sha256": sha256, "found": []}))
    answer = client.get("/api/atlas/nested")
    assert answer.json()["found"] == []
    assert client.get("/api/atlas").json() == ["nested"]
    again = client.get("/api/atlas/nested", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # What the page opens with comes first: a text that may be shown.
    other = next(m for m in client.get("/api/models").json() if m["name"] > "nested")
    shown = {"feature": "quotes", "example": {"start": 3, "text": "so"}}
    aside = folders[0] / f"{other['name']}.atlas.json"
    aside.write_text(json.dumps({"sha256": other["sha256"], "found": [shown]}))
    assert client.get("/api/atlas").json() == [other["name"], "nested"]
    aside.unlink()
    for content in ('{"sha256": "f"}', "{", "[1]"):
        path.write_text(content)
        assert client.get("/api/atlas/nested").status_code == 404
        assert client.get("/api/atlas").json() == []
    assert client.get("/api/atlas/nobody").json()["error"]["code"] == "unknown_model"


def test_the_page_opens_with_the_first_passage_of_an_atlas(client, folders):
    assert "group said N s&amp;p" in client.get("/").text
    passage = '"Yes",\nshe said </textarea><script>'
    entry = {"feature": "quotes", "example": {"start": 3, "text": passage}}
    path = folders[0] / "nested.atlas.json"
    path.write_text(json.dumps({"found": [{"feature": "digit"}, entry]}))
    page = client.get("/").text
    assert "&#34;Yes&#34;,\nshe said &lt;/textarea&gt;&lt;script&gt;</textarea>" in page
    for content in ("{", "[1]", '{"found": [{"example": 1}]}', '{"found": []}'):
        path.write_text(content)
        assert "group said N s&amp;p" in client.get("/").text
    path.unlink()


def test_the_page_opens_with_an_inner_memory_and_a_quotation_before_others(client, folders):
    def write(name: str, feature: str, level: int) -> None:
        shown = {"feature": feature, "level": level, "example": {"start": 0, "text": name}}
        others = [{"feature": "quotes", "level": 1}, shown, {**shown, "level": 1}]
        content = json.dumps({"sha256": sha256.get(name), "found": others})
        (folders[0] / f"{name}.atlas.json").write_text(content)

    sha256 = {m["name"]: m["sha256"] for m in client.get("/api/models").json()}
    first, second, third = sorted(sha256)[:3]
    try:
        write(first, "quotes", 0)
        write(second, "comment", 1)
        write(third, "quotes", 1)
        write("a file of no model", "quotes", 1)
        assert f">{third}</textarea>" in client.get("/").text
        assert client.get("/api/atlas").json() == [third, second, first]
        (folders[0] / f"{third}.atlas.json").unlink()
        assert f">{second}</textarea>" in client.get("/").text
    finally:
        for path in folders[0].glob("*.atlas.json"):
            path.unlink()


def test_the_queries_have_a_thread_of_their_own():
    questions = Questions()
    assert questions._pool._max_workers == 1
    questions.close()


def test_the_alphabet_of_the_fixture_reads_the_tale():
    assert set(TEXT) <= set(VOCABULARY)
