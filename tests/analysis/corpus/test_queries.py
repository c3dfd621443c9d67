"""Every query gives what brute force over the whole array gives."""

import shutil
import tempfile
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_corpora import a_text, write_corpus

from analysis.corpus.cells import Cell, Network
from analysis.corpus.corpus import Gone
from analysis.corpus.queries.around import around
from analysis.corpus.queries.exact import exact
from analysis.corpus.queries.histogram import histogram
from analysis.corpus.queries.match import Signed, match
from analysis.corpus.queries.passages import passages
from analysis.corpus.queries.query import Query, Stop, Stopped, asking, level

NETWORK = Network("lstm", 2, 2, 2)
CELLS = NETWORK.cells()
CHARACTERS = 230


def runs(on):
    """Maximal runs of True, by the definition."""
    found, start = [], None
    for t, here in enumerate([*on, False]):
        if here and start is None:
            start = t
        if not here and start is not None:
            found.append((start, t))
            start = None
    return found


def drawn_values(seed, step, characters=CHARACTERS):
    """Values with long runs, many ties, both signs and the ends of the range."""
    draw = np.random.default_rng(seed)
    walk = np.cumsum(draw.integers(-step, step + 1, (characters, len(CELLS))), 0)
    return np.clip(walk, -127, 127).astype(np.int8)


@pytest.fixture(scope="module")
def corpora():
    """Corpora by seed and step, written once each."""
    folder, made = Path(tempfile.mkdtemp()), {}

    def corpus(seed, step):
        if (seed, step) not in made:
            values = drawn_values(seed, step)
            path = folder / f"{seed}-{step}"
            made[seed, step] = write_corpus(path, values, a_text(CHARACTERS, seed), NETWORK), values
        return made[seed, step]

    yield corpus
    shutil.rmtree(folder)


thresholds = st.one_of(
    st.floats(0, 1), st.integers(0, 127).map(lambda q: q / 127), st.just(0.0), st.just(1.0)
)
some_corpus = {"seed": st.integers(0, 3), "step": st.sampled_from([1, 9, 200])}


def test_a_corpus_gives_back_its_values_and_its_text(corpora):
    corpus, values = corpora(0, 9)
    np.testing.assert_array_equal(np.concatenate(list(corpus.values())), values)
    assert corpus.text() == a_text(CHARACTERS, 0)


@given(start=st.integers(-5, CHARACTERS + 5), length=st.integers(0, CHARACTERS + 9))
def test_a_stretch_of_values_and_text(corpora, start, length):
    corpus, values = corpora(0, 9)
    stop = start + length
    chosen = [CELLS[5], CELLS[0]]
    pieces = list(corpus.values(chosen, start, stop))
    expected = values[max(0, start) : max(0, stop)][:, [5, 0]]
    found = np.concatenate(pieces) if pieces else np.empty((0, 2))
    np.testing.assert_array_equal(found, expected)
    assert corpus.text(start, stop) == a_text(CHARACTERS, 0)[max(0, start) : max(0, stop)]


@given(q=st.integers(-127, 127), threshold=thresholds)
def test_a_threshold_is_the_display_values(q, threshold):
    assert (q >= level(threshold)) == (q / 127 >= threshold)


@settings(max_examples=40)
@given(
    **some_corpus,
    index=st.integers(0, len(CELLS) - 1),
    end=st.sampled_from(["top", "bottom"]),
    count=st.integers(1, 30),
    context=st.integers(0, 60),
)
def test_passages(corpora, seed, step, index, end, count, context):
    corpus, values = corpora(seed, step)
    text = corpus.text()
    own = values[:, index].astype(int) * (1 if end == "top" else -1)
    free, expected = np.ones(CHARACTERS, bool), []
    while len(expected) < count and free.any():
        at = int(np.argmax(np.where(free, own, -999)))
        expected.append(at)
        free[max(0, at - max(context, 1) + 1) : at + max(context, 1)] = False
    other = CELLS[(index + 1) % len(CELLS)]
    with asking(corpus) as query:
        found = passages(query, CELLS[index], end, count, context, [other])
    assert [passage.position for passage in found] == expected
    for passage in found:
        at = passage.position
        span = slice(max(0, at - context), at + context + 1)
        assert passage.start == span.start
        assert passage.text == text[span]
        np.testing.assert_allclose(passage.value, values[at, index] / 127, atol=1e-4)
        np.testing.assert_allclose(passage.values, values[span, index] / 127, atol=1e-4)
        beside = values[span, CELLS.index(other)] / 127
        np.testing.assert_allclose(passage.others[0], beside, atol=1e-4)


