"""What goes wrong inside the live channel is told, and holds up nobody."""

import asyncio
import contextlib
import itertools

import pytest
from live_page import LIVE, TEXT, Page
from random_models import model
from server import serving

from app.live.bucket import BURST_SECONDS, SHARE, Bucket
from app.live.channel import Channel
from app.live.messages import Show
from app.live.session import Session
from app.live.visitors import IDLE_SECONDS, Visitors
from models.reading.engine import Engine


@pytest.fixture
def client(tmp_path):
    with serving(tmp_path, max_text=2000) as client:
        yield client


def test_a_batch_that_cannot_be_read_is_told_and_the_next_edit_reads_again(client, monkeypatch):
    broken = True
    read = Engine.read

    def sometimes(engine, *arguments, **options):
        if broken:
            raise RuntimeError("no such kernel")
        return read(engine, *arguments, **options)

    monkeypatch.setattr(Engine, "read", sometimes)
    with (
        client.websocket_connect(LIVE) as first,
        client.websocket_connect(LIVE) as second,
    ):
        pages = [Page(first), Page(second)]
        for page in pages:
            page.show(("nested", "all"))
            page.edit(0, 0, TEXT)
        for page in pages:
            error = page.answer("error")
            assert (error["code"], error["field"]) == ("unreadable", None)
        broken = False
        for page in pages:
            page.edit(len(TEXT), 0, "!")
            page.wait()
            page.check()


def test_a_sender_that_dies_closes_its_connection_and_gives_everything_back(client, monkeypatch):
    outgoing = Session.outgoing

    def broken(session):
        if session.text.endswith("?"):
            raise RuntimeError("a defect")
        return outgoing(session)

    monkeypatch.setattr(Session, "outgoing", broken)
    state = client.app.state.nestscope
    with client.websocket_connect(LIVE) as good, client.websocket_connect(LIVE) as bad:
        other, page = Page(good), Page(bad)
        for one in (other, page):
            one.show(("nested", "all"))
            one.edit(0, 0, "text")
            one.wait()
        page.edit(4, 0, "?")
        assert bad.receive() == {
            "type": "websocket.close",
            "code": 1011,
            "reason": "the server failed",
        }
        other.edit(4, 0, "!")
        other.wait()
        other.check()
        assert len(state.visitors) == 1
        assert state.budget.reserved == sum(t.room for t in state.budget._rooms)


class Socket:
    """A connection with messages waiting, as a burst leaves them."""

    def __init__(self, messages):
        self.messages = messages
        self.taken = 0

    async def receive(self):
        if self.taken == len(self.messages):
            return {"type": "websocket.disconnect"}
        self.taken += 1
        return {"type": "websocket.receive", "text": self.messages[self.taken - 1]}

    async def send_text(self, text):
        pass

    send_bytes = send_text


def test_a_burst_of_messages_lets_others_have_their_turn(client):
    async def main():
        socket = Socket(["{}"] * 2000)
        channel = Channel(socket, client.app.state.nestscope)
        running = asyncio.create_task(channel.run())
        turns = []
        while not running.done():
            turns.append(socket.taken)
            await asyncio.sleep(0)
        return max(b - a for a, b in itertools.pairwise(turns))

    assert asyncio.run(main()) <= 2


def test_a_connection_gets_its_share_of_the_loop_and_no_more():
    bucket, now, spent = Bucket(), 100.0, 0.0
    bucket.wait(now)
    for _ in range(2000):
        bucket.spend(0.0016)
        spent += 0.0016
        now += 0.0016 + bucket.wait(now)
    assert spent <= BURST_SECONDS + 0.0016 + SHARE * (now - 100.0)
    assert spent >= 0.9 * SHARE * (now - 100.0)
    now += 60
    bucket.spend(0.0001)
    assert bucket.wait(now) == 0  # who paused is not held up


def test_views_that_change_fast_are_read_once_and_the_newest_is(client, monkeypatch):
    begun = []
    begin = Session.begin

    def noted(session, work):
        begun.append(work.loaded.name)
        return begin(session, work)

    monkeypatch.setattr(Session, "begin", noted)
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.edit(0, 0, TEXT)
        for _ in range(10):
            for name in ("nested", "deep", "stacked"):
                page.show((name, "all"))
        page.wait()
        page.check()
    assert len(begun) <= 10
    assert begun[-1] == "stacked"


class Visitor:
    def __init__(self, heard_at):
        self.heard_at = heard_at
        self.dismissed = None

    def dismiss(self, code, reason):
        self.dismissed = code


def test_a_full_house_takes_the_place_of_who_was_silent_for_long():
    visitors = Visitors(most=3)
    idle, fresh, newcomer, late = (Visitor(t) for t in (0, 50, 100, IDLE_SECONDS + 1))
    assert all(visitors.admit(v, f"10.0.0.{k}") for k, v in enumerate((idle, fresh, newcomer)))
    assert not visitors.admit(Visitor(200), "10.0.0.9")
    assert visitors.admit(late, "10.0.0.9")
    assert (idle.dismissed, fresh.dismissed, len(visitors)) == (1013, None, 3)


def test_one_address_takes_half_of_the_places_and_a_local_proxy_all():
    visitors = Visitors(most=6)
    assert [visitors.admit(Visitor(0), "10.0.0.1") for _ in range(4)] == [True] * 3 + [False]
    assert [visitors.admit(Visitor(0), "127.0.0.1") for _ in range(4)] == [True] * 3 + [False]


def test_a_dismissed_visitor_is_closed_with_the_reason(client):
    state = client.app.state.nestscope
    with client.websocket_connect(LIVE) as socket:
        Page(socket)
        while not state.visitors._addresses:
            pass
        (channel,) = state.visitors._addresses
        channel.loop.call_soon_threadsafe(channel.dismiss, 1013, "idle")
        with contextlib.suppress(KeyError):
            assert socket.receive()["code"] == 1013


def test_show_is_checked_at_once_also_when_a_newer_one_follows(client):
    with client.websocket_connect(LIVE) as socket:
        page = Page(socket)
        page.say(Show(type="show", view=1, panels=[{"model": "x", "cells": [0]}]).model_dump_json())
        page.view = 1
        page.show(("nested", "all"))
        page.edit(0, 0, TEXT)
        page.wait()
        assert page.answer("error")["code"] == "unknown_model"
        assert model("nested")
