"""Where a checkpoint is found by its name."""

import pytest

from analysis.inputs import checkpoint_path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(tmp_path))
    for place in ("both", "mine/both", "mine/own", "yours/own", ".hidden/secret"):
        path = tmp_path / f"{place}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("both", "both"),
        ("own", "mine/own"),  # as the server: the first folder's
        ("secret", "secret"),
        ("nowhere", "nowhere"),
    ],
)
def test_a_name_is_looked_for_as_the_server_does(folder, name, found):
    assert checkpoint_path(name) == folder / f"{found}.safetensors"


def test_a_path_is_taken_as_it_is(folder):
    assert str(checkpoint_path("own.safetensors")) == "own.safetensors"
