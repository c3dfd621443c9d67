"""The gates told of one cell are those of a fresh reading, wherever in the text they lie."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from interventions import interventions
from random_models import SIZES, model, write_checkpoints
from server import parse_frame

from app.catalogue import Catalogue
from app.http.errors import Refusal
from app.live.budget import Budget
from app.live.gates import Replay
from app.live.messages import Edit, Gates, Panel, Show
from app.live.scheduler import Advance, Row
from app.live.session import Session
from models.memories import display
from models.reading.engine import Engine
from models.reading.plan import Under
from models.states import State

ENGINES = {name: Engine(model(name).rnn) for name in SIZES}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoints(folder)
    found = Catalogue(folder)
    found.load()
    return found


def opened(catalogue, text, *panels):
    """A session that has read a text with these models, each under its interventions."""
    session = Session(catalogue, Budget(1 << 28), 20_000)
    shown = [Panel(model=name, cells=[0], interventions=list(made)) for name, made in panels]
    show = Show(type="show", view=1, panels=shown)
    session.show(show, [catalogue.weights.load(entry) for entry in session.entries(show)])
    edit = {"revision": 1, "at": 0, "delete": 0, "insert": text, "length": len(text)}
    session.edit(Edit(type="edit", **edit))
    read_all(session)
    return session


def read_alone(name, text, made):
    """h, c, gates, display of every character, one read after another: a trace may read chunks."""
    net, engine = model(name), ENGINES[name]
    under = [Under(engine.plan(net.parse(made)), 0)] if made else None
    symbols = torch.tensor(net.vocabulary.encode(text))[None]
    internals, _ = engine.read(symbols, engine.start(), under=under)
    h, c, gates = (part[0].numpy() for part in internals)
    return h, c, gates, display(c) if c.shape[2] else h[:, :, None]


def read_all(session):
    """Read what there is to read, by what the scheduler's threads do."""
    while works := session.work():
        for work in works:
            segment, advance = session.begin(work), Advance(ENGINES[work.loaded.name])
            before = [torch.from_numpy(x) for x in (segment.before.h, segment.before.c)]
            beside = isinstance(segment, Replay)
            state = State(*(before if beside else (x[None] for x in before)))
            row = Row(segment, session.accept, state)
            while row.left > 0:
                (advance.side_by_side if beside else advance.together)([row])


def ask(session, cells, start, stop):
    """The frames of an answer, by panel."""
    session.ask(Gates(type="gates", request=7, cells=cells, start=start, stop=stop))
    read_all(session)
    frames = []
    while (message := session.outgoing()) is not None:
        head, values = parse_frame(message)
        if "request" in head:
            assert (head["request"], head["revision"]) == (7, 1)
            assert head["stop"] - head["start"] == len(values)
            frames.append((head, values))
    return [[f for f in frames if f[0]["panel"] == k] for k in range(len(cells))]


def unrolled(gates, before, kind):
    """The display values (T, L, D) of one cell from its gates, by the equations, in float64."""
    T, L, D, _ = gates.shape
    c, h = [list(row) for row in before["c"]], list(before["h"])
    shown = np.zeros((T, L, D))
    for t in range(T):
        for l in range(L):
            if kind == "gru":
                _, z, n = gates[t, l, 0].astype(float)
                h[l] = z * h[l] + (1 - z) * n
                shown[t, l, 0] = h[l]
                continue
            for d in reversed(range(D)):
                i, f, g, _ = gates[t, l, d].astype(float)
                inner = d == D - 1
                if inner:
                    c[l][d] = f * c[l][d] + i * g
                else:
                    c[l][d] = gates[t, l, d + 1, 3].astype(float) * np.tanh(c[l][d + 1])
                shown[t, l, d] = np.tanh(c[l][d]) if inner else c[l][d]
    return shown


