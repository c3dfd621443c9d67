"""POST /api/effects over HTTP: the answer is that of `analysis.effects`."""

import threading

import numpy as np
import pytest
from random_models import model
from server import serving

from analysis.effects.effects import Reading, interval
from app.http import effects
from models.reading.engine import Engine

TEXT = "the inner <漢> memory remembers longer"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=3000) as client:
        yield client


def ask(client, **fields):
    body = {"model": "deep", "text": TEXT, "from": 14, "operation": "zero", "random": 3}
    return client.post("/api/effects", json=body | fields)


@pytest.mark.parametrize(
    ("name", "operation", "groups"),
    [
        ("deep", "swap", None),
        ("deep", "mean", [(1, 2), (0, None)]),
        ("gru", "zero", [(0, None)]),
    ],
)
def test_the_answer(client, name, operation, groups):
    asked = groups and [{"layer": layer, "level": level} for layer, level in groups]
    fields = {"model": name, "operation": operation, "groups": asked, "seed": 2, "after": 9}
    answer = ask(client, **fields).json()
    net = model(name)
    reading = Reading(net, Engine(net.rnn), net.vocabulary.encode(TEXT))
    found = reading.effects(14, operation, groups, sets=3, seed=2, after=9)
    assert [(one["layer"], one["level"]) for one in answer["groups"]] == found.groups
    for one, bits in zip(answer["groups"], found.bits, strict=True):
        np.testing.assert_allclose(one["bits"], bits, atol=1e-5)
        assert one["total"] == pytest.approx(bits.sum(), abs=1e-4)
        quantiles = interval(found.random.sum(1))
        told = [one["random"][key] for key in ("low", "median", "high")]
        assert told == pytest.approx([quantiles.low, quantiles.median, quantiles.high], abs=1e-4)
        np.testing.assert_allclose(one["random"]["totals"], found.random.sum(1), atol=1e-4)
    np.testing.assert_allclose(answer["random_bits"], found.random, atol=1e-5)
    np.testing.assert_allclose(answer["natural"], found.natural, atol=1e-5)
    assert answer["swapped_with"] == found.donor
    assert (answer["model"], answer["text"], answer["from"]) == (name, TEXT, 14)


def test_the_answer_is_written_by_the_thread_that_computed_it(client, monkeypatch):
    threads, written = [], effects.compact

    def noting(about):
        threads.append(threading.current_thread().name)
        return written(about)

    monkeypatch.setattr(effects, "compact", noting)
    assert ask(client).status_code == 200
    assert [name.split("_")[0] for name in threads] == ["trace"]


def test_without_random_sets_there_is_no_interval(client):
    answer = ask(client, random=0).json()
    assert answer["random_bits"] == []
    for one in answer["groups"]:
        assert one["random"] == {"low": None, "median": None, "high": None, "totals": []}


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"model": "nobody"}, 404, "model"),
        ({"model": "glimpses"}, 422, "model"),
        ({"text": "a" * 3001}, 413, "text"),
        ({"text": "", "from": 0}, 422, "from"),
        ({"text": "a", "from": 0}, 422, "from"),
        ({"from": len(TEXT) - 1}, 422, "from"),
        ({"from": -1}, 422, "from"),
        ({"from": True}, 422, "from"),
        ({"operation": "melt"}, 422, "operation"),
        ({"groups": []}, 422, "groups"),
        ({"groups": [{"layer": 2, "level": 0}]}, 422, "groups"),
        ({"groups": [{"layer": 0, "level": 3}]}, 422, "groups"),
        ({"groups": [{"layer": 0, "level": 0}] * 65}, 422, "groups"),
        ({"groups": [{"layer": 0, "level": 0}] * 2}, 422, "groups"),
        ({"groups": [{"layer": 0}, {"layer": 0, "level": None}]}, 422, "groups"),
        ({"model": "gru", "groups": [{"layer": 0, "level": 0}]}, 422, "groups"),
        ({"random": 101}, 422, "random"),
        ({"after": 401}, 422, "after"),
        ({"after": 0}, 422, "after"),
        ({"seed": -1}, 422, "seed"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_is_refused(client, fields, status, field):
    answer = ask(client, **fields)
    assert answer.status_code == status
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["message"].endswith(".")
