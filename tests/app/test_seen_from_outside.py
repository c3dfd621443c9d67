"""What those who run the server see of it: counts and a log, and never a visitor's text."""

import json
import logging
import logging.config
import re

import pytest
from live_page import LIVE, Page
from prometheus_client.parser import text_string_to_metric_families
from server import serving
from starlette.websockets import WebSocketDisconnect

from app import logs

SECRET = "remember the milk "


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("checkpoints"), max_text=2000) as client:
        yield client


def counts(client):
    """Every sample by its name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_what_visitors_do_is_counted(client):
    before = counts(client)
    assert before["nestscope_sessions",] == 0
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.show(("nested", "all"))
        page.edit(0, 0, SECRET)
        page.wait()
        page.say("nonsense")
        page.answer("error")
        during = counts(client)
        assert during["nestscope_sessions",] == 1
        assert during["nestscope_memory_bytes",] > 0
    client.post("/api/trace", json={"model": "no", "text": SECRET})
    after = counts(client)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown["nestscope_keystroke_seconds_count",] == 1
    assert grown["nestscope_batch_rows_count",] >= 1
    assert grown["nestscope_refusals_total", "invalid"] == 1
    assert grown["nestscope_refusals_total", "unknown_model"] == 1
    assert after["nestscope_models",] == len(client.get("/api/models").json())
    assert "milk" not in client.get("/metrics").text


@pytest.fixture
def written(capsys):
    """What the log holds, in a form."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def write(kind, *arguments):
        logging.config.dictConfig(logs.config(kind))
        logging.getLogger("nestscope").warning(*arguments)
        return capsys.readouterr().err

    yield write
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_of_the_log_has_time_level_and_request(written):
    logs.REQUEST.set("1f2e3d4c")
    line = written("text", "%s happened", "it")
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{when} WARNING 1f2e3d4c nestscope: it happened\n", line)
    found = json.loads(written("json", "two\nlines"))
    assert found.keys() == {"time", "level", "request", "logger", "message"}
    assert (found["level"], found["request"], found["message"]) == (
        "WARNING",
        "1f2e3d4c",
        "two\nlines",
    )


def test_a_request_has_a_name_of_its_own_and_no_text_is_logged(client, caplog):
    seen = []
    caplog.handler.addFilter(lambda record: seen.append(logs.REQUEST.get()) or True)
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            with (
                pytest.raises(WebSocketDisconnect),
                client.websocket_connect(LIVE, headers={"Origin": "https://evil.example"}),
            ):
                pass
        client.post("/api/trace", json={"model": "nested", "text": SECRET})
    refused = [r for r in caplog.records if "NESTSCOPE_ORIGINS=https://evil.example" in r.message]
    assert len(refused) == 2
    assert len({name for name in seen if name != "-"}) >= 2
    assert "milk" not in caplog.text