@pytest.mark.parametrize("name", SIZES)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_gates_from_kept_states_are_those_of_a_fresh_reading(catalogue, name, data):
    net = model(name)
    sizes = net.card.layers, net.card.levels, net.card.hidden
    text = "in his “black” coat, é 42\n" * data.draw(st.sampled_from([1, 7, 44]))
    made = data.draw(st.just([]) | interventions(*sizes, 40, largest_scale=1.0))
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text) + 40))
    cell = data.draw(st.integers(0, net.card.hidden - 1))
    (frames,) = ask(opened(catalogue, text, (name, made)), [cell], start, stop)
    h, c, gates, shown = read_alone(name, text, made)
    at = start - start % 16
    for head, values in frames:
        assert head["start"] == at
        np.testing.assert_allclose(values, gates[at : at + len(values), ..., cell], atol=2e-6)
        if at:
            before = np.tanh(c[at - 1, ..., cell])
            np.testing.assert_allclose(head["before"]["h"], h[at - 1, :, cell], atol=1e-6)
            np.testing.assert_allclose(np.tanh(head["before"]["c"]), before, atol=1e-6)
        if not made:
            expected = shown[at : at + len(values), ..., cell]
            found = unrolled(values, head["before"], net.card.cell)
            np.testing.assert_allclose(found, expected, atol=2e-6)
        at += len(values)
    assert at == min(stop, len(text))


def test_each_panel_has_its_own_cell_also_of_one_model(catalogue):
    text = "a memory opens and closes " * 90
    session = opened(catalogue, text, ("nested", ()), ("nested", ()))
    for cells in ([3, 1], [0, 0]):
        found = ask(session, cells, 40, len(text))
        fresh = model("nested").trace(text).gates[32:]
        for cell, frames in zip(cells, found, strict=True):
            values = np.concatenate([values for _, values in frames])
            np.testing.assert_allclose(values, fresh[..., cell], atol=2e-6)


def test_an_edit_ends_the_inquiry_and_cells_that_there_are_not_are_refused(catalogue):
    session = opened(catalogue, "a memory opens " * 9, ("nested", ()))
    session.ask(Gates(type="gates", request=1, cells=[0], start=0, stop=90))
    (work,) = session.work()
    segment = session.begin(work)
    edit = {"revision": 2, "at": 0, "delete": None, "insert": "other", "length": 5}
    session.edit(Edit(type="edit", **edit))
    assert not segment.wanted
    read_all(session)
    heads = []
    while (message := session.outgoing()) is not None:
        heads.append(parse_frame(message)[0])
    assert len(heads) > 0
    assert not any("request" in head for head in heads)
    hidden = model("nested").card.hidden
    for cells in ([hidden], [0, 0]):
        with pytest.raises(Refusal, match="cell"):
            session.ask(Gates(type="gates", request=2, cells=cells, start=0, stop=9))


def test_gates_beyond_the_text_are_refused_and_of_an_empty_text_there_are_none(catalogue):
    session = opened(catalogue, "abc", ("nested", ()))
    with pytest.raises(Refusal, match="`start` must be within the text of 3 code points"):
        session.ask(Gates(type="gates", request=1, cells=[0], start=3, stop=9))
    session.edit(Edit(type="edit", revision=2, at=0, delete=None, insert="", length=0))
    session.ask(Gates(type="gates", request=2, cells=[0], start=0, stop=9))
    read_all(session)
    heads = [parse_frame(m)[0] for m in iter(session.outgoing, None) if isinstance(m, bytes)]
    assert not any("request" in head for head in heads)


def test_an_overflow_in_what_was_cut_off_meanwhile_is_no_failure(catalogue):
    session = opened(catalogue, "", ("nested", ()))
    edit = {"revision": 2, "at": 0, "delete": 0, "insert": "abcdef", "length": 6}
    session.edit(Edit(type="edit", **edit))
    (work,) = session.work()
    segment = session.begin(work)
    taken = []
    row = Row(segment, lambda _, result: taken.append(result), segment.before.state())
    segment.cut = segment.start + 2
    L, D, H = segment.before.c.shape
    h = np.zeros((6, L, H), np.float32)
    h[2:] = np.nan
    row.take(h, np.zeros((6, L, D, H), np.float32), np.zeros((6, 1, H), np.int8))
    assert taken[0] is not None
    segment.cut = segment.start + 6
    row.read = 0
    row.take(h, np.zeros((6, L, D, H), np.float32), np.zeros((6, 1, H), np.int8))
    assert taken[1] is None