@settings(max_examples=60)
@given(
    **some_corpus,
    chosen=st.dictionaries(
        st.integers(0, len(CELLS) - 1), st.sampled_from([1, -1]), min_size=1, max_size=3
    ),
    threshold=thresholds,
    length=st.none() | st.tuples(st.integers(1, 20), st.integers(1, 60)),
    count=st.integers(1, 40),
    context=st.integers(0, 70),
    order=st.sampled_from(["longest", "best", "text"]),
)
def test_match(corpora, seed, step, chosen, threshold, length, count, context, order):
    corpus, values = corpora(seed, step)
    text = corpus.text()
    signed = np.stack([sign * values[:, k].astype(int) for k, sign in chosen.items()], 1)
    expected = runs((signed / 127 >= threshold).all(1))
    if length:
        expected = [(a, b) for a, b in expected if length[0] <= b - a <= length[1]]
    strength = {span: signed[slice(*span)].mean() / 127 for span in expected}
    by = {"longest": lambda s: s[0] - s[1], "best": lambda s: -strength[s], "text": lambda s: s[0]}
    expected.sort(key=lambda span: (round(by[order](span), 9), span[0]))
    cells = [Signed(CELLS[k], sign) for k, sign in chosen.items()]
    with asking(corpus) as query:
        found = match(query, cells, threshold, length, count, context, order)
    assert found.total == len(expected)
    assert [(span.start, span.stop) for span in found.spans] == expected[:count]
    for span in found.spans:
        assert span.matched == text[span.start : span.stop]
        assert span.text == text[max(0, span.start - context) : span.stop + context]
        np.testing.assert_allclose(span.strength, strength[span.start, span.stop], atol=1e-4)


@settings(max_examples=60)
@given(
    **some_corpus,
    start=st.integers(0, CHARACTERS - 1),
    length=st.integers(1, 60) | st.just(CHARACTERS),
    threshold=thresholds,
    snapped=st.booleans(),
)
def test_exact(corpora, seed, step, start, length, threshold, snapped):
    corpus, values = corpora(seed, step)
    if snapped:  # onto a run of some cell, so that the answer is not empty
        found = runs(values[:, start % len(CELLS)] / 127 >= threshold)
        start, length = (found[0][0], found[0][1] - found[0][0]) if found else (start, length)
    start = 0 if length == CHARACTERS else start
    stop = min(start + length, CHARACTERS)
    expected = []
    for k, cell in enumerate(CELLS):
        for sign in (-1, 1):
            on = sign * values[:, k].astype(int) / 127 >= threshold
            beyond = [t for t in (start - 1, stop) if 0 <= t < CHARACTERS]
            if on[start:stop].all() and not on[beyond].any():
                rest = CHARACTERS - (stop - start)
                elsewhere = (on.sum() - (stop - start)) / rest if rest else 0.0
                expected.append((elsewhere, cell, sign, sign * values[start:stop, k].mean() / 127))
    with asking(corpus) as query:
        found = exact(query, start, stop, threshold)
    assert [(e.elsewhere, e.cell, e.sign) for e in found] == sorted(e[:3] for e in expected)
    inside = {(cell, sign): mean for _, cell, sign, mean in expected}
    for each in found:
        np.testing.assert_allclose(each.inside, inside[each.cell, each.sign], atol=1e-4)


def test_no_query_hands_over_many_rows_of_many_columns(corpora, monkeypatch):
    monkeypatch.setattr("analysis.corpus.queries.query.LEAST_BATCH", 16)
    monkeypatch.setattr("analysis.corpus.queries.query.BATCH_VALUES", 32 * len(CELLS))
    corpus, _ = corpora(0, 9)
    sizes, batches = [], Query.batches

    def noting(query, *arguments, **options):
        for rows in batches(query, *arguments, **options):
            sizes.append(len(rows) * len(next(iter(rows.values()))))
            yield rows

    monkeypatch.setattr(Query, "batches", noting)
    with asking(corpus) as query:
        exact(query, 0, CHARACTERS, 0.0)
        match(query, [Signed(cell, 1) for cell in CELLS], 0.0)
    assert sizes
    assert max(sizes) <= 32 * (len(CELLS) + 1)  # and the positions


class Counting(Stop):
    """Counts the looks at whether the query goes on."""

    def __init__(self):
        super().__init__()
        self.looks = 0

    def check(self):
        self.looks += 1
        super().check()


def test_what_python_does_of_a_query_can_be_ended(corpora):
    corpus, _ = corpora(0, 9)
    spans, stop = [(0, 50), (10, 230)], Counting()
    with asking(corpus, stop) as query:
        query.rows("position")
        alone, stop.looks = stop.looks, 0
        around(query, CELLS, spans)
        assert stop.looks == alone + len(spans) * len(CELLS)
        stop.looks = 0
        passages(query, CELLS[0], count=2, context=CHARACTERS)  # all rows, and the second in vain
        assert stop.looks >= CHARACTERS


