"""While typists are read, a long text of any model stands still, and is read right all the same."""

import threading

import numpy as np
import pytest
import torch
from random_models import model

from app.live import precedence
from app.live.precedence import Precedence
from app.live.scheduler import LONG, Advance, Row
from app.live.segment import Segment, Snapshot
from models.reading.engine import Engine

PATIENT = 60.0
"""Seconds; longer than a test waits for anything."""


@pytest.fixture
def endless(monkeypatch):
    """No turn for a long text before the typists are done."""
    monkeypatch.setattr(precedence, "WAIT", PATIENT)


def row(engine, symbols, deliver):
    """A text from the beginning."""
    zero = engine.start()
    before = Snapshot(zero.h[0].numpy(), zero.c[0].numpy())
    return Row(
        Segment(None, 0, np.array([int(s) for s in symbols], np.int32), before), deliver, zero
    )


@pytest.mark.usefixtures("endless")
def test_a_long_text_stands_still_while_a_typist_of_another_model_is_read():
    one, other = (Engine(model(name).rnn) for name in ("nested", "stacked"))
    first, reading, go_on = Precedence(), threading.Event(), threading.Event()

    def hold():
        reading.set()
        assert go_on.wait(PATIENT)

    typed, read = [], []
    typist = row(one, [1], lambda _, result: typed.append(result))
    symbols = torch.arange(2 * LONG) % 7
    long = row(other, symbols, lambda _, result: read.append(result))
    advance = Advance(other, first)

    def read_all():
        while long.left > 0:
            advance.in_spans([long])

    writes = threading.Thread(target=Advance(one.paced(hold), first).together, args=([typist],))
    reads = threading.Thread(target=read_all)
    writes.start()
    assert reading.wait(PATIENT)
    reads.start()
    reads.join(0.2)  # ample for some characters, if any were read
    assert reads.is_alive()
    assert not read
    go_on.set()
    writes.join(PATIENT)
    reads.join(PATIENT)
    assert len(typed) == 1
    internals, _ = other.read(symbols[None], other.start(), gates=False)
    np.testing.assert_allclose(np.concatenate([r.h for r in read]), internals.h[0], atol=1e-5)


def test_among_typists_without_end_a_long_text_still_has_its_turns(monkeypatch):
    monkeypatch.setattr(precedence, "WAIT", 0.0)
    now, waits = 0.0, 0
    first = Precedence(lambda: now)
    wait = first._clear.wait

    def counted(timeout):
        nonlocal waits
        waits += 1
        return wait(timeout)

    monkeypatch.setattr(first._clear, "wait", counted)
    between = first.giving_way()
    between()
    assert waits == 0  # nobody types
    with first.batch():
        steps = 100
        for _ in range(steps):
            between()
            now += precedence.TURN / 10
    assert steps / 12 <= waits <= steps / 8  # one wait for a turn of ten steps
    between()
    assert waits <= steps / 8


def test_a_batch_that_fails_holds_up_nobody():
    first = Precedence()
    with pytest.raises(ValueError, match="lost"), first.batch(), first.batch():
        raise ValueError("lost")
    assert first._clear.is_set()


@pytest.mark.parametrize("name", ["nested", "stacked"])
def test_pacing_changes_no_digit(name):
    engine = Engine(model(name).rnn)
    symbols = torch.arange(3 * LONG) * 5 % 7
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    plain = [part.h for part, _ in engine.read_long(symbols, engine.start())]
    paced = [part.h for part, _ in engine.paced(count).read_long(symbols, engine.start())]
    assert torch.equal(torch.cat(plain, 1), torch.cat(paced, 1))
    assert steps >= len(engine.rnn.cells)
