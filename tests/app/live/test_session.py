"""Sessions that share a memory, driven without threads or sockets."""

import json

import numpy as np
import pytest
import torch
from random_models import SIZES, model, write_checkpoints
from server import parse_frame

from app.catalogue import Catalogue
from app.http.errors import Refusal
from app.live.budget import Budget
from app.live.messages import Edit, Inspect, Panel, Predict, Show
from app.live.segment import SegmentResult
from app.live.session import Session
from app.live.transcript import BLOCK, room
from models.memories import as_bytes, columns
from models.reading.engine import Engine
from models.reading.plan import Under
from models.states import State

ENGINES = {name: Engine(model(name).rnn) for name in SIZES}


@pytest.fixture
def catalogue(tmp_path):
    write_checkpoints(tmp_path)
    found = Catalogue(tmp_path)
    found.load()
    return found


def typed(session, insert, at=None, delete=0):
    at = len(session.text) if at is None else at
    length = len(session.text) + len(insert) - delete
    session.edit(
        Edit(
            type="edit",
            revision=session.revision + 1,
            at=at,
            delete=delete,
            insert=insert,
            length=length,
        )
    )


def shown(session, *panels):
    """A panel is a model, cells, the part that is visible, and what is changed, if anything."""
    panels = [
        Panel(model=name, cells=cells, visible=visible, interventions=list(changed))
        for name, cells, visible, *changed in panels
    ]
    show = Show(type="show", view=session.view + 1, panels=panels)
    session.show(show, [session.catalogue.weights.load(one) for one in session.entries(show)])


def only(session):
    """The one transcript of a session."""
    (transcript,) = session.transcripts.values()
    return transcript


def read_once(session):
    """Read all segments that there are; whether there were any."""
    begun = [
        (work.loaded.name, segment) for work in session.work() if (segment := session.begin(work))
    ]
    for name, segment in begun:
        before = segment.before
        state = State(torch.from_numpy(before.h)[None], torch.from_numpy(before.c)[None])
        plan, at = ENGINES[name].plan(segment.interventions), segment.start
        while at < segment.cut:  # in parts, as the scheduler does: no more than is wanted
            symbols = segment.symbols[at - segment.start :][:BLOCK]
            internals, state = ENGINES[name].read(
                torch.from_numpy(symbols)[None].long(), state, under=[Under(plan, at)]
            )
            bytes_ = as_bytes(columns(internals.h, internals.c))
            parts = (x[0].numpy() for x in (internals.h, internals.c, bytes_))
            session.accept(segment, SegmentResult(at, *parts))
            at += len(symbols)
    return bool(begun)


def read_all(session):
    while read_once(session):
        pass


def sent(session):
    """All that can be sent now."""
    messages = []
    while (message := session.outgoing()) is not None:
        messages.append(parse_frame(message) if isinstance(message, bytes) else message)
    return messages


def whole(name, text, *changed):
    trace = model(name).trace(text, interventions=changed)
    T, L, D, H = trace.c.shape
    return np.rint(127 * trace.display[:, ::-1, ::-1].reshape(T, L * D, H))


