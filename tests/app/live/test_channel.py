"""The live channel: a real application, a real websocket, one message after another."""

import threading

import numpy as np
import pytest
from live_page import LIVE, TEXT, Page, fresh
from random_models import model
from server import serving
from starlette.websockets import WebSocketDisconnect

from app import weights


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=2000) as client:
        yield client


def test_hello(client):
    with client.websocket_connect(LIVE) as socket:
        assert Page(socket).hello == {
            "type": "hello",
            "protocol": 2,
            "max_text": 2000,
            "max_message": 1_000_000,
        }


@pytest.mark.parametrize("first", ["text", "panels"])
def test_a_text_is_coloured_as_a_fresh_run_says(client, first):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        if first == "text":
            page.edit(0, 0, TEXT + "漢é😀")
        page.show(("nested", [3, 0]), ("lstm", "all"))
        if first == "panels":
            page.edit(0, None, TEXT + "漢é😀")
        page.wait()
        page.check()
        page.show(("deep", "all"))
        page.wait()
        page.check()
        page.show(("stacked", [8]), ("stacked", [1, 2]))  # the same model twice
        page.wait()
        page.check()
        page.show(("nested", [2]), ("stacked", "all"), ("deep", [0]), ("nested", "all"))
        page.wait()
        page.check()


def test_only_what_an_edit_changed_is_sent(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", "all"), ("stacked", [0]))
        page.edit(0, 0, TEXT)
        page.wait()
        page.heads.clear()
        page.edit(len(TEXT), 0, "x")
        page.wait()
        assert {(h["panel"], h["start"]) for h in page.heads} == {(0, len(TEXT)), (1, len(TEXT))}
        page.heads.clear()
        page.edit(20, 3, "yz")
        page.wait()
        assert min(h["start"] for h in page.heads) == 20
        page.check()


def test_what_a_view_already_has_is_not_sent_again(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [1]), ("stacked", [0]))
        page.edit(0, 0, TEXT)
        page.wait()
        page.heads.clear()
        page.show(("nested", [1]), ("stacked", [5]))
        page.wait()
        assert {h["panel"] for h in page.heads} == {1}
        page.check()


def test_an_empty_text_is_answered(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [1]))
        page.receive()
        page.edit(0, 0, TEXT)
        page.wait()
        page.edit(0, None, "")
        page.heads.clear()
        while not page.heads:
            page.receive()
        head = {"revision": 2, "view": 1, "panel": 0, "start": 0, "length": 0}
        assert page.heads[-1] == head


def test_the_newest_edit_wins(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("deep", "all"))
        for k in range(40):
            page.edit(k % 7, k % 3 if k > 9 else 0, f"edit {k} ")
        page.wait()
        page.check()


def test_exact_values(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [4, 2]), ("lstm", "all"))
        page.edit(0, 0, TEXT * 3)
        page.say({"type": "inspect", "request": 9, "position": 50})  # before it is read
        values = page.answer("values")
        assert (values["request"], values["revision"], values["position"]) == (9, 1, 50)
        nested, lstm = values["panels"]
        np.testing.assert_allclose(nested, fresh("nested", page.text)[50][:, [4, 2]], atol=1e-6)
        np.testing.assert_allclose(lstm, fresh("lstm", page.text)[50], atol=1e-6)
        page.say({"type": "inspect", "request": 10, "position": len(page.text)})
        assert page.answer("values")["panels"] == []


def test_predictions(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("deep", [0]), ("nested", "all"))
        page.edit(0, 0, TEXT)
        for position in (0, 20, len(TEXT) - 1):
            page.say({"type": "predict", "request": position, "position": position})
            page.say({"type": "inspect", "request": 1, "position": position})  # both at once
            answer = page.answer("predictions")
            assert (answer["request"], answer["position"]) == (position, position)
            for (name, _), logits in zip(page.panels, answer["panels"], strict=True):
                expected = model(name).trace(TEXT).logits[position]
                np.testing.assert_allclose(logits, expected, atol=1e-5)
            page.answer("values")


