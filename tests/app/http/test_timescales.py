"""The shipped timescales over HTTP."""

import errno
import json

import pytest
from random_models import write_checkpoints
from starlette.testclient import TestClient

from app.application import create_app
from app.entry import MOST_BESIDE, Entry
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


def test_a_file_that_changed_is_sent_again_though_it_is_as_long(client, tmp_path):
    file = tmp_path / "nested.timescales.json"
    before = client.get("/api/timescales/nested")
    file.write_text(file.read_text().replace("a.txt", "b.txt"))
    tag = {"If-None-Match": before.headers["etag"]}
    after = client.get("/api/timescales/nested", headers=tag)
    assert after.status_code == 200
    assert after.json()["settings"]["text"] == "b.txt"


def test_what_lies_beside_a_checkpoint_is_parsed_once_while_it_stays_as_it_is(
    client, tmp_path, monkeypatch
):
    addresses = ("/api/timescales", "/api/timescales/nested/cells", "/api/atlas")
    found = json.loads((tmp_path / "nested.timescales.json").read_text()) | {"found": []}
    (tmp_path / "nested.atlas.json").write_text(json.dumps(found))
    before = [client.get(address).json() for address in addresses]
    assert before[2] == ["nested"]

    def refuse(entry, kind):
        raise OSError(errno.EIO, f"the {kind} of {entry.name} is read once more")

    with monkeypatch.context() as once:
        once.setattr(Entry, "read_beside", refuse)
        assert [client.get(address).json() for address in addresses] == before
    (tmp_path / "nested.timescales.json").unlink()
    assert client.get(addresses[0]).json() == []


@pytest.mark.parametrize("name", ["stacked", "lstm", "deep", "nobody", "..%2Fnested", "glimpses"])
def test_others_are_refused(client, name):
    answer = client.get(f"/api/timescales/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"]


def test_how_long_each_cell_remembers_is_the_result_files(client, tmp_path):
    path = tmp_path / "nested.timescales.json"
    result = json.loads(path.read_text())

    def row(unit, tau, status="ok", **more):
        place = {"layer": 0, "level": 1, "state": "c", "value": "read", "measure": "context_swap"}
        return place | {"unit": unit, "tau": tau, "low": tau, "high": tau, "status": status} | more

    result["settings"]["every_nth_unit"] = 2
    result["settings"]["longest"] = {"context_swap": 400.0}
    result["units"] = [
        row(2, 5.5),
        row(0, None, "censored"),
        row(2, 7.0, value="raw"),
        row(2, 9.0, measure="impulse"),
        row(1, 3.0, level=None, state="h"),
        row(None, 3.0),
    ]
    place = {"layer": 0, "level": 1, "state": "c", "measure": "context_swap"}
    each = [[1000, 250 + unit] for unit in range(0, 9, 2)]
    quantiles = {"0.1": [1.0, None], "0.5": [1.0, 0.5], "0.9": [1.0, 0.7]}
    result["curves"] = [
        place | {"value": "raw", "lags": [0, 1], "quantiles": {"0.1": []}},
        place
        | {"value": "read", "lags": [0, 1], "quantiles": quantiles}
        | {"each": {"lags": [0, 1], "thousandths": each}},
        {"measure": "transplant", "lags": [0]},
    ]
    path.write_text(json.dumps(result))
    told = client.get("/api/timescales/nested/cells").json()
    assert (told["measure"], told["text"], told["longest"]) == ("context_swap", "a.txt", 400)
    inner, hidden = told["memories"]
    assert (inner["layer"], inner["level"], inner["state"]) == (0, 1, "c")
    assert inner["tau"][:3] == [None, None, 5.5]
    assert inner["status"][:3] == ["censored", None, "ok"]
    assert hidden["high"][:2] == [None, 3.0]
    assert inner["curves"] == {
        "lags": [0, 1],
        "low": [1, None],
        "median": [1, 0.5],
        "high": [1, 0.7],
    }
    assert inner["each"]["lags"] == [0, 1]
    assert inner["each"]["shares"][:5] == [[1, 0.25], None, [1, 0.252], None, [1, 0.254]]
    assert hidden["curves"] is hidden["each"] is None
    result["units"] = [row(1_000_000, 2.0)]
    path.write_text(json.dumps(result))
    assert client.get("/api/timescales/nested/cells").json()["memories"] == []


def test_a_model_without_measured_cells_says_so_without_an_error(client):
    for name in ("stacked", "lstm", "deep"):
        answer = client.get(f"/api/timescales/{name}/cells")
        assert answer.status_code == 200
        assert (answer.json()["memories"], answer.json()["text"]) == ([], None)
    assert client.get("/api/timescales/nobody/cells").status_code == 404


def test_verdicts_over_seeds_are_on_the_page_and_nonsense_is_not(client, tmp_path):
    assert "Over several trainings" not in client.get("/timescales").text
    test = {"measure": "context_swap", "effects": [-0.25, 0.125], "p_sign": 0.5}
    result = {"inner_lasts_longer": {"answer": "undecided", "evidence": [test]}, "networks": []}
    (tmp_path / "seeds.json").write_text(json.dumps(result))
    page = client.get("/timescales").text
    effects = "<span>−0.25</span> <span>+0.12</span>"
    for told in ("<strong>undecided</strong>", "context swap", effects, "<td>0.5</td>"):
        assert told in page
    assert "would not compare" not in page
    saturated = ["seed 1: 20 % of the inner cells are saturated, 0 % of the outer cells"]
    result["inner_lasts_longer"]["unlike"] = saturated
    (tmp_path / "seeds.json").write_text(json.dumps(result))
    page = client.get("/timescales").text
    assert "Inner outlasts outer: undecided, but the networks compared are not alike." in page
    assert "In 1 of the 2 Nested LSTMs the share of saturated inner cells differs" in page
    assert "would not compare" not in page
    result["inner_outlasts_stacked"] = {"answer": "no", "evidence": [test]}
    result["inner_outlasts_stacked"]["unlike"] = ["seed 1: one predicts better"]
    (tmp_path / "seeds.json").write_text(json.dumps(result))
    page = client.get("/timescales").text
    assert "1 of the 2 pairs of a Nested and a Stacked LSTM differ" in page
    (tmp_path / "seeds-zero-bias.json").write_text(json.dumps(result))
    page = client.get("/timescales").text
    assert "Trained with the default settings. Inner" in page
    assert "Trained with zero bias. Inner" in page
    (tmp_path / "seeds-zero-bias.json").write_text(json.dumps(result).ljust(MOST_BESIDE + 1))
    assert "Trained with zero bias" not in client.get("/timescales").text
    (tmp_path / "seeds-zero-bias.json").unlink()
    for nonsense in ("{", "[1]", '{"inner_lasts_longer": 3}', '{"a": {"answer": 1}}'):
        (tmp_path / "seeds.json").write_text(nonsense)
        answer = client.get("/timescales")
        assert answer.status_code == 200
        assert "Over several trainings" not in answer.text
