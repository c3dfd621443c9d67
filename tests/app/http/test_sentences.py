"""Refusals that a person can act on, and headers read as RFC 9110 says."""

import json

import pytest
from live_page import LIVE, Page
from server import serving

TRACE = {"model": "nested", "text": "abc"}
ATTRIBUTION = TRACE | {"position": 1}
IMAGE = [[0] * 28] * 28


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints")) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("trace", TRACE | {"model": None}, "`model` must be text."),
        ("trace", TRACE | {"text": 5}, "`text` must be text."),
        ("trace", TRACE | {"cells": []}, "`cells` must have at least 1 entry, not 0."),
        ("trace", TRACE | {"cells": [True]}, "`cells.0` must be a whole number."),
        ("trace", TRACE | {"cells": [1.5]}, "`cells.0` must be a whole number."),
        ("trace", TRACE | {"cells": [1] * 65_537}, "`cells` must have at most 65,536 entries, not"),
        ("trace", TRACE | {"interventions": None}, "`interventions` must be a list."),
        ("continuation", TRACE | {"temperature": True}, "`temperature` must be a number."),
        ("continuation", TRACE | {"temperature": "0.7"}, "`temperature` must be a number."),
        ("attribution", ATTRIBUTION | {"target": None}, "`target` must be an object."),
        ("attribution", ATTRIBUTION | {"target": {}}, "`target.symbol` is required."),
        ("marks", {"text": "a", "literal": "a" * 1001}, "at most 1,000 characters, not 1,001."),
        ("glimpses", {"model": "glimpses", "image": []}, "`image` must have at least 28 entries"),
        ("trace", TRACE | {"Text": "a"}, "`Text` is not a field of this message."),
        ("effects", TRACE | {"from": 0, "operation": 1}, "`operation` must be 'zero', 'mean' or"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_plain_words(client, path, body, sentence):
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]["message"]


@pytest.mark.parametrize("number", [1, 0.5, 0])
def test_a_temperature_is_any_number(client, number):
    body = TRACE | {"temperature": number, "count": 3}
    assert client.post("/api/continuation", json=body).status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"cells": [%s]}' % (b"9" * 5000), "a number of thousands of digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": "\xff"}', "not UTF-8"),
    ],
)
def test_a_body_that_cannot_be_read_is_said_so(client, content, sentence):
    headers = {"Content-Type": "application/json"}
    answer = client.post("/api/trace", content=content, headers=headers)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]["message"]


def test_the_live_channel_says_it_alike_and_refuses_gates_beyond_the_text(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        panel = {"model": "nested", "cells": [], "visible": [0, 1]}
        for part, sentence in (
            ({}, "`panels.0.cells` must have at least 1 entry, not 0."),
            ({"cells": "some"}, "`panels.0.cells` must be a list."),
            ({"cells": "all", "model": None}, "`panels.0.model` must be text."),
        ):
            page.say({"type": "show", "view": 1, "panels": [panel | part]})
            page.receive()
            assert page.others[-1]["message"] == sentence
        page.edit(0, 0, "abc")
        page.show(("nested", [0]))
        page.wait()
        told = len(page.others)
        page.say({"type": "gates", "request": 1, "cells": [0], "start": 3, "stop": 5})
        while len(page.others) == told:
            page.receive()
        assert page.others[-1]["message"] == "`start` must be within the text of 3 code points."


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
    ],
)
def test_a_version_is_found_in_a_list(client, header, status):
    for path in ("/api/timescales/nested/cells", "/static/main.js"):
        tag = client.get(path).headers["etag"]
        answer = client.get(path, headers={"If-None-Match": header.format(tag=tag)})
        assert answer.status_code == status, path


@pytest.mark.parametrize(
    "header", ["lines=1-2", "bytes=a-b", "bytes=5-2", "bytes=", "bytes=-", "bytes=0-1,x", "1-2"]
)
def test_a_range_that_is_none_is_ignored(client, header):
    whole = client.get("/static/main.js").content
    answer = client.get("/static/main.js", headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, whole)


def test_a_range_is_given_and_one_beyond_the_end_is_refused(client):
    whole = client.get("/static/main.js").content
    answer = client.get("/static/main.js", headers={"Range": "bytes=3-9"})
    assert (answer.status_code, answer.content) == (206, whole[3:10])
    answer = client.get("/static/main.js", headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(whole)}"
    error = json.loads(answer.content)["error"]
    assert (error["code"], error["field"]) == ("range_not_satisfiable", "Range")
    assert f"{len(whole)} bytes" in error["message"]
