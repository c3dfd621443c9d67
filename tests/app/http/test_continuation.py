"""POST /api/continuation over HTTP: the answer is that of `analysis.continuation`."""

import pytest
from random_models import model
from server import serving

from analysis.continuation import continuation
from models.reading.engine import Engine

TEXT = "the inner <漢> memory"
HELD = [{"layer": 0, "level": 0, "cells": [1], "set": 0.5, "from": 3}]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=3000) as client:
        yield client


def ask(client, **fields):
    return client.post("/api/continuation", json={"model": "deep", "text": TEXT} | fields)


@pytest.mark.parametrize("made", [[], HELD])
def test_the_answer(client, made):
    answer = ask(client, count=20, temperature=1, seed=9, interventions=made).json()
    net = model("deep")
    symbols = net.vocabulary.encode(TEXT)
    expected = continuation(net, Engine(net.rnn), symbols, 20, 1, 9, net.parse(made))
    assert answer == {
        "model": "deep",
        "text": TEXT,
        "continuation": expected,
        "temperature": 1,
        "seed": 9,
    }


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"model": "nobody"}, 404, "model"),
        ({"model": "glimpses"}, 422, "model"),
        ({"text": "a" * 3001}, 413, "text"),
        ({"text": ""}, 422, "text"),
        ({"count": 0}, 422, "count"),
        ({"count": 501}, 422, "count"),
        ({"temperature": -1}, 422, "temperature"),
        ({"temperature": "hot"}, 422, "temperature"),
        ({"seed": 1.5}, 422, "seed"),
        ({"seed": 1 << 32}, 422, "seed"),
        ({"interventions": [{"layer": 7, "level": 0, "set": 1}]}, 422, "interventions"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_is_refused(client, fields, status, field):
    answer = ask(client, **fields)
    assert answer.status_code == status
    assert answer.json()["error"]["field"] == field