def test_the_idle_forget_when_there_is_no_room_and_read_again_unnoticed(catalogue):
    card, text = model("nested").card, "remember " * 100
    budget = Budget(room(card, len(text) + BLOCK) * 3 // 2)  # one text fits, two do not
    first, second = (Session(catalogue, budget, 20_000) for _ in range(2))
    for session in (first, second):
        shown(session, ("nested", "all", [0, 50]))
        typed(session, text)
        read_all(session)
        assert sum(len(values) for _, values in sent(session)) == len(text)
        assert budget.reserved <= budget.limit
    assert only(first).size == 0
    assert only(second).size > 0
    assert not read_once(first)  # what was dropped is read again when it is needed, not before
    typed(first, "x")
    read_all(first)
    ((head, values),) = sent(first)
    assert (head["start"], len(values)) == (len(text), 1)
    assert np.abs(values[0] - whole("nested", text + "x")[-1]).max() <= 1
    assert only(second).size == 0
    second.ask(Inspect(type="inspect", request=1, position=3))
    read_all(second)
    assert '"position":3' in sent(second)[0]


def test_of_two_long_texts_the_earlier_goes_first_and_the_later_waits(catalogue):
    card, text = model("nested").card, "remember " * 200
    budget = Budget(room(card, len(text)) * 4 // 3)
    woken = []
    first, second = (
        Session(catalogue, budget, 20_000, lambda k=k: woken.append(k)) for k in range(2)
    )
    for session in (first, second):
        shown(session, ("nested", "all", [0, 50]))
        typed(session, text)
        read_once(session)  # the beginning of both
    read_all(second)  # to its end
    read_all(first)  # takes the room, also of what the second page has not got yet
    assert only(first).is_idle
    assert not only(second).is_idle
    assert sum(len(values) for _, values in sent(first)) == len(text)
    budget.feed()
    assert woken == [1]
    read_all(second)
    assert sum(len(values) for _, values in sent(second)) == len(text)
    assert budget.reserved <= budget.limit


def test_a_typist_is_answered_whatever_long_texts_are_being_read(catalogue):
    card = model("nested").card
    limit = 4 * room(card, 2000)
    budget = Budget(limit)
    readers = [Session(catalogue, budget, 20_000) for _ in range(6)]
    typist = Session(catalogue, budget, 20_000)
    shown(typist, ("nested", "all", [0, 50]))
    for session in readers:
        shown(session, ("nested", "all", [0, 50]))
        typed(session, "remember " * 200)
        read_once(session)
    for turn in range(10):
        typed(typist, "abcdefghij"[turn] * 10)
        assert read_once(typist)
        read_all(typist)
        ((head, values),) = sent(typist)
        assert head["start"] + len(values) == len(typist.text)
        for session in readers:
            read_once(session)
        assert budget.reserved <= limit
        assert only(typist).is_idle  # nothing was taken from the typist
    for _ in range(40):  # and those who paste come to an end, in turn
        for session in readers:
            read_once(session)
            sent(session)
    assert all(shown.sent == len(s.text) for s in readers for shown in s.shown)


def test_asking_for_work_begins_nothing(catalogue):
    budget = Budget(10**9)
    session = Session(catalogue, budget, 20_000)
    shown(session, ("nested", "all", [0, 50]))
    typed(session, "text")
    assert session.work() == session.work()
    assert budget.reserved == 0
    assert only(session).pending is None


def test_what_cannot_be_read_is_tried_again_after_the_next_edit(catalogue):
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", "all", [0, 50]))
    typed(session, "text")
    session.ask(Inspect(type="inspect", request=1, position=3))
    segment = session.begin(session.work()[0])
    assert session.fail(segment)
    assert session.work() == []
    assert sent(session) == []
    typed(session, "!")
    read_all(session)
    assert len(sent(session)) == 2  # the columns, and the values asked for


def test_a_text_is_encoded_once_for_models_shown_in_turn(catalogue, monkeypatch):
    session = Session(catalogue, Budget(10**9), 20_000)
    typed(session, "remember " * 100)
    vocabulary = type(model("nested").vocabulary)
    encoded = []
    encode = vocabulary.encode
    monkeypatch.setattr(vocabulary, "encode", lambda v, t: encoded.append(t) or encode(v, t))
    for name in ("nested", "stacked", "deep", "nested", "stacked", "deep"):
        shown(session, (name, "all", [0, 50]))
    different = {model(name).vocabulary for name in ("nested", "stacked", "deep")}
    assert len(encoded) == len(different)
    typed(session, "x")
    read_all(session)
    assert np.abs(sent(session)[-1][1][-1] - whole("deep", session.text)[-1]).max() <= 1


def test_a_closed_session_gives_its_room_back(catalogue):
    budget = Budget(10_000_000)
    session = Session(catalogue, budget, 20_000)
    shown(session, ("nested", "all", [0, 50]), ("stacked", [0], [0, 50]))
    typed(session, "text " * 300)
    read_once(session)
    for work in session.work():
        session.begin(work)
    segments = [transcript.pending for transcript in session.transcripts.values()]
    session.close()
    assert budget.reserved == 0
    assert [pending.wanted for pending in segments] == [False, False]
    assert sum(transcript.size for transcript in session.transcripts.values()) == 0


def test_a_text_that_is_cleared_under_another_view_leaves_nothing(catalogue):
    budget = Budget(10_000_000)
    session = Session(catalogue, budget, 20_000)
    shown(session, ("nested", "all", [0, 50]))
    typed(session, "text")
    read_all(session)
    kept = only(session)
    typed(session, "", 0, len("text"))
    shown(session, ("nested", [0], [0, 50]))
    assert only(session) is kept
    session.close()
    assert budget._rooms == {}


def test_a_text_that_takes_more_than_a_visitor_s_share_is_refused(catalogue):
    budget = Budget(room(model("nested").card, 1000) * 4 // 3)  # a quarter is for short texts
    session = Session(catalogue, budget, 20_000)
    shown(session, ("nested", "all", [0, 50]))
    typed(session, "a" * 900)
    with pytest.raises(Refusal, match="keeps") as refused:
        typed(session, "b" * 300)
    assert refused.value.code == "no_room"
    assert session.text == "a" * 900
    with pytest.raises(Refusal) as refused:
        shown(session, ("nested", "all", [0, 50]), ("deep", "all", [0, 50]))
    assert refused.value.code == "no_room"
    assert [one.loaded.name for one in session.shown] == ["nested"]
    assert only(session) is session.shown[0].transcript


def test_frames_are_bounded_and_in_order(catalogue, monkeypatch):
    monkeypatch.setattr("app.live.panel.MOST_BYTES", 1000)
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", "all", [0, 50]))
    typed(session, "ab " * 200)
    read_all(session)
    frames = sent(session)
    assert max(values.size for _, values in frames) <= 1000
    starts = np.cumsum([0] + [len(values) for _, values in frames])
    assert [head["start"] for head, _ in frames] == list(starts[:-1])
    assert starts[-1] == 600


def test_the_panel_whose_screen_is_not_full_comes_first(catalogue, monkeypatch):
    monkeypatch.setattr("app.live.panel.MOST_BYTES", 1000)
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", "all", [0, 50]), ("stacked", "all", [0, 300]))
    typed(session, "ab " * 200)
    read_all(session)
    panels = [head["panel"] for head, _ in sent(session)]
    # 55 columns a frame: one for the first screen, six for the second, then in turn.
    assert panels[:7] == [0, 1, 1, 1, 1, 1, 1]
    assert panels[7:12] == [0] * 5


def test_a_frame_costs_few_bytes_beside_its_values(catalogue):
    session = Session(catalogue, Budget(10**9), 100_000)
    shown(session, ("nested", [0, 1], [0, 50]), ("deep", [4], [0, 50]))
    typed(session, "ab " * 200)
    read_all(session)
    sent(session)
    typed(session, "漢")
    read_all(session)
    frames = list(iter(session.outgoing, None))
    assert len(frames) == 2
    beside = sum(len(frame) - parse_frame(frame)[1].size for frame in frames)
    assert beside <= 400
    assert [parse_frame(frame)[0]["unknown"] for frame in frames] == [[600], [600]]


HELD = {"layer": 0, "level": 1, "cells": [2, 3], "set": 4.0, "from": 4}


def test_one_model_with_and_without_a_change_side_by_side(catalogue):
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", "all", [0, 50]), ("nested", "all", [0, 50], HELD))
    typed(session, "the inner memory")
    read_all(session)
    for _ in range(2):  # then an edit in the middle: what is held stays where it is in the text
        arrived = {0: {}, 1: {}}
        for head, values in sent(session):
            arrived[head["panel"]] |= {head["start"] + k: row for k, row in enumerate(values)}
        for panel, changed in enumerate([(), (HELD,)]):
            expected = whole("nested", session.text, *changed)
            for k, row in arrived[panel].items():
                assert np.abs(row - expected[k]).max() <= 1
        assert max(arrived[0]) == max(arrived[1]) == len(session.text) - 1
        typed(session, "XY", 2, 1)
        read_all(session)
    assert len(session.transcripts) == 2


def test_inspect_and_predict_answer_for_each_panel_as_it_is_read(catalogue):
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", [2], [0, 50], HELD), ("nested", [2], [0, 50]))
    typed(session, "remember")
    session.ask(Inspect(type="inspect", request=1, position=6))
    session.ask(Predict(type="predict", request=2, position=6))
    read_all(session)
    answers = [json.loads(message) for message in sent(session) if isinstance(message, str)]
    for k, changed in enumerate([(HELD,), ()]):
        trace = model("nested").trace("remember", interventions=changed)
        shown_, logits = (answer["panels"][k] for answer in answers)
        np.testing.assert_allclose(
            np.ravel(shown_), [trace.display[6, 0, 1, 2], trace.display[6, 0, 0, 2]], atol=1e-5
        )
        np.testing.assert_allclose(logits, trace.logits[6], atol=1e-5)


def test_panels_with_the_same_changes_share_their_states_and_a_new_change_starts_anew(catalogue):
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", [0], [0, 50], HELD), ("nested", [1], [0, 50], HELD | {"to": None}))
    typed(session, "remember")
    read_all(session)
    assert len(session.transcripts) == 1
    sent(session)
    shown(session, ("nested", [0], [0, 50], HELD), ("nested", [1], [0, 50]))
    read_all(session)
    assert [head["panel"] for head, _ in sent(session)] == [1]  # the first is as it was
    shown(session, ("nested", [0], [0, 50], HELD | {"set": -4.0}), ("nested", [1], [0, 50]))
    read_all(session)
    assert [head["panel"] for head, _ in sent(session)] == [0]


def test_a_change_that_cannot_be_made_leaves_what_is_shown(catalogue):
    session = Session(catalogue, Budget(10**9), 20_000)
    shown(session, ("nested", [0], [0, 50]))
    with pytest.raises(Refusal, match="`level` must be from 0 to 1") as refused:
        shown(session, ("nested", [0], [0, 50], HELD | {"level": 2}))
    assert (refused.value.code, refused.value.field) == ("invalid", "interventions")
    assert (session.view, only(session).interventions) == (0, ())
