"""A folder that changes while it is served, and weights that are in memory only while used."""

import gc
import os
import shutil
import threading
import time

import numpy as np
import pytest
from live_page import LIVE, TEXT, Page
from random_models import model, randomised, write_checkpoints
from starlette.testclient import TestClient

from app import weights
from app.application import create_app
from app.catalogue import Catalogue
from app.refusal import Refusal
from app.settings import Settings
from app.weights import Weights
from models import CharacterModel, load_checkpoint, save_checkpoint
from models.checkpoint import describe_checkpoint

NOTICED = 20.0
"""Seconds; 3 are promised, of a machine that does nothing else."""


def another(name):
    """A model of the same form with other weights."""
    card = model(name).card
    return randomised(CharacterModel(card.vocabulary, card.layers, card.depth, card.hidden))


@pytest.fixture
def folder(tmp_path):
    write_checkpoints(tmp_path)
    return tmp_path


@pytest.fixture
def catalogue(folder):
    found = Catalogue(folder)
    found.load()
    return found


def age(path):
    """Make a file one that was written a while ago."""
    os.utime(path, (time.time() - 60, time.time() - 60))


def names(catalogue):
    return [entry.name for entry in catalogue]


def test_a_description_is_what_loading_gives(folder):
    for path in folder.glob("*.safetensors"):
        described, loaded = describe_checkpoint(path), load_checkpoint(path)
        assert described.card == loaded.card
        assert described.sha256 == loaded.sha256
        assert described.parameters == loaded.parameters_count


def test_new_changed_removed_and_refused_files_are_found(catalogue, folder):
    before = names(catalogue)
    assert not catalogue.scan()
    save_checkpoint(folder / "new.safetensors", model("nested"))
    assert catalogue.scan()
    assert names(catalogue) == sorted([*before, "new"])
    assert not catalogue.scan()

    old = catalogue["new"]
    save_checkpoint(folder / "new.safetensors", another("nested"))
    assert catalogue.scan()
    assert catalogue["new"].sha256 != old.sha256

    (folder / "bad.safetensors").write_bytes(b"nothing")
    age(folder / "bad.safetensors")
    assert catalogue.scan()
    (refused,) = catalogue.refused
    assert (refused.file, "not a safetensors file" in refused.reason) == ("bad.safetensors", True)

    (folder / "bad.safetensors").unlink()
    (folder / "new.safetensors").unlink()
    assert catalogue.scan()
    assert (names(catalogue), catalogue.refused) == (before, ())


