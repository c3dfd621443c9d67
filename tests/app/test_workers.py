"""Two processes behind one socket: each serves, one may die, and the counts are those of both."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from live_page import TEXT, Page, fresh
from prometheus_client.parser import text_string_to_metric_families
from random_models import model, write_checkpoints
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app import workers
from app.settings import Settings
from app.state import AppState
from app.turn import Turn
from models import save_checkpoint

ROOT = Path(__file__).parents[2]


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


class Socket:
    """A live channel as the tests' page speaks it."""

    def __init__(self, connection):
        self.connection = connection
        self.receive_text = self.connection.recv
        self.send_text = self.connection.send

    def receive(self):
        message = self.connection.recv(timeout=120)
        return {"bytes": message} if isinstance(message, bytes) else {"text": message}


class Server:
    """`python -m app` with two processes."""

    def __init__(self, folder, **settings):
        own = {"NESTSCOPE_PORT": "0", "NESTSCOPE_WORKERS": "2", "NESTSCOPE_CHECKPOINTS": folder}
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=os.environ | {name: str(value) for name, value in (own | settings).items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.process.stdout.readline()
        self.place = re.search(r"127\.0\.0\.1:\d+", line)[0]
        self.wait_for("nestscope_workers", 2)

    def get(self, path):
        with urlopen(f"http://{self.place}{path}", timeout=120) as answer:
            return answer.read().decode()

    def counts(self):
        families = text_string_to_metric_families(self.get("/metrics"))
        return {s.name: s.value for family in families for s in family.samples if not s.labels}

    def wait_for(self, name, value):
        found = None
        while found != value:
            assert self.process.poll() is None
            with suppress(URLError):  # not listening yet
                found = self.counts().get(name)
            time.sleep(0.1)

    def children(self):
        """The processes that serve."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [pid for pid in map(int, listed.split()) if b"spawn_main" in command(pid)]

    def channel(self, stack):
        address = f"ws://{self.place}/api/live"
        return Socket(stack.enter_context(connect(address, compression=None, max_size=None)))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoints(folder)
    running = Server(folder)
    yield running
    running.process.terminate()
    running.process.wait(60)
    running.process.stdout.close()


def read(socket):
    """Type a text, and compare what comes with a fresh run."""
    page = Page(socket)
    page.show(("nested", "all"), ("stacked", [0, 2]))
    page.edit(0, 0, TEXT)
    page.wait()
    page.check()
    return page


def test_both_serve_one_dies_and_its_pages_go_on_with_the_other(server):
    first, second = server.children()
    with ExitStack() as stack:
        before = server.counts()["nestscope_keystroke_seconds_count"]
        pages = [read(server.channel(stack)) for _ in range(12)]
        server.wait_for("nestscope_sessions", 12)
        counted = server.counts()
        assert counted["nestscope_keystroke_seconds_count"] == before + 12
        assert counted["nestscope_workers"] == 2
        os.kill(first, signal.SIGKILL)
        lost = 0
        for page in pages:
            try:
                page.edit(len(page.text), 0, "!")
                page.wait()
            except ConnectionClosed:
                lost += 1
                again = read(server.channel(stack))  # the page sends its whole text
                again.edit(len(again.text), 0, "!")
                again.wait()
                again.check()
            else:
                page.check()
        assert 0 < lost < 12  # both had some of them
        # The watch brings a new one, and the dead one's visitors are not counted any more.
        server.wait_for("nestscope_sessions", 12)
        server.wait_for("nestscope_workers", 2)
        assert second in server.children()
        assert server.counts()["nestscope_keystroke_seconds_count"] >= before + 12
    server.wait_for("nestscope_sessions", 0)


def values_or_sentence(page):
    """What a page that has shown something gets: its columns, or the message of the refusal."""
    while not page.others and len(page.columns[0]) < len(page.text):
        page.receive()
    return None if page.others else np.int16(page.columns[0])


def test_each_process_reads_a_changed_file_and_says_so_if_it_never_had_the_old_one(server):
    served = {one["name"]: one["sha256"] for one in json.loads(server.get("/api/models"))}
    before, after = (np.rint(127 * fresh(name, TEXT)) for name in ("deep", "nested"))
    with ExitStack() as stack:
        keeper = Page(server.channel(stack))
        keeper.show(("deep", "all"))
        keeper.edit(0, 0, TEXT)
        keeper.wait()
        others = [Page(server.channel(stack)) for _ in range(12)]
        save_checkpoint(server.folder / "deep.safetensors", model("nested"))
        for page in (keeper, *others):
            page.answer("models")  # its process has looked
        asked = refused = 0
        # The system gives a connection to either process: more of them until both were asked.
        while asked < len(others) or (refused in (0, asked) and asked < 300):
            page = others[asked] if asked < len(others) else Page(server.channel(stack))
            asked += 1
            page.edit(0, 0, TEXT)
            page.show((f"deep@{served['deep'][:12]}", "all"))
            if (values := values_or_sentence(page)) is not None:
                assert np.abs(values - before).max() <= 1
            else:
                refused += 1
                error = page.answer("error")
                assert error["code"] == "unknown_model"
                assert error["message"].startswith("There is no model of this name; served are")
            page.show(("deep", "all"))
            assert np.abs(values_or_sentence(page) - after).max() <= 1
        assert 0 < refused < asked
        keeper.edit(len(keeper.text), 0, "!")
        keeper.wait()
        keeper.check()  # who reads with the old one goes on with it


def test_the_processes_stop_with_the_one_that_watches_them(server, tmp_path):
    write_checkpoints(tmp_path)
    own = Server(tmp_path)
    children = own.children()
    own.process.kill()
    own.process.wait()
    own.process.stdout.close()
    for child in children:
        while Path(f"/proc/{child}").exists():
            time.sleep(0.1)
    assert json.loads(server.get("/healthz")) == {"status": "up"}


def test_memory_is_that_of_all_processes(tmp_path):
    settings = Settings(checkpoints=tmp_path, memory=100, workers=4)
    state = AppState.of(settings)
    assert state.budget.limit == 25_000_000
    state.close()


def test_counts_find_a_place_where_the_disk_cannot_be_written(monkeypatch, tmp_path):
    def refuse(prefix, dir=None):
        if dir is None:
            raise OSError("read-only")
        return make(prefix=prefix, dir=dir)

    make = workers.tempfile.mkdtemp
    monkeypatch.setattr(workers.tempfile, "mkdtemp", refuse)
    monkeypatch.setattr(workers, "SHARED_MEMORY", tmp_path)
    with workers.counts_folder() as folder:
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(workers, "SHARED_MEMORY", tmp_path / "no")
    with pytest.raises(workers.NoFolder, match="set TMPDIR"), workers.counts_folder():
        pass


def test_a_turn_is_one_process_s_and_ends_with_it(tmp_path):
    turn = Turn(tmp_path / "cache" / "lock")
    assert turn.name() is None
    held = turn.take("tale")
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(sleep, pass_fds=[held]) as holder:
        os.close(held)
        assert turn.name() == "tale"
        assert turn.take("other") is None
        holder.kill()
    assert turn.name() is None
    os.close(turn.take("other"))
