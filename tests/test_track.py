"""What a model has read of a text is kept right through any sequence of edits."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from models_on_the_spot import SIZES, model

from app import track as track_module
from app.columns import as_bytes, columns
from app.track import Point, Reading, Track, room
from models.engine import Engine
from models.rnn import State

NETS = {name: model(name) for name in SIZES}
ENGINES = {name: Engine(net.rnn) for name, net in NETS.items()}

texts = st.text("ab <é", max_size=40)
edits = st.tuples(st.integers(0, 60), st.integers(0, 30), texts)


def read(engine, piece):
    state = State(torch.from_numpy(piece.before.h)[None], torch.from_numpy(piece.before.c)[None])
    internals, _ = engine.read(torch.from_numpy(piece.symbols)[None].long(), state)
    shown = as_bytes(columns(internals.h, internals.c))
    return Reading(*(x[0].numpy() for x in (internals.h, internals.c, shown)))


def fresh(name, text):
    """The columns of a fresh run, from the trace and the display rule: (T, M, H)."""
    trace = NETS[name].trace(text)
    if name == "lstm":
        return np.stack([np.tanh(trace.c[:, 0, 0]), trace.h[:, 0]], axis=1)
    T, L, D, H = trace.c.shape
    return trace.display[:, ::-1, ::-1].reshape(T, L * D, H)


def whole(name, track, most=20):
    while piece := track.piece(most):
        track.accept(piece, read(ENGINES[name], piece))


def check(name, text, track):
    """Columns to one step of a byte; every state that can be approached to 1e-6."""
    expected = fresh(name, text)
    kept = track.columns(0, len(text), None)
    assert np.abs(kept - np.rint(127 * expected)).max(initial=0) <= 1
    for position in {0, len(text) // 2, len(text) - 1} if text else ():
        piece = track.approach(position)
        point = piece.before
        if piece.wanted:
            reading = read(ENGINES[name], piece)
            point = Point(reading.h[-1], reading.c[-1])
        np.testing.assert_allclose(point.columns(), expected[position], atol=1e-6)


@pytest.mark.parametrize("name", SIZES)
@settings(max_examples=40)
@given(start=texts, changes=st.lists(st.tuples(edits, st.integers(0, 9)), max_size=5))
def test_any_edits_give_what_a_fresh_run_gives(name, start, changes):
    net, text = NETS[name], start
    track = Track(net.card, net.vocabulary.encode(text))
    for (at, delete, insert), pieces in changes:
        at = min(at, len(text))
        delete = min(delete, len(text) - at)
        for _ in range(pieces):  # some of it is read before the edit comes
            if piece := track.piece(5):
                track.accept(piece, read(ENGINES[name], piece))
        flight = track.piece(5)  # and some while it comes
        text = text[:at] + insert + text[at + delete :]
        track.edit(at, delete, net.vocabulary.encode(insert))
        if flight:
            track.accept(flight, read(ENGINES[name], flight))
    whole(name, track)
    check(name, text, track)


def test_a_text_longer_than_a_block(monkeypatch):
    text = "the inner memory remembers longer. " * 30
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode(text))
    whole("nested", track, 100)
    check("nested", text, track)
    assert track.size <= track.size_when_read() == room(track.card, len(text))
    track.edit(300, 700, [])
    text = text[:300] + text[1000:]
    assert track.done == 300
    assert track.size < room(track.card, 500)
    whole("nested", track, 100)
    check("nested", text, track)


def test_typing_and_deleting_at_the_end_read_one_character():
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", track, 100)
    track.edit(1000, 0, [3])
    piece = track.piece(100)
    assert (piece.start, len(piece.symbols)) == (1000, 1)
    track.accept(piece, read(ENGINES["nested"], piece))
    track.edit(999, 1, [])  # the state before it is among the newest: nothing is read twice
    assert track.piece(100).start == 999


def test_an_edit_reads_at_most_one_stride_twice():
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", track, 100)
    track.edit(491, 1, [])
    piece = track.piece(50)
    assert 491 - track_module.STRIDE < piece.start <= 491
    assert piece.start + len(piece.symbols) == 541


def test_a_piece_that_an_edit_overtook_is_kept_up_to_the_edit_and_no_further():
    net = NETS["nested"]
    track = Track(net.card, net.vocabulary.encode("abcdefgh"))
    piece = track.piece(8)
    track.edit(3, 1, [])
    assert track.accept(piece, read(ENGINES["nested"], piece))
    assert track.done == 3
    piece = track.piece(8)
    track.edit(0, 0, [])
    assert not piece.wanted
    assert not track.accept(piece, read(ENGINES["nested"], piece))
    assert track.done == 0


def test_the_forgotten_can_be_read_again():
    net, text = NETS["deep"], "forget me not"
    track = Track(net.card, net.vocabulary.encode(text))
    whole("deep", track)
    track.forget()
    assert (track.done, track.size) == (0, 0)
    whole("deep", track)
    check("deep", text, track)


def test_unknown_positions():
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode("aé漢😀b"))
    assert track.unknown(0, 5) == [2, 3]
    assert track.unknown(3, 4) == [3]