EDIT = {"type": "edit", "revision": 99, "at": 0, "delete": 0, "insert": "", "length": len(TEXT)}
SHOW = {"type": "show", "view": 99, "panels": [{"model": "nested", "cells": [0]}]}
PANEL = SHOW["panels"][0]
WRONG = [
    ("", "invalid", None),
    ("{", "invalid", None),
    ("[]", "invalid", None),
    ("[" * 100_000, "invalid", None),
    ("null", "invalid", None),
    (b"\x00\x01", "invalid", None),
    ({}, "invalid", None),
    ({"type": "delete"}, "invalid", None),
    (EDIT | {"revision": True}, "invalid", "revision"),
    (EDIT | {"revision": 1.0}, "invalid", "revision"),
    (EDIT | {"revision": None}, "invalid", "revision"),
    (EDIT | {"revision": 10**30}, "invalid", "revision"),
    (EDIT | {"at": -1}, "invalid", "at"),
    (EDIT | {"at": "0"}, "invalid", "at"),
    (EDIT | {"insert": None}, "invalid", "insert"),
    (EDIT | {"insert": "\ud800"}, "invalid", None),
    (EDIT | {"colour": "red"}, "invalid", "colour"),
    ({k: v for k, v in EDIT.items() if k != "length"}, "invalid", "length"),
    (EDIT | {"revision": 0}, "out_of_step", "revision"),
    (EDIT | {"length": 3}, "out_of_step", "length"),
    (EDIT | {"at": 999, "length": len(TEXT)}, "out_of_step", "at"),
    (EDIT | {"delete": 999, "length": 0}, "out_of_step", "at"),
    (EDIT | {"insert": "a" * 2000, "length": len(TEXT) + 2000}, "text_too_long", "insert"),
    (SHOW | {"view": 0}, "stale_view", "view"),
    (SHOW | {"panels": []}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL] * 5}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"model": "nobody"}]}, "unknown_model", "model"),
    (SHOW | {"panels": [PANEL | {"model": "glimpses"}]}, "reads_no_text", "model"),
    (SHOW | {"panels": [PANEL | {"cells": [9]}]}, "invalid", "cells"),
    (SHOW | {"panels": [PANEL | {"cells": [1, 1]}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"cells": [True]}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"cells": "some"}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"cells": []}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"visible": [5, 1]}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"interventions": None}]}, "invalid", "panels"),
    (SHOW | {"panels": [PANEL | {"interventions": [{}]}]}, "invalid", "interventions"),
    ({"type": "inspect", "request": 1, "position": -1}, "invalid", "position"),
    ({"type": "inspect", "request": 1, "position": True}, "invalid", "position"),
    ({"type": "gates", "request": 1}, "invalid", "cells"),
]


@pytest.mark.parametrize(("message", "code", "field"), WRONG, ids=range(len(WRONG)))
def test_a_message_of_a_wrong_form_is_told_and_the_session_goes_on(client, message, code, field):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [1]))
        page.edit(0, 0, TEXT)
        page.wait()
        if isinstance(message, bytes):
            socket.send_bytes(message)
        else:
            page.say(message)
        error = page.answer("error")
        assert set(error) == {"type", "code", "message", "field"}
        assert (error["code"], error["field"]) == (code, field)
        assert error["message"].endswith(".")
        page.edit(0, None, "still here")
        page.wait()
        page.check()


def test_after_a_refused_edit_only_a_whole_text_is_taken(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [1]))
        page.edit(0, 0, "abc", length=7)
        assert page.answer("error")["code"] == "out_of_step"
        page.edit(0, 0, "abc", length=3)  # would fit by its length, and be another text
        assert page.answer("error")["code"] == "out_of_step"
        page.edit(0, None, "whole")
        page.wait()
        page.check()


