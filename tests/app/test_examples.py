"""The examples of the served description are taken, by the shipped models and a corpus."""

import json
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient
from written_corpora import write_corpus

from analysis.corpus.cells import Network
from app.application import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[2]
NETWORK = Network("lstm", 1, 2, 9)
TEXT = ('"Well, Prince," he said, and left the house. ' * 20)[:800]
WITHOUT = {"/api/timescales"}
"""Its text would be longer than the rest of the description."""


def examples_in(description):
    """Of every operation that takes a body: its address and its examples."""
    for address, operations in description["paths"].items():
        body = operations.get("post", {}).get("requestBody")
        if body:
            schema = body["content"]["application/json"]["schema"]
            schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            yield address, schema.get("examples", [])


EXAMPLES = dict(examples_in(create_app(Settings()).openapi()))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "checkpoints").mkdir()
    for name in {
        example["model"] for many in EXAMPLES.values() for example in many if "model" in example
    }:
        path = ROOT / "checkpoints" / f"{name}.safetensors"
        (folder / "checkpoints" / path.name).symlink_to(path)
    values = np.random.default_rng(1).integers(-127, 128, (len(TEXT), NETWORK.size), np.int8)
    write_corpus(folder / "corpora" / "given", values, TEXT, NETWORK)
    settings = Settings(checkpoints=folder / "checkpoints", corpora=folder / "corpora")
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        client.get("/api/models")  # waits for them
        yield client


def test_all_but_one_have_examples():
    assert len(EXAMPLES) > 10
    assert {address for address, examples in EXAMPLES.items() if not examples} == WITHOUT


@pytest.mark.parametrize(
    ("address", "example"),
    [(address, example) for address, examples in EXAMPLES.items() for example in examples],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_example_is_taken(client, address, example):
    answer = client.post(address.replace("{name}", "given"), json=example)
    assert answer.status_code == 200, answer.text
    assert "error" not in json.loads(answer.text.splitlines()[-1])
