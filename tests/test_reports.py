"""The shipped timescales over HTTP."""

import json

import pytest
from models_on_the_spot import write_checkpoints
from starlette.testclient import TestClient

from app.application import create_app
from app.settings import Settings
from models import load_checkpoint


@pytest.fixture
def client(tmp_path):
    write_checkpoints(tmp_path)
    sha256 = load_checkpoint(tmp_path / "nested.safetensors").sha256
    result = {"sha256": sha256, "settings": {"text": "a.txt", "characters": 9000}, "units": []}
    for name, content in {
        "nested": json.dumps(result),
        "stacked": json.dumps(result),  # of other weights
        "lstm": "{",
        "deep": json.dumps({"sha256": load_checkpoint(tmp_path / "deep.safetensors").sha256}),
        "glimpses": json.dumps([1]),
        "nobody": json.dumps(result),
    }.items():
        (tmp_path / f"{name}.timescales.json").write_text(content)
    with TestClient(create_app(Settings(checkpoints=tmp_path)), "http://127.0.0.1:8000") as client:
        client.get("/api/models")
        yield client


def test_only_what_belongs_to_the_served_weights_is_listed(client):
    expected = [{"model": "nested", "text": "a.txt", "characters": 9000}]
    assert client.get("/api/timescales").json() == expected
    answer = client.get("/api/timescales/nested")
    assert answer.json()["settings"]["characters"] == 9000
    tag = answer.headers["etag"]
    again = client.get("/api/timescales/nested", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["stacked", "lstm", "deep", "nobody", "..%2Fnested", "glimpses"])
def test_others_are_refused(client, name):
    answer = client.get(f"/api/timescales/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"]
