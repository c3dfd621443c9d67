"""What a model has read of a text is kept right through any sequence of edits."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import SIZES, model

from app.live.columns import as_bytes, columns
from app.live.transcript import NEAR, STRIDE, Point, Reading, Track, room
from models.reading.engine import Engine
from models.rnn import State

NETS = {name: model(name) for name in SIZES}
ENGINES = {name: Engine(net.rnn) for name, net in NETS.items()}

texts = st.text("ab <é", max_size=40)
edits = st.tuples(st.integers(0, 60), st.integers(0, 30), texts)


def parts(name, piece, size=20):
    """The piece, read in parts."""
    state = State(torch.from_numpy(piece.before.h)[None], torch.from_numpy(piece.before.c)[None])
    symbols = torch.from_numpy(piece.symbols)[None].long()
    for k in range(0, symbols.shape[1], size):
        internals, state = ENGINES[name].read(symbols[:, k : k + size], state)
        shown = as_bytes(columns(internals.h, internals.c))
        arrays = (x[0].numpy() for x in (internals.h, internals.c, shown))
        yield Reading(piece.start + k, *arrays)


def fresh(name, text):
    """The columns of a fresh run, from the trace and the display rule: (T, M, H)."""
    trace = NETS[name].trace(text)
    if name == "lstm":
        return np.stack([np.tanh(trace.c[:, 0, 0]), trace.h[:, 0]], axis=1)
    T, L, D, H = trace.c.shape
    return trace.display[:, ::-1, ::-1].reshape(T, L * D, H)


def whole(name, track):
    while piece := track.piece():
        for part in parts(name, piece):
            track.accept(piece, part)


def check(name, text, track):
    """Columns to one step of a byte; every state that can be approached to 1e-6."""
    expected = fresh(name, text)
    kept = track.columns(0, len(text), None)
    assert np.abs(kept - np.rint(127 * expected)).max(initial=0) <= 1
    for position in {0, len(text) // 2, len(text) - 1} if text else ():
        piece = track.approach(position)
        point = piece.before
        if piece.wanted:
            *_, reading = parts(name, piece)
            point = Point(reading.h[-1], reading.c[-1])
        np.testing.assert_allclose(point.columns(), expected[position], atol=1e-6)


@pytest.mark.parametrize("name", SIZES)
@settings(max_examples=40)
@given(start=texts, changes=st.lists(st.tuples(edits, st.integers(0, 4)), max_size=5))
def test_any_edits_give_what_a_fresh_run_gives(name, start, changes):
    net, text = NETS[name], start
    track = Track(net.card, net.vocabulary.encode(text))
    coming = []  # pieces on their way, with the parts still to come
    for (at, delete, insert), steps in changes:
        at = min(at, len(text))
        delete = min(delete, len(text) - at)
        if piece := track.piece():
            coming.append((piece, parts(name, piece, 7)))
        for piece, rest in coming:  # some are read before the edit comes, some after
            for part in itertools.islice(rest, steps):
                track.accept(piece, part)
        text = text[:at] + insert + text[at + delete :]
        track.edit(at, delete, net.vocabulary.encode(insert))
    for piece, rest in coming:
        for part in rest:
            track.accept(piece, part)
    whole(name, track)
    check(name, text, track)


def test_a_text_longer_than_a_block():
    text = "the inner memory remembers longer. " * 30
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode(text))
    whole("nested", track)
    check("nested", text, track)
    assert track.size <= track.size_when_read() == room(track.card, len(text))
    track.edit(300, 700, [])
    text = text[:300] + text[1000:]
    assert track.done == 300
    assert track.size < room(track.card, 500)
    whole("nested", track)
    check("nested", text, track)


def test_typing_and_deleting_at_the_end_read_one_character():
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", track)
    track.edit(1000, 0, [3])
    piece = track.piece()
    assert (piece.start, len(piece.symbols)) == (1000, 1)
    track.accept(piece, next(parts("nested", piece)))
    track.edit(999, 2, [4])  # the state before it is among the newest: nothing is read twice
    assert (track.done, track.piece().start) == (999, 999)


def test_an_edit_reads_at_most_one_stride_twice_and_the_near_before_the_rest():
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", track)
    track.edit(491, 1, [])
    piece = track.piece()
    assert 491 - STRIDE < piece.start <= 491
    assert piece.start + len(piece.symbols) == 491 + NEAR
    for part in parts("nested", piece):
        track.accept(piece, part)
    assert len(track.piece().symbols) == 999 - 491 - NEAR


def test_a_piece_that_an_edit_overtook_is_kept_up_to_the_edit_and_no_further():
    net = NETS["nested"]
    track = Track(net.card, net.vocabulary.encode("abcdefgh"))
    piece = track.piece()
    track.edit(3, 1, [])
    track.accept(piece, next(parts("nested", piece)))
    assert track.done == 3
    piece = track.piece()
    track.edit(1, 1, [])
    assert piece.cut == 1  # the reader stops there
    track.accept(piece, next(parts("nested", piece)))
    assert track.done == 1


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


def test_a_piece_that_an_edit_made_vain_is_left():
    """Else it is read on beside its successor, whose last digits then depend on the company."""
    text = "a" * 120
    track = Track(NETS["nested"].card, NETS["nested"].vocabulary.encode(text))
    whole("nested", track)
    track.edit(7, 1, [])
    first = track.piece()
    assert (first.start, track.done) == (0, 7)  # the state after 7 was not kept
    track.edit(7, 1, [])
    assert not first.wanted
    assert track.piece().wanted
