"""What holds for every address: settings, headers, errors, health, the pages' files."""

import json
import re
import subprocess
import sys
import threading

import pytest
from pydantic import ValidationError
from random_models import SIZES, write_checkpoints
from server import serving
from starlette.testclient import TestClient

from app import ROOT
from app.application import create_app
from app.catalogue import Catalogue
from app.http.accept import prefers
from app.origins import is_allowed, is_served
from app.settings import PREFIX, Settings, UnknownSetting, checked_environment, sentence


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints")) as client:
        yield client


ADDRESSES = [
    "/",
    "/docs",
    "/openapi.json",
    "/api/models",
    "/healthz",
    "/readyz",
    "/static/pages/report.css",
    "/static/pages/results.css",
    "/static/pages/timescales.css",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "/nowhere", "/static/nowhere.js", "/api/nowhere"])
def test_every_answer_is_guarded(client, address):
    headers = client.get(address).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_the_body(client, address):
    get, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]
    if "content-encoding" not in get.headers:
        assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/static/nowhere.js", 404, "not_found"),
        ("GET", "/static/../app/live/channel.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/app/live/channel.py", 404, "not_found"),
        ("GET", "/static/", 404, "not_found"),
        ("GET", "/api/trace", 405, "method_not_allowed"),
        ("POST", "/api/models", 405, "method_not_allowed"),
        ("DELETE", "/", 405, "method_not_allowed"),
        ("GET", "/api/live", 426, "no_websocket"),
        ("GET", "/%00", 404, "not_found"),
        ("GET", "/static/%00.js", 404, "not_found"),
        ("GET", "/static/" + "a" * 5000, 404, "not_found"),
    ],
)
def test_every_error_has_one_form(client, method, address, status, code):
    answer = client.request(method, address)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (set(error), error["code"]) == ({"code", "message", "field"}, code)
    assert error["message"].endswith(".")
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/api/timescales", "GET, HEAD, POST"),
        ("/api/trace", "POST"),
        ("/api/models", "GET, HEAD"),
        ("/api/timescales/nested", "GET, HEAD"),
        ("/static/main.js", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
        ("/", "GET, HEAD"),
    ],
)
def test_every_refused_method_is_told_all_that_are_taken(client, address, allowed):
    for method in {"OPTIONS", "DELETE", "PUT", "GET", "POST"} - set(allowed.split(", ")):
        answer = client.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), method


def test_a_browser_gets_a_page_for_an_error_outside_the_interface(client):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = client.get("/nowhere", headers=browser)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/api/nowhere", headers=browser).json()["error"]["code"] == "not_found"
    assert client.get("/nowhere").json()["error"]["code"] == "not_found"


def test_a_server_on_loopback_answers_to_loopback_names_only(client):
    for host, status in [("localhost:1", 200), ("[::1]:1", 200), ("evil.example:8000", 403)]:
        assert client.get("/healthz", headers={"Host": host}).status_code == status


OTHERS = "https://evil.example"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),  # curl, Python
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://course.example", "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": OTHERS}, False),
        ({"Origin": OTHERS, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_a_page_of_another_origin_asks_for_no_work(tmp_path, headers, allowed):
    asked = b'{"text": "a", "literal": "a"}'  # without a type, as a page may send it anywhere
    with serving(tmp_path, origins=("https://course.example",)) as client:
        answer = client.post("/api/marks", content=asked, headers=headers)
        assert client.get("/api/models", headers=headers).status_code == 200
        assert client.head("/", headers=headers).status_code == 200
    if allowed:
        assert answer.status_code == 200
        return
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (403, "foreign_origin", "Origin")
    assert "NESTSCOPE_ORIGINS" in error["message"]


def test_files_have_their_types_and_are_asked_for_anew(client):
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    types |= {".json": "application/json", ".txt": "text/plain"}
    for path in [p for p in (ROOT / "static").rglob("*") if p.is_file()]:
        address = f"/static/{path.relative_to(ROOT / 'static').as_posix()}"
        answer = client.get(address)
        assert answer.headers["content-type"].split(";")[0] == types[path.suffix]
        again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", ["/", "/docs", "/nowhere"])
def test_pages_load_nothing_from_elsewhere(client, address):
    page = client.get(address, headers={"Accept": "text/html"}).text
    assert page.startswith("<!doctype html>")
    assert re.findall(r'(?:src|href|action)="(?:[a-z]+:|//)[^"]*"', page) == []
    assert "<style" not in page
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]* src=)(?![^>]*application/json)", page) == []


