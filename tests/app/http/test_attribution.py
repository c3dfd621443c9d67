"""POST /api/attribution over HTTP: the answer is that of `analysis.attribution`."""

import numpy as np
import pytest
from random_models import model
from server import serving

from analysis.attribution import Cell, Reading, Symbol
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