def test_places_are_checked_before_their_text_is_read(corpora):
    corpus, values = corpora(0, 1)
    seen = []

    def check(places):
        seen.append(places)
        raise KeyError("too many")

    with asking(corpus) as query:
        with pytest.raises(KeyError, match="too many"):
            match(query, [Signed(CELLS[0], 1)], 0.0, count=2, order="text", check=check)
        with pytest.raises(KeyError, match="too many"):
            passages(query, CELLS[0], count=1, context=CHARACTERS, check=check)
    assert seen == [runs(values[:, 0] >= 0)[:2], [(0, CHARACTERS)]]


@given(**some_corpus, index=st.integers(0, len(CELLS) - 1))
def test_histogram(corpora, seed, step, index):
    corpus, values = corpora(seed, step)
    with asking(corpus) as query:
        found = histogram(query, CELLS[index])
    assert found == np.bincount(values[:, index].astype(int) + 127, minlength=255).tolist()


def test_runs_that_cross_parts_and_batches_are_one(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.corpus.queries.query.BATCH", 2048)
    values = np.full((9000, 1), 127, np.int8)
    values[[5000, 5001, 8191]] = 0
    corpus = write_corpus(tmp_path / "c", values, a_text(9000), Network("lstm", 1, 1, 1), 3000)
    with asking(corpus) as query:
        found = match(query, [Signed(Cell(0, 0, 0), 1)], order="text")
    assert [(s.start, s.stop) for s in found.spans] == [(0, 5000), (5002, 8191), (8192, 9000)]


def test_a_query_ends_in_time_and_at_a_word(corpora):
    corpus, _ = corpora(0, 9)
    endless = ", range(100000000) a, range(100000) b WHERE a.range * b.range % 7 = 3"
    began = time.monotonic()
    with pytest.raises(Stopped, match=r"longer than 0\.3 s"), asking(corpus, Stop(0.3)) as query:
        query.rows("count(*)", endless)
    stop = Stop()
    threading.Timer(0.3, stop.set, ["nobody waits for it"]).start()
    with pytest.raises(Stopped, match="nobody waits"), asking(corpus, stop) as query:
        query.rows("count(*)", endless)
    with pytest.raises(Stopped, match="nobody waits"), asking(corpus, stop) as query:
        query.rows("1")  # nor does it begin
    assert time.monotonic() - began < 60


def test_a_query_that_is_ended_says_so_wherever_it_is(corpora):
    """Between two batches as well, where it is not DuckDB but pyarrow that meets the interrupt."""
    corpus, _ = corpora(0, 9)
    ended = 0
    for k in range(60):
        try:
            with asking(corpus, Stop(0.0005 * (k + 1))) as query:
                for _ in range(20):
                    for _ in query.batches("*", batch=2048):
                        pass
        except Stopped:
            ended += 1
    assert ended > 10


def test_a_query_reaches_no_other_file_and_writes_none(corpora, tmp_path):
    corpus, _ = corpora(0, 9)
    (tmp_path / "other.csv").write_text("a\n1\n")
    with asking(corpus) as query:
        for path in (tmp_path / "other.csv", corpus.folder / "text.txt"):
            with pytest.raises(duckdb.Error, match="disabled by configuration"):
                query.rows("*", f", read_csv('{path}')")
        with pytest.raises(duckdb.Error, match="locked"):
            query._connection.execute("SET enable_external_access = true")


def test_a_corpus_removed_while_it_is_read_is_said_so(tmp_path):
    values = drawn_values(0, 9)
    corpus = write_corpus(tmp_path / "c", values, a_text(CHARACTERS), NETWORK)
    with asking(corpus) as query:
        query.rows("position")
        corpus.paths[1].unlink()
        with pytest.raises(Gone, match="removed or changed"):
            query.rows("position")
        with pytest.raises(Gone, match="removed or changed"):
            list(corpus.values())
        shutil.rmtree(corpus.folder)
        with pytest.raises(Gone, match="removed or changed"):
            corpus.text()
        with pytest.raises(Gone, match="removed or changed"):
            passages(query, CELLS[0])


def test_a_corpus_cut_short_while_it_is_read_is_said_so(tmp_path):
    corpus = write_corpus(tmp_path / "c", drawn_values(0, 9), a_text(CHARACTERS), NETWORK)
    with corpus.paths[0].open("r+b") as file:
        file.truncate(300)
    with pytest.raises(Gone, match="removed or changed"), asking(corpus) as query:
        query.rows("position")
