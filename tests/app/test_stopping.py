"""A server told to stop while it computes: who waits is told so, in the form of every error."""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
import torch
from random_models import VOCABULARY

from models import CharacterModel, save_checkpoint

ROOT = Path(__file__).parents[2]
LONG = "said " * 100_000
"""Minutes of reading for a network as large as this one."""


@pytest.fixture
def server(tmp_path):
    torch.manual_seed(0)
    net = CharacterModel(VOCABULARY, 1, 2, 500)
    net.initialise()
    save_checkpoint(tmp_path / "large.safetensors", net)
    settings = {"PORT": "0", "CHECKPOINTS": str(tmp_path), "MAX_TEXT": "1000000"}
    process = subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {f"NESTSCOPE_{name}": value for name, value in settings.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, re.search(r"127\.0\.0\.1:\d+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.communicate()


def post(place, path, body):
    """Status, type and body of the answer."""
    with closing(HTTPConnection(place, timeout=60)) as connection:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read().decode()


def answers_held(place):
    """Bytes of the answers being computed; None while nobody listens."""
    with suppress(ConnectionRefusedError), closing(HTTPConnection(place, timeout=60)) as connection:
        connection.request("GET", "/metrics")
        counts = connection.getresponse().read().decode()
        return float(re.search(r"^nestscope_answers_bytes (.*)$", counts, re.M)[1])
    return None


def test_who_waits_for_a_trace_or_a_measurement_is_told(server):
    process, place = server
    found = {}

    def ask(path, **body):
        found[path] = post(place, path, {"model": "large"} | body)

    asked = [
        threading.Thread(target=ask, args=("/api/timescales",), kwargs={"text": LONG[:20_000]}),
        threading.Thread(target=ask, args=("/api/trace",), kwargs={"text": LONG, "cells": [0]}),
    ]
    while answers_held(place) is None:
        assert process.poll() is None
    for thread in asked:
        thread.start()
    while not answers_held(place):
        assert all(thread.is_alive() for thread in asked)
    process.terminate()
    for thread in asked:
        thread.join()
    status, kind, body = found["/api/trace"]
    assert (status, kind) == (503, "application/json")
    assert json.loads(body)["error"]["code"] == "stopping"
    status, _, body = found["/api/timescales"]
    assert status == 200
    assert json.loads(body.splitlines()[-1])["error"]["code"] == "stopping"
    process.wait(30)
