"""The laws of the memory that sessions share."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.budget import SHORTS_SHARE, Budget, whole
from app.live.segment import SegmentResult
from app.live.transcript import BLOCK, Transcript, room
from models.card import Card
from models.vocabulary import Vocabulary

CARD = Card("charlm", 1, 2, 3, Vocabulary("ab"))
L, D, H = CARD.layers, CARD.depth, CARD.hidden
LIMIT = room(CARD, 30 * BLOCK)


def read(transcript, budget, characters):
    """Read some more, as a session does; whether there was room."""
    stop = min(len(transcript), transcript.done + characters)
    if not budget.admit(transcript, room(CARD, stop), lambda: None):
        return False
    segment = transcript.segment()
    while segment and transcript.done < stop:
        n = min(stop, segment.cut) - segment.start
        zeros = (np.zeros((n, *shape), np.float32) for shape in ((L, H), (L, D, H)))
        result = SegmentResult(segment.start, *zeros, np.zeros((n, D, H), np.int8))
        transcript.accept(segment, result)
        transcript.drop(segment)
        segment = transcript.segment()
    if segment:
        transcript.drop(segment)
    return True


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "edit", "leave"]),
        st.integers(0, 7),
        st.integers(0, 20 * BLOCK),
    ),
    max_size=40,
)


@given(lengths=st.lists(st.integers(1, 20 * BLOCK), min_size=8, max_size=8), steps=STEPS)
def test_what_is_held_is_counted_and_never_more_than_the_limit(lengths, steps):
    budget = Budget(LIMIT)
    transcripts = [Transcript(CARD, [0] * length) for length in lengths]
    for what, k, n in steps:
        transcript = transcripts[k]
        if what == "read":
            read(transcript, budget, n)
        elif what == "edit":
            transcript.edit(min(n, len(transcript)), 0, [1])
            budget.settle(transcript)
        else:
            transcript.forget()
            budget.release(transcript)
        assert budget.reserved == sum(room.size for room in budget._rooms.values()) <= LIMIT
        for one in transcripts:
            held = budget._rooms[one].size if one in budget._rooms else 0
            assert one.size <= held


@given(
    texts=st.lists(st.tuples(st.integers(1, 30 * BLOCK), st.integers(1, 8)), max_size=20),
    typed=st.integers(1, 2 * BLOCK),
)
def test_a_short_text_has_room_whatever_long_ones_hold(texts, typed):
    budget = Budget(LIMIT)
    for length, times in texts:
        long = Transcript(CARD, [0] * (length + 4 * BLOCK))
        for _ in range(times):
            read(long, budget, 4 * BLOCK)
    short = Transcript(CARD, [0] * typed)
    assert whole(short) <= budget.short
    assert read(short, budget, typed)
    assert short.is_idle
    for _ in range(12):
        read(Transcript(CARD, [0] * 22 * BLOCK), budget, 22 * BLOCK)
    assert short.is_idle  # the long ones leave it its room
    assert room(CARD, typed) <= LIMIT // SHORTS_SHARE


@given(st.lists(st.integers(10 * BLOCK, 29 * BLOCK), min_size=2, max_size=6))
def test_whoever_came_first_is_read_to_the_end_and_then_the_next(lengths):
    budget = Budget(LIMIT)
    waiting = [Transcript(CARD, [0] * length) for length in lengths]
    rounds = 0
    while waiting:
        for transcript in list(waiting):
            read(transcript, budget, BLOCK)
            if transcript.is_idle:  # its page gets all of it now
                waiting.remove(transcript)
        rounds += 1
        assert rounds <= 2 * sum(lengths) // BLOCK  # at worst one after another


@pytest.mark.parametrize("seed", range(2))
def test_forty_long_pastes_never_keep_a_typist_waiting_and_are_all_read(seed):
    """Whoever is next: a typist has room for every keystroke at once, and every paste ends."""
    evicted: list[bool] = []
    budget, order = Budget(LIMIT, lambda: evicted.append(True)), random.Random(seed)
    pastes = [Transcript(CARD, [0] * 20 * BLOCK) for _ in range(40)]
    typists = [Transcript(CARD, [0] * 20) for _ in range(3)]
    assert whole(typists[0]) <= budget.short < whole(pastes[0]) <= budget.share
    unread, rounds = list(pastes), 0
    while unread:
        for paste in order.sample(unread, len(unread)):
            read(paste, budget, 4 * BLOCK)
            if paste.is_idle:  # its page gets all of it now
                unread.remove(paste)
        for typist in typists:
            kept = typist.done
            typist.edit(len(typist), 0, [1])
            budget.settle(typist)
            assert typist.done == kept  # nothing was taken from him meanwhile
            assert read(typist, budget, len(typist))
            assert typist.is_idle
        rounds += 1
        assert rounds <= 40 * 20  # at worst one after another
    assert budget.reserved <= LIMIT
    assert evicted  # whoever counts is told
