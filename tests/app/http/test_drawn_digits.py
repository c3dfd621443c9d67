"""The shipped classifiers name digits that were drawn by hand, with no data set at hand."""

from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.application import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[3]
CLASSIFIERS = ("nested-digits", "stacked-digits")
ROWS = [
    line
    for line in (ROOT / "tests/fixtures/drawn_digits.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
DRAWN = {
    name: [[int(ink, 16) / 15 for ink in row.replace(".", "0")] for row in ROWS[k + 1 : k + 29]]
    for k, name in list(enumerate(ROWS))[::29]
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in CLASSIFIERS:
        path = ROOT / "checkpoints" / f"{name}.safetensors"
        (folder / path.name).symlink_to(path)
    app = create_app(Settings(checkpoints=folder))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.get("/api/models")  # waits for them
        yield client


def test_every_digit_is_there():
    assert {name[0] for name in DRAWN} == set("0123456789")


@pytest.mark.parametrize("model", CLASSIFIERS)
@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_digit_is_named(client, model, name):
    answer = client.post("/api/glimpses", json={"model": model, "image": DRAWN[name]})
    assert answer.status_code == 200, answer.text
    logits = np.array(answer.json()["logits"][-1])
    chances = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert chances.argmax() == int(name[0])
    assert chances.max() > 0.99