def test_openapi_is_true(client):
    document = client.get("/openapi.json").json()
    addresses = {"/api/models", "/api/models/refused", "/api/trace", "/healthz", "/readyz"}
    addresses |= {"/api/attribution", "/api/timescales", "/api/timescales/{model}", "/api/results"}
    addresses |= {
        "/api/timescales/{model}/cells",
        "/api/atlas",
        "/api/atlas/{model}",
        "/api/features",
    }
    addresses |= {"/api/marks", "/api/glimpses", "/api/effects", "/api/continuation"}
    questions = ("passages", "match", "cells", "histogram", "search", "selectivity", "timescales")
    addresses |= {"/api/corpora", *(f"/api/corpora/{{name}}/{question}" for question in questions)}
    assert set(document["paths"]) == addresses
    call = document["paths"]["/api/trace"]["post"]
    assert {"application/json", "application/octet-stream"} == set(
        call["responses"]["200"]["content"]
    )
    assert {"400", "404", "406", "413", "415", "422", "429"} < set(call["responses"])
    for status, response in call["responses"].items():
        if status != "200":
            assert response["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/ErrorAnswer"
            }
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    for example in schemas["TraceRequest"]["examples"]:
        answer = client.post("/api/trace", json=example | {"model": "stacked"})
        assert set(answer.json()) == set(schemas["TraceAnswer"]["properties"])
    for entry in client.get("/api/models").json():
        assert set(entry) == set(schemas["ModelListing"]["properties"])


def test_docs_show_every_call_and_field(client):
    page = client.get("/docs").text
    for text in ["POST /api/trace", "GET /api/models", "levels", "application/octet-stream"]:
        assert text in page


def test_refused_files_do_not_keep_the_others_from_the_visitors(tmp_path, caplog):
    write_checkpoints(tmp_path)
    good = (tmp_path / "nested.safetensors").read_bytes()
    (tmp_path / "empty.safetensors").write_bytes(b"")
    (tmp_path / "truncated.safetensors").write_bytes(good[:-7])
    (tmp_path / "pickle.safetensors").write_bytes(b"\x80\x04cos\nsystem\n.")
    (tmp_path / "huge.safetensors").write_bytes((10**10).to_bytes(8, "little") + good[8:])
    (tmp_path / "surrogate.safetensors").write_bytes(
        changed_header(good, lambda text: text.replace('"b"', '"\\ud800"', 1))
    )
    (tmp_path / "nan.safetensors").write_bytes(
        changed_header(good, lambda text: text.replace("4.2", "NaN", 1))
    )
    (tmp_path / "nest.safetensors").write_bytes(
        changed_header(good, lambda text: text.replace("4.2", "[" * 2000 + "]" * 2000, 1))
    )
    (tmp_path / "folder.safetensors").mkdir()
    app = create_app(Settings(checkpoints=tmp_path))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        models = {entry["name"] for entry in client.get("/api/models").json()}
        assert client.get("/readyz").status_code == 200
        assert models == {*SIZES, "glimpses"}
    refused = [record.getMessage() for record in caplog.records if record.name == "nestscope"]
    for name in ["empty", "truncated", "pickle", "huge", "surrogate", "nan", "nest", "folder"]:
        assert sum(f"{name}.safetensors is not served: " in line for line in refused) == 1


def changed_header(content, change):
    """The file with another text under its metadata key."""
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header["__metadata__"]["nestscope"] = change(header["__metadata__"]["nestscope"])
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + size :]


