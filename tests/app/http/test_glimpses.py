"""POST /api/glimpses against the paper's equations, and what it refuses."""

import json

import numpy as np
import pytest
import torch
from equations import Gates, lstm, nested
from random_models import randomised
from server import serving

from models import GlimpseClassifier, load_checkpoint, save_checkpoint

GENERATOR = np.random.default_rng(5)
IMAGE = GENERATOR.random((28, 28)).round(6).tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="module")
def client(folder):
    torch.manual_seed(2)
    save_checkpoint(folder / "stacked-digits.safetensors", randomised(GlimpseClassifier(2, 1, 5)))
    with serving(folder) as client:
        yield client


def ask(client, **fields):
    return client.post("/api/glimpses", json={"model": "glimpses", "image": IMAGE} | fields)


def read_by_hand(image):
    """The 20 glimpses, pixel by pixel as the paper's section 4 describes them."""
    seen = []
    for top in (0, 14):
        for left in (0, 14):
            seen.append(
                [image[top + r][left + c] for r in range(0, 14, 2) for c in range(0, 14, 2)]
            )
            for row in (top, top + 7):
                for column in (left, left + 7):
                    seen.append([image[row + r][column + c] for r in range(7) for c in range(7)])
    return np.array(seen)


def weights(folder, name):
    state = load_checkpoint(folder / f"{name}.safetensors").state_dict()
    return {key: value.double().numpy() for key, value in state.items()}


def gates(W, l, d):
    return Gates(*(W[f"rnn.{l}.{d}.{name}"] for name in ("weight_ih", "weight_hh", "bias")))


def test_a_nested_classifier_reads_as_the_papers_equations_do(client, folder):
    answer = ask(client).json()
    assert set(answer) == {"glimpses", "display", "logits"}
    W = weights(folder, "glimpses")
    h = c = inner = np.zeros(6)
    seen = read_by_hand(IMAGE)
    np.testing.assert_allclose(answer["glimpses"], seen, atol=1e-7)
    for t, x in enumerate(seen):
        h, c, inner = nested(x, h, c, inner, gates(W, 0, 0), gates(W, 0, 1))
        np.testing.assert_allclose(answer["display"][t], [[c, np.tanh(inner)]], atol=1e-5)
        logits = W["head.weight"] @ h + W["head.bias"]
        np.testing.assert_allclose(answer["logits"][t], logits, atol=1e-5)
    assert len(answer["logits"]) == len(answer["display"]) == 20


def test_a_stacked_classifier_reads_as_the_papers_equations_do(client, folder):
    answer = ask(client, model="stacked-digits").json()
    W = weights(folder, "stacked-digits")
    low = high = (np.zeros(5), np.zeros(5))
    for t, x in enumerate(read_by_hand(IMAGE)):
        low = lstm(x, *low, gates(W, 0, 0))
        high = lstm(low[0], *high, gates(W, 1, 0))
        display = [[np.tanh(low[1])], [np.tanh(high[1])]]
        np.testing.assert_allclose(answer["display"][t], display, atol=1e-5)
        logits = W["head.weight"] @ high[0] + W["head.bias"]
        np.testing.assert_allclose(answer["logits"][t], logits, atol=1e-5)


def test_a_classifier_answers_after_the_last_glimpse(client, folder):
    """The last row of logits is what training judged: the classifier's own forward pass."""
    net = load_checkpoint(folder / "glimpses.safetensors")
    logits, _ = net(torch.tensor(read_by_hand(IMAGE), dtype=torch.float32)[None])
    np.testing.assert_allclose(ask(client).json()["logits"][-1], logits[0], atol=1e-5)


def test_what_each_glimpse_gave_is_the_answer_without_it_by_the_papers_equations(client, folder):
    given = ask(client, occlusion=True).json()["occlusion"]
    W = weights(folder, "glimpses")

    def odds(seen):
        h = c = inner = np.zeros(6)
        for x in seen:
            h, c, inner = nested(x, h, c, inner, gates(W, 0, 0), gates(W, 0, 1))
        logits = W["head.weight"] @ h + W["head.bias"]
        p = np.exp(logits) / np.exp(logits).sum()
        return np.log2(p / (1 - p))

    seen = read_by_hand(IMAGE)
    whole = odds(seen)
    assert given["digit"] == whole.argmax()
    for t, value in enumerate(given["values"]):
        without = seen.copy()
        without[t] = 0
        expected = whole.max() - odds(without)[whole.argmax()]
        assert value == pytest.approx(expected, abs=1e-4)
    assert len(given["values"]) == 20


def test_a_cell_that_is_set_is_shown_as_set_from_that_glimpse_on(client):
    change = {"layer": 0, "level": 1, "cells": [2], "set": 0.5, "from": 8}
    plain, changed = ask(client).json(), ask(client, interventions=[change]).json()
    assert changed["display"][:8] == plain["display"][:8]
    assert [row[0][1][2] for row in changed["display"][8:]] == pytest.approx([np.tanh(0.5)] * 12)
    assert changed["logits"][8:] != plain["logits"][8:]


def spoiled(value):
    return [[*row[:3], value, *row[4:]] if k == 5 else row for k, row in enumerate(IMAGE)]


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"model": "nobody"}, 404, "model"),
        ({"model": "nested"}, 422, "model"),
        ({"image": IMAGE[:-1]}, 422, "image"),
        ({"image": [*IMAGE, IMAGE[0]]}, 422, "image"),
        ({"image": [*IMAGE[:-1], IMAGE[0][:-1]]}, 422, "image"),
        ({"image": [*IMAGE[:-1], [*IMAGE[0], 0.5]]}, 422, "image"),
        ({"image": [pixel for row in IMAGE for pixel in row]}, 422, "image"),
        ({"image": []}, 422, "image"),
        ({"image": None}, 422, "image"),
        ({"image": "a digit"}, 422, "image"),
        ({"image": {"0": IMAGE}}, 422, "image"),
        ({"image": spoiled(-0.01)}, 422, "image"),
        ({"image": spoiled(1.01)}, 422, "image"),
        ({"image": spoiled(255)}, 422, "image"),
        ({"image": spoiled("1")}, 422, "image"),
        ({"image": spoiled(True)}, 422, "image"),
        ({"image": spoiled(None)}, 422, "image"),
        ({"image": spoiled([0.5])}, 422, "image"),
        ({"interventions": [{"layer": 3, "level": 0, "set": 1}]}, 422, "interventions"),
        ({"occlusion": 1}, 422, "occlusion"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_is_refused(client, fields, status, field):
    answer = ask(client, **fields)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["field"] == field
    assert error["message"].endswith(".")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_pixel_that_is_no_number_is_refused(client, value):
    body = json.dumps({"model": "glimpses", "image": spoiled("here")}).replace('"here"', value)
    answer = client.post("/api/glimpses", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "image"
    assert "finite" in answer.json()["error"]["message"]


def test_an_image_of_a_megabyte_is_refused(client):
    large = [[0.123456789] * 300] * 300
    assert ask(client, image=large).status_code == 413
    many = [[0] * 28] * 11_000  # within the limit of a body
    answer = ask(client, image=many)
    assert answer.status_code == 422
    assert len(answer.text) < 300
