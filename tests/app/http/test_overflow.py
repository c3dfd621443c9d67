"""A model that overflows: every answer says so, and none has ordinary-looking values."""

import json

import numpy as np
import pytest
import torch
from live_page import LIVE, Page
from random_models import VOCABULARY
from server import parse_frame, serving

from models import CharacterModel, save_checkpoint

SIZES = {"nested": (1, 2, 9), "gru": (2, 1, 7, "gru")}
HUGE = 3.4e38
TEXT = "abc dab"
LONG = "".join(np.random.default_rng(0).choice(list("abcdefgh .\n"), 9000))
CELL = {"layer": 0, "level": None, "cell": 0}

QUESTIONS = {
    "trace": {"text": TEXT},
    "int8": {"text": TEXT, "dtype": "int8"},
    "continuation": {"text": TEXT, "count": 5},
    "effects": {"text": TEXT, "from": 2, "operation": "zero"},
    "gradient": {"text": TEXT, "position": 3, "target": {"symbol": "a"}},
    "occlusion": {"text": TEXT, "position": 3, "target": CELL, "method": "occlusion"},
    "timescales": {"text": LONG},
}
ADDRESSES = {"int8": "trace", "gradient": "attribution", "occlusion": "attribution"}


def write(path, part, sizes):
    """A model whose weights are near the end of float32, of its cells (rnn) or its head."""
    torch.manual_seed(0)
    net = CharacterModel(VOCABULARY, *sizes)
    net.initialise()
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if name.startswith(part) and "weight" in name:
                parameter.copy_((torch.randn_like(parameter) * HUGE).clamp(-HUGE, HUGE))
    save_checkpoint(path, net)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for name, sizes in SIZES.items():
        for part in ("rnn", "head"):
            write(folder / f"{part}-{name}.safetensors", part, sizes)
    with serving(folder) as client:
        yield client


def error_of(answer):
    """The error of an answer, also where it is the last of its lines."""
    assert answer.status_code in (200, 422), answer.text
    return json.loads(answer.text.splitlines()[-1])["error"]


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_says_that_states_are_not_finite(client, name, question):
    body = {"model": f"rnn-{name}"} | QUESTIONS[question]
    error = error_of(client.post(f"/api/{ADDRESSES.get(question, question)}", json=body))
    assert (error["code"], error["field"]) == ("not_finite", "model")
    assert "not finite" in error["message"]


@pytest.mark.parametrize("name", SIZES)
def test_every_answer_says_that_predictions_are_not_finite(client, name):
    body = {"model": f"head-{name}"} | QUESTIONS["timescales"]
    assert error_of(client.post("/api/timescales", json=body))["code"] == "not_finite"


def test_binary_floats_say_it_themselves(client):
    answer = client.post(
        "/api/trace",
        json={"model": "rnn-nested", "text": TEXT},
        headers={"Accept": "application/octet-stream"},
    )
    assert answer.status_code == 200
    assert not np.isfinite(parse_frame(answer.content)[1]).all()


@pytest.mark.parametrize("name", SIZES)
def test_the_live_channel_says_that_a_text_could_not_be_read(client, name):
    """Beside a text that can be read, whether it is typed or long enough to be read in spans."""
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        for text in (TEXT, LONG[:2000]):
            page.show((f"rnn-{name}", "all"), (f"head-{name}", "all"))
            page.edit(0, None, text)
            while len(page.columns[1]) < len(text):
                page.receive()
            assert page.answer("error")["code"] == "unreadable"
            assert len(page.columns[0]) < len(text)


def test_interventions_that_overflow_are_named(client):
    big = {"layer": 0, "state": "h", "scale": 1e6}
    body = {"model": "head-nested", "text": TEXT, "count": 5, "interventions": [big]}
    error = error_of(client.post("/api/continuation", json=body))
    assert (error["code"], error["field"]) == ("not_finite", "interventions")