def test_a_message_that_is_too_large_closes_with_the_reason(client):
    with client.websocket_connect(LIVE) as socket:
        Page(socket).say(" " * 1_000_001)
        assert socket.receive()["code"] == 1009


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://127.0.0.1:8000", True),
        ("http://127.0.0.1:8001", False),
        ("http://localhost:8000", False),
        ("http://example.org", False),
        ("null", False),
        ("file://", False),
        ("http://127.0.0.1:8000.example.org", False),
        ("http://127.0.0.1:8000@example.org", False),
    ],
)
def test_a_foreign_origin_is_refused(client, origin, allowed):
    if allowed:
        with client.websocket_connect(LIVE, headers={"Origin": origin}) as socket:
            Page(socket)
    else:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(LIVE, headers={"Origin": origin}),
        ):
            pass


def test_two_together_are_as_one_alone(client):
    """Many at once on one model, one of them with a long text: each as a fresh run says."""
    failures = []

    def visit(text):
        try:
            with client.websocket_connect(LIVE) as socket:
                page = Page(socket)
                page.show(("nested", "all"), ("deep", [1]))
                for k in range(0, len(text), max(1, len(text) // 20)):
                    page.edit(len(page.text), 0, text[k : k + max(1, len(text) // 20)])
                page.wait()
                page.check()
        except BaseException as error:
            failures.append(error)

    texts = [TEXT * 12, *("typist " + "abcd"[k] * k for k in range(4))]
    threads = [threading.Thread(target=visit, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_closed_tab_leaves_nothing(client):
    state = client.app.state.nestscope
    for _ in range(20):
        with client.websocket_connect(LIVE) as socket:
            page = Page(socket)
            page.show(("nested", "all"), ("stacked", "all"))
            page.edit(0, 0, TEXT * 40)  # and leaves before it is read
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", [0]))
        page.edit(0, 0, TEXT)
        page.wait()
        assert len(state.visitors) == 1
        (transcript,) = state.budget._rooms
        assert transcript.is_idle
        assert state.budget.reserved == transcript.room


def test_a_panel_is_read_under_its_interventions(client):
    """Typed, edited, and long enough to be read in spans; beside one that nothing changes."""
    changes = [{"layer": 0, "level": 1, "set": 0.5, "from": 3, "to": 40}]
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.edit(0, 0, TEXT)
        panels = [
            {"model": "nested", "cells": "all", "interventions": changes},
            {"model": "nested", "cells": "all"},
        ]
        page.view += 1
        page.panels = [("nested", "all")] * 2
        page.columns, page.unknown = [[], []], [set(), set()]
        page.say({"type": "show", "view": page.view, "panels": panels})
        for text in (None, "x", "more of it " * 80):
            if text:
                page.edit(len(page.text), 0, text)
            page.wait()
            trace = model("nested").trace(page.text, interventions=changes)
            expected = trace.display[:, 0, ::-1]
            got = np.array(page.columns[0])
            assert np.abs(got - np.rint(127 * expected)).max() <= 1
            assert np.abs(np.array(page.columns[1]) - np.rint(127 * expected)).max() > 1


def test_weights_are_never_read_on_the_loop(client, monkeypatch):
    """With room for one model but not for two: a view of two is refused, the next is shown."""
    state = client.app.state.nestscope
    readers = []
    read = weights.load_checkpoint

    def noted(path):
        readers.append(threading.current_thread())
        return read(path)

    monkeypatch.setattr(weights, "load_checkpoint", noted)
    largest = max(weights.size(entry) for entry in state.catalogue)
    monkeypatch.setattr(state.catalogue, "weights", weights.Weights(largest + 1))
    loop = client.portal.call(threading.current_thread)
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.edit(0, 0, TEXT)
        page.show(("deep", [0]), ("nested", [0]))
        while not page.others:
            page.receive()
        assert page.others[0]["code"] == "busy"
        assert "fewer or smaller" in page.others[0]["message"]
        page.show(("gru", "all"))
        page.wait()
        assert np.array(page.columns[0]).shape[0] == len(TEXT)
    assert len(readers) >= 2
    assert loop not in readers
