"""The named cells over HTTP, and the passage that the page opens with."""

import errno
import json
from pathlib import Path

import pytest
from random_models import write_checkpoints
from starlette.testclient import TestClient

from app.application import create_app
from app.entry import MOST_BESIDE
from app.settings import Settings
from models import load_checkpoint


def atlas(folder, model: str, feature: str, level: int, text: str | None) -> str:
    """An atlas of one cell, of the model's weights."""
    example = {} if text is None else {"example": {"text": text}}
    sha256 = load_checkpoint(folder / f"{model}.safetensors").sha256
    return json.dumps({"sha256": sha256, "found": [{"feature": feature, "level": level} | example]})


@pytest.fixture
def client(tmp_path):
    write_checkpoints(tmp_path)
    for model, *cell in [
        ("lstm", "quotes", 0, "An outer one."),
        ("nested", "comments", 1, "An inner one."),
        ("stacked", "quotes", 0, None),
    ]:
        (tmp_path / f"{model}.atlas.json").write_text(atlas(tmp_path, model, *cell))
    with TestClient(create_app(Settings(checkpoints=tmp_path)), "http://127.0.0.1:8000") as client:
        client.get("/api/models")
        yield client


def opening(client) -> str:
    return client.get("/").text.split("<textarea id", 1)[1].split(">", 1)[1].split("</textarea>")[0]


def test_the_page_opens_with_an_inner_memory_and_follows_its_file(client, tmp_path):
    assert client.get("/api/atlas").json() == ["nested", "lstm", "stacked"]
    assert opening(client) == "An inner one."
    file = tmp_path / "nested.atlas.json"
    file.write_text(atlas(tmp_path, "nested", "comments", 1, "Another."))
    assert opening(client) == "Another."
    file.unlink()
    assert opening(client) == "An outer one."


def test_a_file_that_could_not_be_read_once_is_read_the_next_time(client, monkeypatch):
    def refuse(path):
        raise OSError(errno.EMFILE, "too many open files")

    with monkeypatch.context() as busy:
        busy.setattr(Path, "read_bytes", refuse)
        assert opening(client) not in ("An inner one.", "An outer one.")
    assert opening(client) == "An inner one."


def test_a_file_of_any_size_beside_a_checkpoint_is_not_read(client, tmp_path):
    content = atlas(tmp_path, "nested", "comments", 1, "An inner one.")
    result = json.loads(content) | {"settings": {"text": "a.txt", "characters": 9000}}
    for kind, written in (("timescales", json.dumps(result)), ("atlas", content)):
        file = tmp_path / f"nested.{kind}.json"
        file.write_text(written.ljust(MOST_BESIDE))
        assert client.get(f"/api/{kind}/nested").status_code == 200
        file.write_text(written.ljust(MOST_BESIDE + 1))
        assert client.get(f"/api/{kind}/nested").status_code == 404
    assert client.get("/api/atlas").json() == ["lstm", "stacked"]
    assert opening(client) == "An outer one."
