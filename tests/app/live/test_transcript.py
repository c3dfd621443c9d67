"""What a model has read of a text is kept right through any sequence of edits."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from interventions import interventions
from random_models import SIZES, model

from app.live.segment import SegmentResult, Snapshot
from app.live.transcript import NEAR, STRIDE, Transcript, room
from models.memories import as_bytes, columns
from models.reading.engine import Engine
from models.reading.plan import Under
from models.states import State

NETS = {name: model(name) for name in SIZES}
ENGINES = {name: Engine(net.rnn) for name, net in NETS.items()}

texts = st.text("ab <é", max_size=40)
edits = st.tuples(st.integers(0, 60), st.integers(0, 30), texts)


def parts(name, segment, size=20):
    """The segment, read in parts."""
    state = State(
        torch.from_numpy(segment.before.h)[None], torch.from_numpy(segment.before.c)[None]
    )
    symbols = torch.from_numpy(segment.symbols)[None].long()
    for k in range(0, symbols.shape[1], size):
        under = Under(ENGINES[name].plan(segment.interventions), segment.start + k)
        internals, state = ENGINES[name].read(symbols[:, k : k + size], state, under=[under])
        shown = as_bytes(columns(internals.h, internals.c))
        arrays = (x[0].numpy() for x in (internals.h, internals.c, shown))
        yield SegmentResult(segment.start + k, *arrays)


def fresh(name, text, changed=()):
    """The columns of a fresh run, from the trace and the display rule: (T, M, H)."""
    trace = NETS[name].trace(text, interventions=changed)
    if name == "lstm":
        return np.stack([np.tanh(trace.c[:, 0, 0]), trace.h[:, 0]], axis=1)
    T, L, D, H = trace.display.shape
    return trace.display[:, ::-1, ::-1].reshape(T, L * D, H)


def whole(name, transcript):
    while segment := transcript.segment():
        for part in parts(name, segment):
            transcript.accept(segment, part)


def check(name, text, transcript, changed=()):
    """Columns to one step of a byte; every state that can be approached to 1e-6."""
    expected = fresh(name, text, changed)
    kept = transcript.columns(0, len(text), None)
    # An outer cell that is set beyond 1 is shown as 1.
    assert np.abs(kept - np.rint(127 * expected).clip(-127, 127)).max(initial=0) <= 1
    for position in {0, len(text) // 2, len(text) - 1} if text else ():
        segment = transcript.approach(position, transcript)
        snapshot = segment.before
        if segment.wanted:
            *_, result = parts(name, segment)
            snapshot = Snapshot(result.h[-1], result.c[-1])
        np.testing.assert_allclose(snapshot.columns(), expected[position], atol=1e-6)


@pytest.mark.parametrize("name", SIZES)
@settings(max_examples=40)
@given(
    start=texts, changes=st.lists(st.tuples(edits, st.integers(0, 4)), max_size=5), data=st.data()
)
def test_any_edits_give_what_a_fresh_run_gives(name, start, changes, data):
    net, text = NETS[name], start
    sizes = net.card.layers, net.card.levels, net.card.hidden
    changed = data.draw(st.just([]) | interventions(*sizes, 40, largest_scale=1.0))
    transcript = Transcript(net.card, net.vocabulary.encode(text), net.parse(changed))
    coming = []  # segments on their way, with the parts still to come
    for (at, delete, insert), steps in changes:
        at = min(at, len(text))
        delete = min(delete, len(text) - at)
        if segment := transcript.segment():
            coming.append((segment, parts(name, segment, 7)))
        for segment, rest in coming:  # some are read before the edit comes, some after
            for part in itertools.islice(rest, steps):
                transcript.accept(segment, part)
        text = text[:at] + insert + text[at + delete :]
        transcript.edit(at, delete, net.vocabulary.encode(insert))
    for segment, rest in coming:
        for part in rest:
            transcript.accept(segment, part)
    whole(name, transcript)
    check(name, text, transcript, changed)


def test_a_text_longer_than_a_block():
    text = "the inner memory remembers longer. " * 30
    transcript = Transcript(NETS["nested"].card, NETS["nested"].vocabulary.encode(text))
    whole("nested", transcript)
    check("nested", text, transcript)
    assert transcript.size <= transcript.room == room(transcript.card, len(text))
    transcript.edit(300, 700, [])
    text = text[:300] + text[1000:]
    assert transcript.done == 300
    assert transcript.size < room(transcript.card, 500)
    whole("nested", transcript)
    check("nested", text, transcript)


def test_typing_and_deleting_at_the_end_read_one_character():
    transcript = Transcript(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", transcript)
    transcript.edit(1000, 0, [3])
    segment = transcript.segment()
    assert (segment.start, len(segment.symbols)) == (1000, 1)
    transcript.accept(segment, next(parts("nested", segment)))
    transcript.edit(999, 2, [4])  # the state before it is among the newest: nothing is read twice
    assert (transcript.done, transcript.segment().start) == (999, 999)


def test_an_edit_reads_at_most_one_stride_twice_and_the_near_before_the_rest():
    transcript = Transcript(NETS["nested"].card, NETS["nested"].vocabulary.encode("a" * 1000))
    whole("nested", transcript)
    transcript.edit(491, 1, [])
    segment = transcript.segment()
    assert 491 - STRIDE < segment.start <= 491
    assert segment.start + len(segment.symbols) == 491 + NEAR
    for part in parts("nested", segment):
        transcript.accept(segment, part)
    assert len(transcript.segment().symbols) == 999 - 491 - NEAR


def test_a_piece_that_an_edit_overtook_is_kept_up_to_the_edit_and_no_further():
    net = NETS["nested"]
    transcript = Transcript(net.card, net.vocabulary.encode("abcdefgh"))
    segment = transcript.segment()
    transcript.edit(3, 1, [])
    transcript.accept(segment, next(parts("nested", segment)))
    assert transcript.done == 3
    segment = transcript.segment()
    transcript.edit(1, 1, [])
    assert segment.cut == 1  # the scheduler stops there
    transcript.accept(segment, next(parts("nested", segment)))
    assert transcript.done == 1


def test_the_forgotten_can_be_read_again():
    net, text = NETS["deep"], "forget me not"
    transcript = Transcript(net.card, net.vocabulary.encode(text))
    whole("deep", transcript)
    transcript.forget()
    assert (transcript.done, transcript.size) == (0, 0)
    whole("deep", transcript)
    check("deep", text, transcript)


def test_unknown_positions():
    transcript = Transcript(NETS["nested"].card, NETS["nested"].vocabulary.encode("aé漢😀b"))
    assert transcript.unknown(0, 5) == [2, 3]
    assert transcript.unknown(3, 4) == [3]


def test_a_piece_that_an_edit_made_vain_is_left():
    """Else it is read on beside its successor, whose last digits then depend on the company."""
    text = "a" * 120
    transcript = Transcript(NETS["nested"].card, NETS["nested"].vocabulary.encode(text))
    whole("nested", transcript)
    transcript.edit(7, 1, [])
    first = transcript.segment()
    assert (first.start, transcript.done) == (0, 7)  # the state after 7 was not kept
    transcript.edit(7, 1, [])
    assert not first.wanted
    assert transcript.segment().wanted


@pytest.mark.parametrize("most", [0, 5, STRIDE, 99, 100, 300])
@pytest.mark.parametrize("other", ["", "a" * 40, "remember " * 30])
def test_a_state_on_the_way_through_another_text_is_that_of_a_fresh_run(other, most):
    """The deepest that is kept, as far as the two texts are one; else none."""
    net, text = NETS["nested"], "remember " * 12
    transcript = Transcript(net.card, net.vocabulary.encode(text))
    whole("nested", transcript)
    symbols = np.array(net.vocabulary.encode(other), np.int32)
    count, snapshot = transcript.reached(symbols, min(most, len(other)))
    alike = other.startswith(text[: min(most, len(text))])
    assert count == 0 if not alike else 0 <= min(most, len(text)) - count < STRIDE
    engine = ENGINES["nested"]
    _, end = engine.read(
        torch.tensor([net.vocabulary.encode(other[:count])]).long(), engine.start()
    )
    torch.testing.assert_close(snapshot.state(), end, atol=1e-6, rtol=0)
