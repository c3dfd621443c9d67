"""Sessions that share a memory, driven without threads or sockets."""

import numpy as np
import pytest
import torch
from random_models import SIZES, model
from server import parse_frame

from app.catalogue import Catalogue, Entry
from app.http.errors import Refusal
from app.live.budget import Budget
from app.live.messages import Edit, Inspect, Panel, Show
from app.live.session import Session
from app.live.transcript import BLOCK, SegmentResult, room
from models.memories import as_bytes, columns
from models.reading.engine import Engine
from models.states import State

ENGINES = {name: Engine(model(name).rnn) for name in SIZES}


@pytest.fixture
def catalogue(tmp_path):
    found = Catalogue(tmp_path)
    found._entries = {name: Entry(name, model(name), ENGINES[name], "") for name in SIZES}
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
    panels = [Panel(model=name, cells=cells, visible=visible) for name, cells, visible in panels]
    session.show(Show(type="show", view=session.view + 1, panels=panels))


def read_once(session):
    """Read all segments that there are; whether there were any."""
    work = session.work()
    for name, segment in work:
        before = segment.before
        state = State(torch.from_numpy(before.h)[None], torch.from_numpy(before.c)[None])
        internals, _ = ENGINES[name].read(torch.from_numpy(segment.symbols)[None].long(), state)
        bytes_ = as_bytes(columns(internals.h, internals.c))
        parts = (x[0].numpy() for x in (internals.h, internals.c, bytes_))
        session.accept(name, segment, SegmentResult(segment.start, *parts))
    return bool(work)


def read_all(session):
    while read_once(session):
        pass


def sent(session):
    """All that can be sent now."""
    messages = []
    while (message := session.outgoing()) is not None:
        messages.append(parse_frame(message) if isinstance(message, bytes) else message)
    return messages


def whole(name, text):
    trace = model(name).trace(text)
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
    assert first.transcripts["nested"].size == 0
    assert second.transcripts["nested"].size > 0
    assert not read_once(first)  # what was dropped is read again when it is needed, not before
    typed(first, "x")
    read_all(first)
    ((head, values),) = sent(first)
    assert (head["start"], len(values)) == (len(text), 1)
    assert np.abs(values[0] - whole("nested", text + "x")[-1]).max() <= 1
    assert second.transcripts["nested"].size == 0
    second.ask(Inspect(type="inspect", request=1, position=3))
    read_all(second)
    assert '"position":3' in sent(second)[0]


def test_who_is_being_read_keeps_the_room_and_the_other_waits(catalogue):
    card, text = model("nested").card, "remember " * 100
    budget = Budget(room(card, len(text)) * 3 // 2)
    first, second = (Session(catalogue, budget, 20_000) for _ in range(2))
    for session in (first, second):
        shown(session, ("nested", "all", [0, 50]))
        typed(session, text)
    assert read_once(first)  # the beginning of it
    assert not read_once(second)
    assert second.is_waiting
    read_all(first)
    assert not first.is_waiting
    read_all(second)
    assert sum(len(values) for _, values in sent(second)) == len(text)


def test_a_closed_session_gives_its_room_back(catalogue):
    budget = Budget(10_000_000)
    session = Session(catalogue, budget, 20_000)
    shown(session, ("nested", "all", [0, 50]), ("stacked", [0], [0, 50]))
    typed(session, "text " * 300)
    read_once(session)
    session.work()
    segments = [transcript.pending for transcript in session.transcripts.values()]
    session.close()
    assert budget.reserved == 0
    assert [pending.wanted for pending in segments] == [False, False]
    assert sum(transcript.size for transcript in session.transcripts.values()) == 0


def test_a_text_that_alone_is_too_much_is_refused(catalogue):
    budget = Budget(room(model("nested").card, 1000))
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
    assert list(session.transcripts) == ["nested"]


def test_frames_are_bounded_and_in_order(catalogue, monkeypatch):
    monkeypatch.setattr("app.live.session.MOST_BYTES", 1000)
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
    monkeypatch.setattr("app.live.session.MOST_BYTES", 1000)
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
