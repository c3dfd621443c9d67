"""POST /api/trace and its neighbours over HTTP: the contract, row by row."""

import asyncio
import json

import numpy as np
import pytest
import safetensors.numpy
import torch
from random_models import SIZES, model
from server import parse_frame, serving

from app.http.errors import Refusal
from app.http.trace_request import TraceRequest, select
from app.work.tracers import MOST_BYTES, MOST_OF_SMALL, SMALL
from models import CharacterModel, Vocabulary

JSON = "application/json"
TEXT = "The inner\n<memory> 漢 é😀"
BINARY = "application/octet-stream"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=3000) as client:
        yield client


def ask(client, accept=None, **fields):
    headers = {"Accept": accept} if accept else {}
    return client.post(
        "/api/trace", json={"model": "nested", "text": TEXT} | fields, headers=headers
    )


def expected(name, text, signal):
    trace = model(name).trace(text)
    return {
        "display": trace.display,
        "cell": trace.c,
        "hidden": trace.h,
        "gates": trace.gates,
        "logits": trace.logits,
    }[signal]


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize(
    ("signal", "axes"),
    [
        ("display", "TLDH"),
        ("cell", "TLDH"),
        ("hidden", "TLH"),
        ("gates", "TLDGH"),
        ("logits", "TV"),
    ],
)
def test_every_signal_is_that_of_the_trace(client, name, signal, axes):
    values = expected(name, TEXT, signal)
    answer = ask(client, model=name, signal=signal)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    answer = answer.json()
    assert list(answer) == [
        "model",
        "text",
        "signal",
        "shape",
        "axes",
        "values",
        "unknown",
        "read_as",
    ]
    assert (answer["model"], answer["text"], answer["signal"]) == (name, TEXT, signal)
    assert answer["axes"] == list(axes)
    assert answer["shape"] == list(values.shape)
    # A GRU has no cells: lists that hold nothing say no more of their shape than `shape` does.
    told = np.reshape(answer["values"], answer["shape"])
    np.testing.assert_allclose(told, values, atol=1e-5)
    assert answer["unknown"] == model(name).trace(TEXT).unknown == [10, 17, 19, 22]

    binary = ask(client, BINARY, model=name, signal=signal)
    assert binary.headers["content-type"] == BINARY
    assert int(binary.headers["content-length"]) == len(binary.content)
    np.testing.assert_array_equal(
        safetensors.numpy.load(binary.content)["values"], np.float32(told)
    )
    about, _ = parse_frame(binary.content)
    assert about == {key: value for key, value in answer.items() if key != "values"}


@pytest.mark.parametrize(
    ("signal", "selection", "index"),
    [
        ("display", {"cells": [4, 0, 3]}, {3: [4, 0, 3]}),
        ("cell", {"layers": [1, 0], "levels": [2]}, {1: [1, 0], 2: [2]}),
        ("gates", {"levels": [1, 0], "cells": [3]}, {2: [1, 0], 4: [3]}),
        ("hidden", {"layers": [1], "cells": [4, 1]}, {1: [1], 2: [4, 1]}),
        ("display", {"layers": None, "levels": None, "cells": None}, {}),
    ],
)
def test_a_selection_keeps_its_axis_and_its_order(client, signal, selection, index):
    values = expected("deep", TEXT, signal)
    for axis, entries in index.items():
        values = values.take(entries, axis)
    answer = ask(client, model="deep", signal=signal, **selection).json()
    assert answer["shape"] == list(values.shape)
    np.testing.assert_allclose(answer["values"], values, atol=1e-5)


CHANGES = [
    {"layer": 0, "level": 2, "cells": [4, 0], "set": 2.5, "from": 3, "to": 12},
    {"layer": 1, "state": "h", "scale": -0.5, "from": 5},
    {"layer": 0, "level": 0, "add": 1, "cells": None, "to": None},
]


@pytest.mark.parametrize("signal", ["display", "cell", "hidden", "gates", "logits"])
def test_under_interventions_it_is_the_trace_under_them(client, signal):
    trace = model("deep").trace(TEXT, interventions=CHANGES)
    values = {
        "display": trace.display,
        "cell": trace.c,
        "hidden": trace.h,
        "gates": trace.gates,
        "logits": trace.logits,
    }[signal]
    answer = ask(client, model="deep", signal=signal, interventions=CHANGES).json()
    np.testing.assert_allclose(answer["values"], values, atol=1e-5)
    assert np.abs(values - expected("deep", TEXT, signal)).max() > 0.1
    binary = ask(client, BINARY, model="deep", signal=signal, interventions=CHANGES).content
    np.testing.assert_array_equal(parse_frame(binary)[1], np.float32(answer["values"]))
    plain = ask(client, model="deep", signal=signal, interventions=[]).json()
    assert plain == ask(client, model="deep", signal=signal).json()