def test_readyz_says_that_models_load(tmp_path, monkeypatch):
    write_checkpoints(tmp_path)
    go_on, load = threading.Event(), Catalogue.load

    def slow(self):
        go_on.wait(10)
        load(self)

    monkeypatch.setattr(Catalogue, "load", slow)
    with TestClient(create_app(Settings(checkpoints=tmp_path)), base_url="http://[::1]") as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "loading")
        go_on.set()
        assert len(client.get("/api/models").json()) == len(list(tmp_path.iterdir()))  # waits
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("MAX_TEXT", "0"),
        ("MAX_TEXT", "1e4"),
        ("MEMORY", "0"),
        ("MEMORY", "1.5"),
        ("CHECKPOINTS", "/no/such/folder"),
        ("ORIGINS", "example.org"),
        ("ORIGINS", "https://example.org/path"),
        ("ORIGINS", "*"),
        ("ORIGINS", "https://*.example.org"),
        ("ORIGINS", "https://b\u00fccher.example"),
        ("HOSTS", "*.example.org"),
        ("HOSTS", "a.example;b"),
        ("FRAMES", "https://a.example;script-src"),
        ("FRAMES", "https://a.example *"),
        ("ORIGINS", "https://a:99999"),
        ("ORIGINS", "https://user@a.example"),
        ("HOSTS", "https://a.example"),
        ("HOSTS", "a.example:8000"),
    ],
)
def test_a_bad_setting_is_told_in_a_sentence(monkeypatch, name, value):
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert sentence(refused.value).startswith(f"{PREFIX}{name}={value} is refused: ")


def test_settings_from_the_environment(monkeypatch, tmp_path):
    asked = "https://a.example:443, HTTP://B.example:81/ ,"
    monkeypatch.setenv("NESTSCOPE_ORIGINS", asked)
    monkeypatch.setenv("NESTSCOPE_FRAMES", "https://*.a.example,http://[::1]:80")
    monkeypatch.setenv("NESTSCOPE_HOSTS", "a.example,[::1],10.0.0.1")
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("NESTSCOPE_PORT", "")
    settings = Settings()
    assert settings.origins == ("https://a.example", "http://b.example:81")  # as browsers say it
    assert settings.frames == ("https://*.a.example", "http://[::1]")
    assert settings.hosts == ("a.example", "[::1]", "10.0.0.1")
    assert (settings.host, settings.port, settings.max_text) == ("127.0.0.1", 8000, 20_000)
    assert (settings.memory, settings.checkpoints) == (512, tmp_path)


def test_a_misspelt_setting_is_refused_by_name():
    with pytest.raises(UnknownSetting, match="NESTSCOPE_PROT: did you mean NESTSCOPE_PORT"):
        checked_environment({"NESTSCOPE_PROT": "9", "PATH": "/bin"})
    with pytest.raises(UnknownSetting, match="nestscope_prot: did you mean NESTSCOPE_PORT"):
        checked_environment({"nestscope_prot": "9"})
    assert checked_environment({"NESTSCOPE_PORT": "9", "nestscope": "x"}) == []


@pytest.mark.parametrize("name", ["checkpoints", "corpora"])
def test_a_folder_that_cannot_be_looked_at_is_refused_with_a_sentence(name):
    with pytest.raises(ValidationError) as refused:
        Settings(**{name: "/" + "a" * 300})
    assert "the folder cannot be read: File name too long" in sentence(refused.value)


@pytest.mark.parametrize("service", ["NESTSCOPE", "NESTSCOPE_WEB", "NESTSCOPE_FOR_CLASS_2"])
@pytest.mark.parametrize("protocol", ["tcp", "udp", "sctp"])
def test_the_service_links_of_kubernetes_are_no_settings(service, protocol):
    port = f"{service}_PORT_8000_{protocol.upper()}"
    links = {
        f"{service}_PORT": f"{protocol}://10.0.0.1:8000",
        f"{service}_SERVICE_HOST": "10.0.0.1",
        f"{service}_SERVICE_PORT": "8000",
        f"{service}_SERVICE_PORT_HTTP": "8000",
        port: f"{protocol}://10.0.0.1:8000",
        f"{port}_PROTO": protocol,
        f"{port}_PORT": "8000",
        f"{port}_ADDR": "10.0.0.1",
    }
    assert checked_environment(links) == list(links)


