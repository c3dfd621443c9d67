"""What one connection may cost before the application hears of it: a real server, raw sockets."""

import contextlib
import json
import os
import socket
import threading
import time

import pytest
import uvicorn
from random_models import write_checkpoints

from app import protocols
from app.application import create_app
from app.catalogue import Catalogue
from app.protocols import LimitedHttp, LimitedWebSocket
from app.settings import Settings
from app.work import tracers

UPGRADE = (
    b"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoints(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(Settings(checkpoints=folder)),
        http=LimitedHttp,
        ws=LimitedWebSocket,
        ws_ping_interval=None,  # only a limit may end a connection here, not an unanswered ping
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    server.port = listening.getsockname()[1]
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture
def port(serving):
    while serving.server_state.connections:  # those of the test before
        time.sleep(0.01)
    return serving.port


@contextlib.contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        yield connection


def is_closed(connection):
    """Wait for the end of the connection; what came before it is dropped."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(1 << 16):
            pass
    return True


def is_answered(connection):
    """Whether the question on this connection is answered: head and body, in however many parts."""
    connection.sendall(HEALTH)
    answer = b""
    while not answer.endswith(b'{"status":"up"}'):
        part = connection.recv(1 << 16)
        if not part:
            return False
        answer += part
    return answer.startswith(b"HTTP/1.1 200")


def is_served(port):
    with connected(port) as connection:
        return is_answered(connection)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /healthz HTT",
        b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{",
    ],
    ids=["silent", "half a head", "half a body"],
)
def test_who_does_not_say_what_he_wants_is_let_go(port, monkeypatch, said):
    monkeypatch.setattr(protocols, "REQUEST_SECONDS", 0.3)
    with connected(port) as connection:
        connection.sendall(said)
        assert is_closed(connection)
    assert is_served(port)


def test_beyond_the_most_connections_new_ones_are_closed_and_the_others_served(port, monkeypatch):
    monkeypatch.setattr(protocols.Connections, "most", 5)
    with contextlib.ExitStack() as stack:
        first = [stack.enter_context(connected(port)) for _ in range(5)]
        for connection in first:
            assert is_answered(connection)
        with connected(port) as late:
            assert is_closed(late)
        assert is_answered(first[0])


def test_who_reads_a_large_answer_slowly_gives_its_room_back(serving, port, monkeypatch):
    """He reads now and then, so that the connection itself is never idle for long."""
    monkeypatch.setattr(tracers, "READ_SECONDS", 1.0)
    monkeypatch.setattr(tracers, "READ_BYTES", 1e9)
    room = serving.config.app.state.nestscope.tracers
    body = json.dumps({"model": "deep", "text": "a" * 20_000, "signal": "gates"}).encode()
    head = f"Accept: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with connected(port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
        connection.sendall(b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + body)
        size = 0
        assert connection.recv(1 << 10)
        assert room.held
        while room.held:
            size += len(connection.recv(1 << 10))
            time.sleep(0.02)
        assert size < 4 * 20_000 * 2 * 3 * 4 * 5  # bytes of its values
    assert is_served(port)


def frame(opcode, final, payload=b""):
    """A masked frame of a client, the mask zero."""
    return bytes([(final << 7) | opcode, 0x80 | len(payload)]) + bytes(4) + payload


@pytest.mark.parametrize(
    "flood",
    [
        frame(1, final=False) + frame(0, final=False) * 30_000,
        frame(9, final=True, payload=b"x" * 100) * 30_000,
        frame(10, final=True, payload=b"x") * 30_000,
        frame(2, final=True, payload=b"x") * 30_000,
    ],
    ids=["fragments", "pings", "pongs", "binary messages"],
)
def test_a_flood_of_empty_frames_ends_that_connection_alone(port, flood):
    with connected(port) as quiet, connected(port) as hostile:
        for connection in (quiet, hostile):
            connection.sendall(UPGRADE)
            assert connection.recv(1 << 12).startswith(b"HTTP/1.1 101")
        with contextlib.suppress(ConnectionError):
            hostile.sendall(flood)
        assert is_closed(hostile)
        quiet.settimeout(30)
        quiet.sendall(frame(9, final=True, payload=b"alive"))
        answer = b""
        while b"alive" not in answer:
            answer += quiet.recv(1 << 12)
    assert is_served(port)


def test_a_flood_of_messages_is_looked_at_slice_by_slice(port, monkeypatch):
    """So others have their turn between two slices."""
    waiting = []
    take = LimitedWebSocket.send_receive_event_to_app

    def watched(self):
        take(self)
        waiting.append(self.queue.qsize())

    monkeypatch.setattr(LimitedWebSocket, "send_receive_event_to_app", watched)
    message = frame(1, final=True, payload=b"{}")
    with connected(port) as hostile:
        hostile.sendall(UPGRADE)
        assert hostile.recv(1 << 12).startswith(b"HTTP/1.1 101")
        hostile.sendall(message * 20_000)
        while not waiting:
            time.sleep(0.01)
        assert is_served(port)
        slice_holds = protocols.SLICE_BYTES // len(message) + 1
        while len(waiting) <= slice_holds:  # the next slice follows
            time.sleep(0.01)
        assert is_served(port)
    assert max(waiting) <= slice_holds + 1


CHUNKED = (
    b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


def test_a_body_in_crumbs_is_refused_with_a_sentence(port):
    with connected(port) as hostile:
        hostile.sendall(CHUNKED + b"1\r\n \r\n" * (protocols.MOST_SMALL_PARTS + 1))
        answer = b""
        while part := hostile.recv(1 << 16):
            answer += part
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"Send it in larger parts." in answer
    assert is_served(port)


def test_a_body_in_a_few_parts_and_the_requests_after_it_are_answered(port):
    body = b"".join(b"1\r\n%c\r\n" % one for one in b'{"model": "nested", "text": "ab"}')
    blank = b"800\r\n" + b" " * 0x800 + b"\r\n"
    with connected(port) as connection:
        for _ in range(3):
            connection.sendall(CHUNKED + body + blank * 200 + b"0\r\n\r\n")
            answer = b""
            while not answer.endswith(b"\r\n0\r\n\r\n"):
                part = connection.recv(1 << 16)
                assert part
                answer += part
            assert answer.startswith(b"HTTP/1.1 200")
        assert is_answered(connection)


def test_who_does_not_read_an_answer_is_let_go_in_time(serving, port, monkeypatch):
    monkeypatch.setattr(protocols, "WRITE_SECONDS", 0.5)
    body = b'{"model": "nested", "text": "%s", "signal": "gates"}' % (b"a" * 20_000)
    head = (
        b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/octet-stream\r\n"
        b"Content-Length: %d\r\n\r\n"
    )
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(head % len(body) + body)
        while not serving.server_state.connections:
            time.sleep(0.01)
        while serving.server_state.connections:  # or this test never ends
            time.sleep(0.01)
    assert is_served(port)


def test_a_pipe_in_the_folder_is_refused_and_the_others_are_served(tmp_path, caplog):
    write_checkpoints(tmp_path)
    os.mkfifo(tmp_path / "a-pipe.safetensors")
    catalogue = Catalogue(tmp_path)
    loading = threading.Thread(target=catalogue.load, daemon=True)
    loading.start()
    loading.join(60)
    assert not loading.is_alive()
    assert "a-pipe" in caplog.text
    assert catalogue.get("a-pipe") is None
    assert catalogue.get("nested") is not None