def test_a_network_driven_beyond_all_numbers_is_refused_as_json_alone(client):
    wild = [{"layer": 0, "level": 1, "scale": 1e6}]
    answer = ask(client, signal="cell", text="a" * 20, interventions=wild)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "interventions"
    assert ask(client, BINARY, signal="cell", text="a" * 20, interventions=wild).status_code == 200


def test_dtypes(client):
    exact = expected("nested", TEXT, "display")
    bytes_ = ask(client, dtype="int8").json()["values"]
    assert np.abs(np.array(bytes_) - np.rint(127 * exact)).max() <= 1
    assert {type(v) for v in np.array(bytes_, object).ravel()} == {int}
    halves = parse_frame(ask(client, BINARY, dtype="float16").content)[1]
    assert halves.dtype == np.float16
    np.testing.assert_allclose(halves, exact, atol=1e-3)
    np.testing.assert_array_equal(ask(client, dtype="float16").json()["values"], halves)
    hidden = ask(client, BINARY, signal="hidden", dtype="int8").content
    assert parse_frame(hidden)[1].dtype == np.int8


@pytest.mark.parametrize("signal", ["display", "cell", "hidden", "gates", "logits"])
def test_an_empty_text(client, signal):
    answer = ask(client, text="", signal=signal)
    assert answer.status_code == 200
    assert answer.json()["shape"] == [0, *expected("nested", "", signal).shape[1:]]
    assert answer.json()["values"] == answer.json()["unknown"] == []
    content = ask(client, BINARY, text="", signal=signal).content
    assert list(safetensors.numpy.load(content)["values"].shape) == answer.json()["shape"]


def test_line_ends_become_lf_and_nothing_else_changes(client):
    answer = ask(client, text="a\r\nb\r\r\n\t\x00é").json()
    assert answer["text"] == "a\nb\n\n\t\x00é"
    assert answer["shape"][0] == 8
    assert answer["unknown"] == [5, 6]


def test_a_byte_order_mark_is_no_character(client):
    assert ask(client, text="\ufeffab").json()["text"] == "ab"


def test_typographic_characters_are_told_with_what_they_are_read_as(client):
    plain, typed = (ask(client, text=text).json() for text in ("a'b", "a’b"))
    assert typed["read_as"] == [[1, "'"]]
    assert plain["read_as"] == []
    assert typed["values"] == plain["values"]


REFUSED = [
    ({"model": "nobody"}, 404, "model"),
    ({"model": "glimpses"}, 422, "model"),
    ({"model": None}, 422, "model"),
    ({"text": None}, 422, "text"),
    ({"text": 7}, 422, "text"),
    ({"text": ["a"]}, 422, "text"),
    ({"signal": None}, 422, "signal"),
    ({"signal": "colour"}, 422, "signal"),
    ({"dtype": None}, 422, "dtype"),
    ({"dtype": "float64"}, 422, "dtype"),
    ({"signal": "cell", "dtype": "int8"}, 422, "dtype"),
    ({"signal": "gates", "dtype": "int8"}, 422, "dtype"),
    ({"signal": "logits", "dtype": "int8"}, 422, "dtype"),
    ({"cells": []}, 422, "cells"),
    ({"cells": [1, 1]}, 422, "cells"),
    ({"cells": [-1]}, 422, "cells"),
    ({"cells": [9]}, 422, "cells"),
    ({"cells": [10**400]}, 422, "cells"),
    ({"cells": [True]}, 422, "cells"),
    ({"cells": [1.0]}, 422, "cells"),
    ({"cells": ["1"]}, 422, "cells"),
    ({"cells": [None]}, 422, "cells"),
    ({"cells": 1}, 422, "cells"),
    ({"cells": {"0": 1}}, 422, "cells"),
    ({"layers": [1]}, 422, "layers"),
    ({"layers": []}, 422, "layers"),
    ({"levels": [2]}, 422, "levels"),
    ({"signal": "hidden", "levels": [0]}, 422, "levels"),
    ({"signal": "logits", "cells": [0]}, 422, "cells"),
    ({"signal": "logits", "layers": [0]}, 422, "layers"),
    ({"model": "gru", "signal": "cell", "levels": [0]}, 422, "levels"),
    ({"model": "gru", "signal": "display", "levels": [1]}, 422, "levels"),
    (
        {"model": "gru", "interventions": [{"layer": 0, "level": 0, "set": 0}]},
        422,
        "interventions",
    ),
    ({"interventions": None}, 422, "interventions"),
    ({"interventions": {}}, 422, "interventions"),
    ({"interventions": [None]}, 422, "interventions"),
    ({"interventions": [{}]}, 422, "interventions"),
    ({"interventions": [{"layer": 0, "level": 0}]}, 422, "interventions"),
    ({"interventions": [{"layer": 1, "level": 0, "set": 0}]}, 422, "interventions"),
    ({"interventions": [{"layer": 0, "level": 0, "set": 0, "add": 0}]}, 422, "interventions"),
    ({"interventions": [{"layer": 0, "level": 0, "set": 1e7}]}, 422, "interventions"),
    ({"interventions": [{"layer": 0, "level": 0, "set": 0, "\u00e9": 0}]}, 422, "interventions"),
    ({"interventions": [{"layer": 0, "level": 0, "set": 0}] * 65}, 422, "interventions"),
    ({"colour": "red"}, 422, "colour"),
    ({"text": "a" * 3001}, 413, "text"),
]