def test_a_file_that_is_still_being_written_is_no_news(catalogue, folder):
    content = (folder / "nested.safetensors").read_bytes()
    growing = folder / "growing.safetensors"
    growing.write_bytes(content[: len(content) // 2])
    assert not catalogue.scan()
    served = catalogue["stacked"]
    (folder / "stacked.safetensors").write_bytes(content[:100])  # in place: it is served meanwhile
    assert not catalogue.scan()
    assert catalogue["stacked"] is served
    growing.write_bytes(content)
    (folder / "stacked.safetensors").write_bytes(content)
    assert catalogue.scan()
    assert catalogue["growing"].sha256 == catalogue["stacked"].sha256
    assert catalogue.refused == ()


def test_a_sub_folder_is_served_and_one_name_is_one_model(catalogue, folder):
    mine = folder / "mine"
    mine.mkdir()
    save_checkpoint(mine / "own.safetensors", model("deep"))
    save_checkpoint(mine / "nested.safetensors", model("deep"))
    (folder / ".hidden").mkdir()
    save_checkpoint(folder / ".hidden" / "hidden.safetensors", model("deep"))
    first = catalogue["nested"]
    assert catalogue.scan()
    assert catalogue["own"].beside("timescales") == mine / "own.timescales.json"
    assert catalogue["nested"] is first
    assert catalogue.get("hidden") is None
    (refused,) = catalogue.refused
    assert refused.file == "mine/nested.safetensors"
    assert refused.reason == "nested.safetensors has the same name: rename one of them"


def test_a_name_that_cannot_be_sent_keeps_no_other_model_away(folder):
    (folder / os.fsdecode(b"bad\xff.safetensors")).write_bytes(
        (folder / "nested.safetensors").read_bytes()
    )
    catalogue = Catalogue(folder)
    catalogue.load()
    assert "nested" in [entry.name for entry in catalogue]
    (refused,) = catalogue.refused
    assert refused.reason == "its name is not UTF-8 text: rename it"
    for entry in catalogue:
        entry.name.encode()


def test_pipes_devices_and_links_to_nothing_are_refused_at_once(folder):
    os.mkfifo(folder / "pipe.safetensors")
    os.mkfifo(folder / "nested.timescales.json")
    os.mkfifo(folder / "nested.atlas.json")
    (folder / "device.safetensors").symlink_to("/dev/zero")
    (folder / "nowhere.safetensors").symlink_to("no such file")
    (folder / "loop.safetensors").symlink_to("loop.safetensors")
    (folder / "folder.safetensors").mkdir()
    catalogue = Catalogue(folder)
    loading = threading.Thread(target=catalogue.load, daemon=True)
    loading.start()
    loading.join(60)
    assert not loading.is_alive()
    assert {one.file.split(".")[0] for one in catalogue.refused} == {
        *("pipe", "device", "nowhere", "loop", "folder")
    }
    for kind in ("timescales", "atlas"):
        with pytest.raises(OSError, match="nested"):
            catalogue["nested"].read_beside(kind)


def test_a_server_that_is_stopped_early_does_not_say_that_there_is_no_checkpoint(tmp_path, caplog):
    write_checkpoints(tmp_path)
    stopped = Catalogue(tmp_path)
    stopped.closed = True
    stopped.load()
    assert caplog.messages == []
    for path in tmp_path.iterdir():
        path.unlink()
    Catalogue(tmp_path).load()
    assert "there is no checkpoint" in caplog.text


def test_weights_are_read_on_first_use_and_the_least_recently_used_let_go(catalogue):
    sizes = {entry.name: weights.size(entry) for entry in catalogue}
    most = sizes["nested"] + sizes["deep"]
    found = Weights(most)
    catalogue.weights = found
    assert found.held == 0
    nested = found.load(catalogue["nested"])
    assert found.held == sizes["nested"]
    assert found.load(catalogue["nested"]) is nested
    found.load(catalogue["deep"])
    assert found.held == most
    found.load(catalogue["gru"])  # smaller than deep
    assert found.get(catalogue["deep"]) is None  # nobody held it
    assert found.get(catalogue["nested"]) is nested
    assert found.held == sizes["nested"] + sizes["gru"]


def test_models_in_use_are_not_let_go_and_leave_no_room(catalogue):
    found = Weights(weights.size(catalogue["nested"]) + 1)
    held = found.load(catalogue["nested"])
    with pytest.raises(Refusal, match="leave no room for deep") as refused:
        found.load(catalogue["deep"])
    assert refused.value.status_code == 429
    del held
    assert found.load(catalogue["deep"]).name == "deep"
    assert found.held == weights.size(catalogue["deep"])


def test_models_asked_for_at_once_do_not_take_the_same_room(catalogue, monkeypatch):
    found = Weights(weights.size(catalogue["nested"]) + 1)
    load = weights.load_checkpoint

    def meanwhile(path):
        monkeypatch.setattr(weights, "load_checkpoint", load)
        with pytest.raises(Refusal, match="leave no room for deep"):
            found.load(catalogue["deep"])
        return load(path)

    monkeypatch.setattr(weights, "load_checkpoint", meanwhile)
    assert found.load(catalogue["nested"]).name == "nested"
    catalogue["gru"].path.unlink()
    with pytest.raises(Refusal, match="cannot be read"):
        found.load(catalogue["gru"])
    assert found.load(catalogue["deep"]).name == "deep"  # what failed keeps no room


def test_a_copy_is_a_model_of_its_own(catalogue, folder):
    shutil.copy(folder / "nested.safetensors", folder / "copy.safetensors")
    assert catalogue.scan()
    found, copy = catalogue.weights, catalogue["copy"]
    assert found.load(copy).entry is copy
    assert found.load(catalogue["nested"]).entry is catalogue["nested"]
    (folder / "copy.safetensors").unlink()
    assert catalogue.scan()
    assert catalogue.get(copy.old_name) is None  # nobody reads it
    assert found.get(catalogue["nested"])


def test_a_file_that_changed_unnoticed_is_never_read_as_another(catalogue, folder):
    save_checkpoint(folder / "nested.safetensors", another("nested"))
    with pytest.raises(Refusal, match="has just changed"):
        catalogue.weights.load(catalogue["nested"])
    (folder / "deep.safetensors").unlink()
    with pytest.raises(Refusal, match="deep cannot be read any more: cannot be read: No such"):
        catalogue.weights.load(catalogue["deep"])


def test_who_uses_a_model_keeps_it_under_its_old_name(catalogue, folder):
    entry = catalogue["nested"]
    held = catalogue.weights.load(entry)
    save_checkpoint(folder / "nested.safetensors", another("nested"))
    assert catalogue.scan()
    assert catalogue.find(entry.old_name) is entry
    assert catalogue.weights.load(entry) is held
    assert catalogue.weights.load(catalogue["nested"]) is not held
    del held
    gc.collect()
    with pytest.raises(Refusal, match="no model of this name"):
        catalogue.find(entry.old_name)


def values(client, name, text):
    answer = client.post("/api/trace", json={"model": name, "text": text})
    return np.array(answer.json()["values"])


def wait_for(condition):
    end = time.monotonic() + NOTICED
    while not (found := condition()):
        assert time.monotonic() < end, f"nothing came within {NOTICED} s"
        time.sleep(0.05)
    return found


def test_a_visitor_keeps_the_model_that_changes_and_hears_of_it(folder):
    app = create_app(Settings(checkpoints=folder))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:

        def now():
            return {card["name"]: card["sha256"] for card in client.get("/api/models").json()}

        before = now()
        old = f"nested@{before['nested'][:12]}"
        asked = {"model": old, "text": TEXT}
        with client.websocket_connect(LIVE) as socket:
            page = Page(socket)
            page.show(("nested", [0, 1]))
            page.edit(0, 0, TEXT[:9])
            page.wait()
            shutil.copy(folder / "nested.safetensors", folder / "copy.safetensors")
            save_checkpoint(folder / "nested.safetensors", another("nested"))
            page.answer("models")
            wait_for(lambda: now()["nested"] != before["nested"] and "copy" in now())
            page.edit(9, 0, TEXT[9:])
            page.show(("nested", "all"))
            page.wait()
            page.check()  # against the weights it began with
            kept, same, new = (values(client, name, TEXT) for name in (old, "copy", "nested"))
            np.testing.assert_array_equal(kept, same)
            assert np.abs(kept - new).max() > 0.1
        wait_for(lambda: client.post("/api/trace", json=asked).status_code == 404)


def test_a_refused_file_is_told_with_its_sentence_and_goes_when_it_is_mended(folder):
    app = create_app(Settings(checkpoints=folder))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/api/models/refused").json() == []
        (folder / "mine.safetensors").write_bytes(b"")

        def refused():
            return client.get("/api/models/refused").json()

        (told,) = wait_for(refused)
        assert told["file"] == "mine.safetensors"
        assert "not a safetensors file" in told["reason"]
        save_checkpoint(folder / "mine.safetensors", model("nested"))
        wait_for(lambda: refused() == [])
        served = [card["name"] for card in client.get("/api/models").json()]
        assert "mine" in served


MANY = 300


def test_hundreds_of_checkpoints_are_served_with_few_in_memory(tmp_path):
    save_checkpoint(tmp_path / "one.safetensors", model("nested"))
    for k in range(MANY):
        os.link(tmp_path / "one.safetensors", tmp_path / f"copy-{k}.safetensors")
    catalogue = Catalogue(tmp_path)
    catalogue.load()
    assert len(names(catalogue)) == MANY + 1
    assert catalogue.weights.held == 0
    threads = threading.active_count()
    catalogue.weights.load(catalogue["copy-7"])
    assert threading.active_count() == threads
