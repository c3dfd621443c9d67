"""A search finds what Python's own finds, and ends."""

import re
import tempfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.search import MARKS, SearchError, _matches, expression_spans, literal_spans

PATTERNS = ["a", "a+", "[ab]{2}", "a.b", "(?s)a.b", r"\n", "é|😀", "a*", r"\bab?\b", "^a", "(?m)^a"]
texts = st.text(st.sampled_from(["a", "b", " ", "\n", "é", "😀", MARKS[0], MARKS[1]]), max_size=40)


def spans(pattern, text):
    return [m.span() for m in re.finditer(pattern, text, re.ASCII) if m.end() > m.start()]


@given(text=texts, literal=st.text(st.sampled_from("ab é"), min_size=1, max_size=3))
def test_a_literal_is_found_as_by_re(text, literal):
    assert [tuple(span) for span in literal_spans(text, literal)] == spans(re.escape(literal), text)


@settings(max_examples=200)
@given(text=texts, pattern=st.sampled_from(PATTERNS))
def test_an_expression_is_found_as_by_re(text, pattern):
    found = memoryview(_matches(pattern, text)).cast("q").tolist()
    assert list(zip(found[::2], found[1::2], strict=True)) == spans(pattern, text)


def test_an_expression_is_searched_for_in_a_process_of_its_own():
    text = "He said (so) and (again).\n" * 3
    found = expression_spans(text, r"\([^)]*\)", seconds=60)
    assert [text[a:b] for a, b in found.tolist()] == ["(so)", "(again)"] * 3
    assert expression_spans("", "a", seconds=60).tolist() == []


def test_an_expression_is_searched_for_where_no_file_can_be_written(monkeypatch):
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    monkeypatch.setattr(tempfile, "_gettempdir", nowhere)
    assert expression_spans("so it goes", "i.", seconds=60).tolist() == [[3, 5]]


def test_an_expression_that_explodes_elsewhere_does_not_here():
    assert expression_spans("a" * 30 + "!", "(a+)+$", seconds=60).tolist() == []


def test_an_expression_that_takes_too_long_is_ended():
    began = time.monotonic()
    with pytest.raises(SearchError, match=r"longer than 0\.5 s: make it simpler"):
        expression_spans("ab " * 5_000_000, "(.{0,500}a){1,2}z", seconds=0.5)
    assert time.monotonic() - began < 60


def test_what_nobody_waits_for_is_ended():
    def check():
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        expression_spans("ab " * 5_000_000, "(.{0,500}a){1,2}z", check=check)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("(", "is refused: missing"),
        ("(?<=a)b", "is refused: invalid perl operator"),
        (r"(a)\1", "is refused: invalid escape"),
        ("a{1001}", "is refused"),
        ("", "is empty"),
        ("a" * 1001, "has 1,001 characters, expected at most 1,000"),
    ],
)
def test_what_is_no_expression_is_refused_with_a_sentence(pattern, sentence):
    with pytest.raises(SearchError, match=re.escape(sentence)):
        expression_spans("a text", pattern)


def test_an_empty_literal_is_refused():
    with pytest.raises(SearchError, match="is empty"):
        literal_spans("a text", "")