@pytest.mark.parametrize(("fields", "status", "field"), REFUSED)
def test_what_is_refused(client, fields, status, field):
    answer = ask(client, **fields)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert set(error) == {"code", "message", "field"}
    assert error["field"] == field
    assert error["message"].endswith(".")


BODIES = [
    (b"", 422),
    (b"{", 400),
    (b"{}", 422),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b"\xff\xfe\x00", 400),
    (b'{"model": "nested", "text": "\xff"}', 400),
    (b'{"model": "nested", "text": "\\ud800"}', 422),
    (b'{"model": "\\udfff", "text": "a"}', 422),
    (b'{"model": "nested", "text": "a", "\\ud800": 1}', 422),
    (b'{"model": "nested", "text": NaN}', 422),
    (b'{"model": "nested", "text": "a", "cells": [1e999]}', 422),
    (b'{"model": "nested", "text": "a", "interventions": [{"layer":0,"level":0,"set":NaN}]}', 422),
    (
        b'{"model": "nested", "text": "a", "interventions": [{"layer":0,"level":0,"add":1e999}]}',
        422,
    ),
    (b'{"model": "nested", "text": "a", "interventions": [{"\\ud800": 1, "set": 1}]}', 422),
    (b'{"model": "nested", "text": "a", "cells": [' + b"9" * 5000 + b"]}", 400),
    (b"[" * 100_000, 400),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
def test_bodies_that_are_no_request(client, body, status):
    answer = client.post("/api/trace", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "field"}


def test_the_type_of_the_body(client):
    body = json.dumps({"model": "nested", "text": "a"})
    for kind, status in [
        ("application/json; charset=utf-8", 200),
        (None, 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ]:
        headers = {"Content-Type": kind} if kind else {}
        assert client.post("/api/trace", content=body, headers=headers).status_code == status


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_a_megabyte(client, announced):
    body = json.dumps({"model": "nested", "text": "a", "cells": [0]}).encode()
    body += b" " * (1_000_001 - len(body))
    headers = {"Content-Type": "application/json"}
    content = body if announced else (body[k : k + 5000] for k in range(0, len(body), 5000))
    answer = client.post("/api/trace", content=content, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"
    assert client.post("/api/trace", content=body[:-1], headers=headers).status_code == 200


def test_a_body_announced_as_too_large_is_refused_without_waiting_for_it(client):
    """The application itself: a client would send the body before it listens."""
    sent = []

    async def receive():
        raise AssertionError("waited for the body")

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/api/trace", "query_string": b""}
    scope |= {"headers": [*headers, (b"content-length", b"1000001")], "scheme": "http"}
    asyncio.run(client.app(scope, receive, send))
    assert sent[0]["status"] == 413


def test_several_accept_headers_are_one_list(client):
    headers = [("Accept", "text/html"), ("Accept", BINARY)]
    answer = client.post("/api/trace", json={"model": "nested", "text": "a"}, headers=headers)
    assert answer.headers["content-type"] == BINARY


def test_a_body_that_is_no_json_is_told_where(client):
    answer = client.post("/api/trace", content=b'{"text": "a\x00"}')
    message = "The body is not JSON: Invalid control character at character 11."
    assert answer.json()["error"]["message"] == message


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json, application/octet-stream;q=0.5", "application/json"),
        ("application/octet-stream, */*;q=0.1", BINARY),
        ("application/json;q=0, */*", BINARY),
        ("text/html, application/octet-stream", BINARY),
        ("APPLICATION/OCTET-STREAM", BINARY),
        ("", "application/json"),
        ("text/html", None),
        ("image/png, text/*", None),
        ("application/json;q=0", None),
    ],
)
def test_accept(client, accept, kind):
    answer = client.post(
        "/api/trace", json={"model": "nested", "text": "a"}, headers={"Accept": accept}
    )
    assert answer.status_code == (200 if kind else 406)
    assert answer.headers["content-type"] == (kind or "application/json")


