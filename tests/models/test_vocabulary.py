"""How typed text becomes symbols (the Contract's rule), by examples and by laws."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import plain_form
from models.vocabulary import UNKNOWN, Vocabulary

SMALL = Vocabulary(["\n", " ", "a", "b", "e", "E", "n", "<R>", "詩"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a", "a"),
        ("A", "a"),  # lower case
        ("E", "E"),  # as typed before lower case
        ("é", "e"),  # base letter
        ("É", "E"),  # base letter as it is before its lower case
        ("Ñ", "n"),  # base letter, then lower case
        ("詩", "詩"),
        ("\n", "\n"),
    ],
)
def test_each_character_finds_its_symbol(typed, read):
    assert SMALL.encode(typed) == [SMALL.index(read)]


TYPED = Vocabulary(["\n", " ", '"', "'", "-", ".", "i", "t", "s", "l", "a", "e", ",", "f", "o"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("“”„«»", '"' * 5),
        ("‘’‹›", "'" * 4),
        ("–—‐−", "-" * 4),
        ("…", "."),
        ("\u00a0\u2003\u3000", "   "),
        ("ﬁﬂﬀœæ", "fffoa"),
        ("Æ", "a"),  # plain form, then lower case
    ],
)
def test_typographic_characters_are_read_by_their_plain_form(typed, read):
    assert "".join(TYPED[k] for k in TYPED.encode(typed)) == read
    assert TYPED.read_as(f"a{typed}") == [(k + 1, symbol) for k, symbol in enumerate(read)]


def test_no_typographic_character_of_a_passage_is_unknown():
    text = "“It’s late,”\u00a0it’s — it’s late…"
    assert UNKNOWN not in TYPED.encode(text)
    wanted = ['"', "'", '"', " ", "'", "-", "'", "."]
    assert [symbol for _, symbol in TYPED.read_as(text)] == wanted


@given(st.text())
def test_what_was_known_before_is_read_as_before(text):
    """The plain form is tried last, and only where nothing else is held."""
    full = Vocabulary([*TYPED, "“", "é"])
    for character, symbol in zip(text, full.encode(text), strict=True):
        if character in full:
            assert full[symbol] == character
            assert full.read_as(character) == []


@pytest.mark.parametrize("typed", ["z", "\t", "😀", "\u0301", "İ", "ß", "\ud800"])
def test_what_is_not_held_is_unknown(typed):
    assert SMALL.encode(typed) == [UNKNOWN]


def test_a_symbol_of_several_code_points_cannot_be_typed():
    assert SMALL.encode("<R>") == [UNKNOWN] * 3


@given(st.text())
def test_one_code_point_is_one_column_whatever_stands_beside_it(text):
    encoded = SMALL.encode(text)
    assert encoded == [SMALL.encode(c)[0] for c in text]


@given(st.lists(st.characters(), min_size=1, unique=True))
def test_a_text_of_held_characters_round_trips(symbols):
    vocabulary = Vocabulary(symbols)
    assert [vocabulary[k] for k in vocabulary.encode("".join(symbols))] == symbols


@given(st.characters(categories=["Lu", "Ll"]))
def test_the_reading_of_a_letter_is_never_another_letter(character):
    """Whatever symbol is read shares the typed letter's base, up to case."""
    letters = Vocabulary("abcdefghijklmnopqrstuvwxyz")
    symbol = letters.symbol(character)
    if symbol != UNKNOWN:
        base = unicodedata.normalize("NFD", character)[0]
        assert letters[symbol] in {character.lower(), base.lower(), plain_form(character).lower()}


@pytest.mark.parametrize("symbols", [["a", "a"], ["a", ""]])
def test_symbols_must_be_distinct_and_not_empty(symbols):
    with pytest.raises(ValueError, match="distinct and not empty"):
        Vocabulary(symbols)
