"""POST /api/attribution over HTTP: the answer is that of `analysis.attribution`."""

import numpy as np
import pytest
from random_models import model
from server import parse_frame, serving

from analysis.attribution import Cell, Reading, Symbol
from app.live.transcript import STRIDE
from models.reading.engine import Engine

TEXT = "the inner <漢> memory"
HELD = [{"layer": 0, "state": "h", "cells": [1], "set": 0.5, "from": 3}]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=3000) as client:
        yield client


def ask(client, **fields):
    body = {"model": "deep", "text": TEXT, "position": 14, "target": {"symbol": "e"}}
    return client.post("/api/attribution", json=body | fields)


@pytest.mark.parametrize("changed", [[], HELD])
@pytest.mark.parametrize("method", ["gradient", "occlusion"])
@pytest.mark.parametrize(
    ("name", "target", "same"),
    [
        ("deep", {"symbol": "e"}, lambda net: Symbol(net.vocabulary.symbol("e"))),
        ("deep", {"surprisal": True}, lambda net: Symbol(net.vocabulary.symbol("e"), sign=-1)),
        ("deep", {"layer": 1, "level": 2, "cell": 3}, lambda net: Cell(1, 2, 3)),
        ("gru", {"layer": 0, "level": None, "cell": 3}, lambda net: Cell(0, None, 3)),
    ],
)
def test_the_answer(client, name, target, same, method, changed):
    fields = {"model": name, "target": target, "method": method}
    answer = ask(client, **fields, interventions=changed).json()
    net = model(name)
    symbols = net.vocabulary.encode(TEXT[:15])
    reading = Reading(net, Engine(net.rnn), symbols, net.parse(changed))
    expected = getattr(reading, method)(same(net))
    np.testing.assert_allclose(answer["values"], expected.values, atol=1e-5)
    assert answer["value"] == pytest.approx(expected.value, abs=1e-5)
    assert ("signed" in answer) == (method == "gradient")
    if method == "gradient":
        np.testing.assert_allclose(answer["signed"], expected.signed, atol=1e-5)
    assert len(answer["values"]) == 15
    assert answer["target"] == target
    assert answer["unknown"] == [10, 11, 12]
    assert (answer["model"], answer["text"], answer["position"]) == (name, TEXT, 14)


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"model": "nobody"}, 404, "model"),
        ({"model": "glimpses"}, 422, "model"),
        ({"text": "a" * 3001}, 413, "text"),
        ({"text": "", "position": 0}, 422, "position"),
        ({"position": 20}, 422, "position"),
        ({"position": -1}, 422, "position"),
        ({"position": True}, 422, "position"),
        ({"position": 19, "target": {"surprisal": True}}, 422, "position"),
        ({"position": 9, "target": {"surprisal": True}}, 422, "position"),
        ({"target": {"surprisal": False}}, 422, "target"),
        ({"target": {"symbol": "漢"}}, 422, "target"),
        ({"target": {"layer": 2, "level": 0, "cell": 0}}, 422, "target"),
        ({"target": {"layer": 0, "level": 3, "cell": 0}}, 422, "target"),
        ({"target": {"layer": 0, "level": 0, "cell": 5}}, 422, "target"),
        ({"model": "gru", "target": {"layer": 0, "level": 0, "cell": 0}}, 422, "target"),
        ({"target": {}}, 422, "target"),
        ({"target": None}, 422, "target"),
        ({"method": "magic"}, 422, "method"),
        ({"back": 0}, 422, "back"),
        ({"back": 2001}, 422, "back"),
        ({"interventions": [{"layer": 7, "level": 0, "set": 1}]}, 422, "interventions"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_is_refused(client, fields, status, field):
    answer = ask(client, **fields)
    assert answer.status_code == status
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["message"].endswith(".")


def test_what_lies_too_far_back_is_null(client):
    answer = ask(client, model="nested", text="ab " * 700, position=2099).json()
    assert answer["values"][:100] == [None] * 100
    assert None not in answer["values"][100:]
    assert answer["signed"][:100] == [None] * 100


def show(channel, text, *panels):
    """Let a session read a text, and wait for the last of its columns."""
    channel.receive_json()
    shown = [{"model": name, "cells": [0], "interventions": made} for name, made in panels]
    channel.send_json({"type": "show", "view": 1, "panels": shown})
    whole = {"type": "edit", "revision": 1, "at": 0, "delete": None}
    channel.send_json(whole | {"insert": text, "length": len(text)})
    waiting = {*range(len(panels))}
    while waiting:
        about, values = parse_frame(channel.receive_bytes())
        if about["revision"] == 1 and about["start"] + len(values) == len(text):
            waiting.discard(about["panel"])


def test_what_a_session_has_read_is_not_read_again_and_the_answer_is_the_same(client):
    """Of its own model and interventions, and no further than the two texts are one."""
    text = "ab <c remember " * 20
    fields = {"text": text, "position": 290, "target": {"surprisal": True}, "back": 30}
    changed = text[:100] + "?" + text[101:]
    asked = [{}, {"interventions": HELD}, {"text": changed}]
    alone = [ask(client, **fields | one).json() for one in asked]
    net = model("deep")
    symbols = np.array(net.vocabulary.encode(text), np.int32)
    other = np.array(net.vocabulary.encode(changed), np.int32)
    budget = client.app.state.nestscope.budget
    digests = {one["name"]: one["sha256"] for one in client.get("/api/models").json()}
    with client.websocket_connect("ws://127.0.0.1:8000/api/live") as channel:
        show(channel, text, ("deep", []), ("deep", HELD))
        for made in ((), net.parse(HELD)):
            count, _ = budget.reached((digests["deep"], made), symbols, 261)
            assert 261 - STRIDE < count <= 261
        assert budget.reached((digests["deep"], ()), other, 261) is None
        assert budget.reached((digests["nested"], ()), symbols, 261) is None
        for before, one in zip(alone, asked, strict=True):
            now = ask(client, **fields | one).json()
            for key in ("value", "values", "signed"):
                close = [x for x in np.ravel(before[key]) if x is not None]
                found = [x for x in np.ravel(now[key]) if x is not None]
                np.testing.assert_allclose(found, close, atol=1e-5)