@pytest.mark.parametrize(
    ("signal", "count", "selections", "media", "field"),
    [
        ("display", 1666, {}, JSON, None),  # 1,999,200 values
        ("display", 1667, {}, JSON, "cells"),  # 2,000,400
        ("display", 1667, {}, BINARY, None),
        ("gates", 10_416, {}, BINARY, None),  # 49,996,800
        ("gates", 10_417, {}, BINARY, "cells"),
        ("gates", 500_001, {"cells": [1]}, JSON, "levels"),
        ("hidden", 2_000_001, {"cells": [1]}, JSON, "text"),
        ("logits", 40_000, {}, JSON, None),
        ("logits", 40_001, {}, JSON, "text"),
    ],
)
def test_an_answer_too_large_names_what_to_narrow(signal, count, selections, media, field):
    with torch.device("meta"):  # 600 cells, and not a weight in memory
        net = CharacterModel(Vocabulary(map(chr, range(50, 100))), 1, 2, 600)
    request = TraceRequest(model="large", text="", signal=signal, **selections)
    if field is None:
        assert select(request, "a" * count, net, media).shape[0] == count
        return
    with pytest.raises(Refusal) as refused:
        select(request, "a" * count, net, media)
    assert (refused.value.status_code, refused.value.field) == (413, field)
    assert f"`{field}`" in refused.value.message


def test_answers_that_nobody_reads_are_counted(client, monkeypatch):
    tracers = client.app.state.nestscope.tracers
    asked = {"model": "nested", "text": "a" * 100}
    assert client.post("/api/trace", json=asked).status_code == 200
    assert tracers.held == 0  # read, and so given back
    unread = [tracers.hold(MOST_BYTES)]
    with pytest.raises(Refusal, match="Too many large answers"):
        tracers.hold(SMALL)
    assert client.post("/api/trace", json=asked).status_code == 200  # it is small
    unread += [tracers.hold(SMALL - 1) for _ in range(MOST_OF_SMALL // SMALL)]
    assert client.post("/api/trace", json=asked).json()["error"]["code"] == "busy"
    for one in unread * 2:
        one.release()
    assert client.post("/api/trace", json=asked).status_code == 200
    monkeypatch.setattr("app.http.trace.read", lambda *parts: 1 / 0)
    assert client.post("/api/trace", json=asked).status_code == 500
    assert tracers.held == 0  # also where it failed


def test_models(client):
    answer = client.get("/api/models").json()
    assert [entry["name"] for entry in answer] == [
        "deep",
        "glimpses",
        "gru",
        "lstm",
        "nested",
        "stacked",
    ]
    gru, nested = answer[2], answer[4]
    assert (gru["cell"], gru["depth"]) == ("gru", 1)
    assert [(m["layer"], m["level"], m["state"]) for m in gru["memories"]] == [
        (1, None, "h"),
        (0, None, "h"),
    ]
    net = model("nested")
    assert nested["vocabulary"] == list(net.vocabulary)
    assert (nested["layers"], nested["depth"], nested["hidden"]) == SIZES["nested"]
    assert nested["parameters"] == sum(p.numel() for p in net.parameters())
    assert (nested["task"], nested["scores"]) == ("charlm", {"test_bpc": 4.2})
    assert len(nested["sha256"]) == 64
    assert nested["cell"] == "lstm"
    inner, outer = nested["memories"]
    assert inner == {
        "layer": 0,
        "level": 1,
        "state": "c",
        "name": "inner",
        "symbol": "tanh(c\u0303)",
    }
    assert (outer["level"], outer["name"], outer["symbol"]) == (0, "outer", "c")
    assert answer[1]["task"] == "glimpses"
