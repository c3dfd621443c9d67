"""Behind a proxy: below a path, and in another site's frame."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from live_page import TEXT, Page
from random_models import write_checkpoints
from starlette.testclient import TestClient

from app.application import create_app
from app.settings import Settings

PREFIX = "/some/place"
GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "host-it.md"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoints(folder)
    settings = Settings(
        checkpoints=folder, root_path=f"{PREFIX}/", frames=("https://course.example",)
    )
    base = "http://127.0.0.1:8000"
    with TestClient(create_app(settings), base_url=base, raise_server_exceptions=False) as client:
        client.get("/api/models")
        yield client


@pytest.mark.parametrize("prefix", ["", PREFIX], ids=["taken off", "left"])
def test_everything_is_served_whether_the_proxy_leaves_the_path_or_takes_it_off(client, prefix):
    for address in ("/", "/timescales", "/results", "/docs", "/static/main.js", "/api/models"):
        assert client.get(prefix + address).status_code == 200, address
    asked = {"model": "nested", "text": "a"}
    assert client.post(f"{prefix}/api/trace", json=asked).json()["text"] == "a"
    with client.websocket_connect(f"ws://127.0.0.1:8000{prefix}/api/live") as socket:
        page = Page(socket)
        page.show(("nested", "all"))
        page.edit(0, 0, TEXT)
        page.wait()
        page.check()
    assert client.get(f"{prefix}/api/no").json()["error"]["code"] == "not_found"
    assert client.get(f"{prefix}/openapi.json").json()["servers"] == [{"url": PREFIX}]


def test_the_path_without_its_slash_leads_to_the_page(client):
    answer = client.get(PREFIX, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"{PREFIX}/")
    answer = client.get(f"{PREFIX}?text=a%20b&a=nested", follow_redirects=False)
    assert answer.headers["location"] == f"{PREFIX}/?text=a%20b&a=nested"


@pytest.mark.parametrize("address", ["/", "/timescales", "/results", "/docs"])
def test_no_page_names_an_address_from_the_root(client, address):
    page = client.get(address).text
    found = re.findall(r'\b(?:href|src|action)="(/[^"]*)"', page)
    assert found == []


def test_an_error_page_finds_its_style_from_any_depth(client):
    page = client.get("/a/b/c", headers={"Accept": "text/html"}).text
    assert re.search(r'href="../../static/v-\w+/base/base.css"', page)
    assert 'href="../.././"' in page


def test_listed_ancestors_may_frame_the_pages_and_no_others(client, tmp_path):
    for address in ("/", "/timescales"):
        headers = client.get(address).headers
        assert "frame-ancestors 'self' https://course.example" in headers["content-security-policy"]
        assert "x-frame-options" not in headers
    with TestClient(create_app(Settings(checkpoints=tmp_path)), base_url="http://127.0.0.1") as own:
        headers = own.get("/").headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


HUB = "https://hub.example.org"
"""The address of a JupyterHub; its proxy takes `/user/NAME/proxy/8000` off the path."""


@contextmanager
def at_the_hub(folder, seen_as, **settings):
    """A client behind the hub's proxy of a server on its default address."""
    write_checkpoints(folder)
    app = create_app(Settings(checkpoints=folder, **settings))
    with TestClient(app, base_url=seen_as, raise_server_exceptions=False) as client:
        client.headers["Origin"] = HUB
        yield client


@pytest.mark.parametrize(
    "seen_as", [HUB, "http://localhost:8000"], ids=["JupyterHub", "Codespaces"]
)
def test_a_hub_needs_no_path_but_its_own_origin(tmp_path, monkeypatch, seen_as):
    [line] = re.findall(r"^NESTSCOPE_ORIGINS=(\S+) make run$", GUIDE.read_text("utf-8"), re.M)
    monkeypatch.setenv("NESTSCOPE_ORIGINS", line)
    with at_the_hub(tmp_path, seen_as) as client:
        for address in ("/", "/timescales", "/static/main.js", "/api/models"):
            assert client.get(address).status_code == 200, address
        asked = client.post("/api/trace", json={"model": "nested", "text": "a"})
        assert (asked.status_code, asked.json()["text"]) == (200, "a")
        with client.websocket_connect(f"ws{seen_as.removeprefix('http')}/api/live") as socket:
            page = Page(socket)
            page.show(("nested", "all"))
            page.edit(0, 0, TEXT)
            page.wait()
            page.check()


def test_without_it_the_refusal_names_the_setting(tmp_path):
    with at_the_hub(tmp_path, HUB) as client:
        answer = client.get("/api/models")
    assert answer.status_code == 403
    assert "NESTSCOPE_ORIGINS" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "bad", ["nestscope", "//x", "/a b", "https://a.example/x", "/a/../b?", "/a/..", "/./a"]
)
def test_a_path_that_is_none_is_refused(monkeypatch, bad):
    monkeypatch.setenv("NESTSCOPE_ROOT_PATH", bad)
    with pytest.raises(ValueError, match="expected a path such as /nestscope"):
        Settings()
