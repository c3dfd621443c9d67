"""Files under an address that names their contents are kept for ever, and only those."""

import os
import re
import shutil

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app import ROOT
from app.application import create_app
from app.http.static import Static, version
from app.settings import Settings

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def client(tmp_path):
    with TestClient(create_app(Settings(checkpoints=tmp_path)), "http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("page", ["/", "/digits", "/results", "/timescales", "/docs"])
def test_what_a_page_names_is_kept_for_ever_and_what_it_imports_too(client, page):
    answer = client.get(page)
    assert answer.headers["cache-control"] == "no-cache"
    named = set(re.findall(r'(?:href|src)="(static/[^"]+)"', answer.text))
    assert len(named) > 5
    for address in named:
        got = client.get(f"/{address}")
        assert (got.status_code, got.headers["cache-control"]) == (200, FOR_EVER), address
    # A module asks for its neighbours beside itself, with the version.
    main = next(address for address in named if address.endswith(".js"))
    assert re.match(r"static/v-[0-9a-f]{16}/", main)


@pytest.mark.parametrize("segment", ["", "v-0000000000000000/", "v-0000000000000000/v-0/"])
def test_under_no_version_or_another_stands_what_there_is_now_and_is_not_kept(client, segment):
    got = client.get(f"/static/{segment}main.js")
    if segment.count("/") > 1:
        assert got.status_code == 404
        return
    assert got.content == (ROOT / "static/main.js").read_bytes()
    assert got.headers["cache-control"] == "no-cache"


def test_a_browser_that_shows_json_finds_the_icon(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.content == (ROOT / "static" / "icon.svg").read_bytes()


def test_there_is_no_way_out_of_the_folder(client):
    name = version()
    for path in ("../../app/logs.py", "..%2f..%2fapp%2flogs.py", "%2e%2e/%2e%2e/README.md", ""):
        assert client.get(f"/static/{name}/{path}").status_code == 404


def test_the_version_is_of_the_contents_and_of_nothing_else(tmp_path, monkeypatch):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "sub").mkdir(parents=True)
        (folder / "a.js").write_text("1")
        (folder / "sub" / "b.js").write_text("2")
    os.utime(other / "a.js", (1, 1))
    before = version(one)
    assert before == version(other)
    # Another content of the same length, another name, or a file more.
    (one / "a.js").write_text("3")
    changed = version(one)
    shutil.move(one / "a.js", one / "c.js")
    renamed = version(one)
    (one / "sub" / "d.js").write_text("")
    assert len({before, changed, renamed, version(one)}) == 4
    (one / "sub" / "d.js").unlink()
    assert version(one) == renamed


def test_a_file_changed_while_the_server_runs_is_not_kept_under_the_version_before(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("app.http.static.SECONDS", -1)
    (tmp_path / "a.js").write_text("1")
    client = TestClient(Starlette(routes=[Mount("/static", Static(directory=tmp_path))]))
    address = f"/static/{version(tmp_path)}/a.js"
    assert client.get(address).headers["cache-control"] == FOR_EVER
    (tmp_path / "a.js").write_text("22")
    changed = client.get(address)
    assert (changed.text, changed.headers.get("cache-control")) == ("22", None)
    fresh = client.get(f"/static/{version(tmp_path)}/a.js")
    assert fresh.headers["cache-control"] == FOR_EVER