def test_a_port_that_no_service_has_is_refused():
    with pytest.raises(UnknownSetting, match="no setting NESTSCOPE_WEB_PORT"):
        checked_environment({"NESTSCOPE_WEB_PORT": "8001"})


def test_the_command_stops_at_a_misspelt_setting():
    done = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env={"NESTSCOPE_PORT": "tcp://10.0.0.1:8000", "NESTSCOPE_MEMORI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "did you mean NESTSCOPE_MEMORY?" in done.stderr


@pytest.mark.parametrize("given", [["--port", "8001"], ["--port=8001"]])
def test_a_setting_as_an_option_is_told_its_variable(given):
    done = subprocess.run(
        [sys.executable, "-m", "app", *given], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "NESTSCOPE_PORT=8001 python -m app" in done.stderr


def test_hosts_that_are_named_are_the_only_ones():
    named = ["memory.example.org"]
    assert is_served("memory.example.org:8000", "0.0.0.0", [], named)
    assert is_served("memory.example.org", "127.0.0.1", [], named)
    assert is_served("localhost:8000", "0.0.0.0", [], named)
    assert is_served("a.example", "0.0.0.0", ["https://a.example"], named)
    assert not is_served("evil.example", "0.0.0.0", [], named)
    assert not is_served(None, "0.0.0.0", [], named)


def test_the_command_stops_at_a_bad_setting_and_helps():
    command = [sys.executable, "-m", "app"]
    bad = subprocess.run(
        command, cwd=ROOT, env={"NESTSCOPE_PORT": "x"}, capture_output=True, text=True, check=False
    )
    assert bad.returncode == 2
    assert bad.stderr.count("\n") == 1
    assert "NESTSCOPE_PORT=x is refused" in bad.stderr
    told = subprocess.run(
        [*command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in Settings.model_fields:
        assert PREFIX + name.upper() in told.stdout


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, "a/b"),
        ("", "a/b"),
        ("*/*", "a/b"),
        ("a/c", "a/c"),
        ("a/*;q=0.3, a/c", "a/c"),
        ("*/*, a/b;q=0", "a/c"),
        ("a/c;q=0.5, a/b;q=0.50", "a/b"),
        ("a/b;level=1;q=0.1,a/c;q=0.2", "a/c"),
        ("d/*", None),
        (";;;,,,", None),
        ("a/c;q=x", "a/c"),
        ("a/c;q=nan", "a/c"),
    ],
)
def test_accept(header, wanted):
    assert prefers(header, ["a/b", "a/c"]) == wanted


@pytest.mark.parametrize(
    ("host", "listening", "served"),
    [
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("nestscope.localhost:8000", "::1", True),
        ("example.org", "127.0.0.1", False),
        ("allowed.example:8000", "127.0.0.1", True),
        ("127.0.0.1.example.org", "localhost", False),
        ("example.org", "0.0.0.0", True),
        (None, "0.0.0.0", True),
        (None, "127.0.0.1", False),
        ("[::1", "127.0.0.1", False),
    ],
)
def test_hosts(host, listening, served):
    assert is_served(host, listening, ["https://allowed.example"]) is served


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "example.org", True),
        ("https://example.org", "example.org", True),
        ("https://example.org", "example.org:443", True),
        ("http://example.org", "example.org:443", False),
        ("https://EXAMPLE.org", "example.ORG", True),
        ("https://example.org:8443", "example.org", False),
        ("https://allowed.example", "example.org", True),
        ("https://example.org.evil.example", "example.org", False),
        ("https://[", "example.org", False),
        ("https://", "", False),
        ("ftp://example.org", "example.org", False),
    ],
)
def test_origins(origin, host, allowed):
    assert is_allowed(origin, host, ["https://allowed.example"]) is allowed


def test_scripts_are_packed_for_those_who_take_it_and_say_so(client):
    address = "/static/main.js"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.content == plain.content == (ROOT / "static/main.js").read_bytes()
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    tag = {"If-None-Match": packed.headers["etag"], "Accept-Encoding": "gzip"}
    assert client.get(address, headers=tag).status_code == 304
    part = client.get(address, headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, plain.content[:10])
