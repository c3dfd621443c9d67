"""What each feature marks: the examples show the label, laws hold for every text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.selectivity.features import FEATURES
from analysis.selectivity.features.expression import expression
from analysis.selectivity.features.literal import literal
from analysis.selectivity.features.spans import stretches

NAMED = {feature.key: feature for feature in FEATURES}

EXAMPLES = [
    # ^ below every character that has the feature
    ("quotes", 'He said, "Well then," and left.', "         ^^^^^^^^^^^           "),
    ("quotes", 'a "b" c "d', "  ^^    ^^"),
    ("quotes", "“Yes,” he said “no.”", "^^^^^          ^^^^ "),
    ("quotes", '"Go," said he, "go!"', "^^^^           ^^^^ "),
    ("quotes", 'So--"Here"--so', "    ^^^^^     "),
    ("quotes", '"Never--" he said', "^^^^^^^^         "),
    ("quotes", '"One\n\n"Two"', "^^^^  ^^^^ "),
    ("quotes", '5" wide', "       "),
    ("quotes", 'he said "', "        ^"),
    ("quotes", '"so "', "^^^^ "),
    ("brackets", "a (b [c] d) e", "  ^^^^^^^^   "),
    ("brackets", "1) (two (three) 4", "        ^^^^^^   "),
    ("brackets", "{a(b}c)", "^^^^   "),
    ("word", "don't, well-fed 3rd 'tis", "^^^^^  ^^^^^^^^ ^^^  ^^^"),
    ("word-start", "don't well-fed", "^     ^       "),
    ("newline", "a\nb\n", " ^ ^"),
    ("after-newline", "a\nb\n\nc", "  ^ ^^"),
    ("capital", "Étude in C, ÀB", "^        ^  ^^"),
    ("digit", "in 1812 ٣", "   ^^^^ ^"),
    ("space", "a b\n\tc ", " ^    ^"),
    ("vowel", "Aé yUo", "^^  ^^"),
    ("punctuation", "a, b! (c)-_$", " ^  ^ ^ ^^^ "),
    ("comment", "a /* b */ c", "   ^^^^^   "),
    ("comment", "/*/ a **/ /**/ */ /* b", " ^^^^^^^   ^^      ^^^"),
    ("tag", "a <unk> 1 < 2 > 0 <>", "  ^^^^              "),
]


@pytest.mark.parametrize(("key", "text", "expected"), EXAMPLES)
def test_the_label(key, text, expected):
    label = NAMED[key].mark(text)
    assert "".join("^" if here else " " for here in label) == expected


def test_every_feature_has_an_example_and_a_name_of_its_own():
    assert set(NAMED) == {key for key, *_ in EXAMPLES}
    assert len(NAMED) == len(FEATURES)
    assert len({feature.label for feature in FEATURES}) == len(FEATURES)


texts = st.text(st.sampled_from("ab AÉ\n\t1\"“”()[]{}<>.,-'/*😀"), max_size=60) | st.text(
    max_size=9
)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.key)
@given(text=texts)
def test_a_label_has_a_place_for_every_character(feature, text):
    label = feature.mark(text)
    assert label.dtype == bool
    assert label.shape == (len(text),)


@given(text=texts)
def test_laws(text):
    of = {key: feature.mark(text) for key, feature in NAMED.items()}
    assert not (of["word"] & of["space"]).any()
    assert (of["word"] | ~of["word-start"]).all()
    starts = of["word"] & ~np.concatenate([[False], of["word"][:-1]])[: len(text)]
    np.testing.assert_array_equal(of["word-start"], starts)
    np.testing.assert_array_equal(of["after-newline"][1:], of["newline"][:-1])
    # A closing mark is outside, wherever the text goes on.
    closing = np.array([c in ")]}" for c in text], bool)
    depth = of["brackets"] & closing
    for at in np.flatnonzero(depth):  # inside another pair
        assert of["brackets"][:at].any()


def test_brackets_without_partners_are_read_once():
    """Had each to be compared with all open ones, this would take minutes."""
    of = NAMED["brackets"].mark("(" * 100_000 + "]" * 100_000 + ")")
    np.testing.assert_array_equal(np.flatnonzero(of), range(99_999, 200_000))


def test_a_literal_and_an_expression():
    text = "The war. Peace, the war."
    np.testing.assert_array_equal(np.flatnonzero(literal("war").mark(text)), [4, 5, 6, 20, 21, 22])
    np.testing.assert_array_equal(
        np.flatnonzero(expression("(?i)the ", seconds=60).mark(text)), [0, 1, 2, 3, 16, 17, 18, 19]
    )


def test_every_quotation_mark_of_the_shipped_text_opens_or_closes():
    """A mark that did neither would turn the label over for the rest of its paragraph."""
    text = (Path(__file__).parents[3] / "corpora/war-and-peace.txt").read_text("utf-8")
    spans = stretches(NAMED["quotes"].mark(text))
    marks = {k for k, character in enumerate(text) if character == '"'}
    assert {int(start) for start, _ in spans} <= marks
    ends = {int(stop) for _, stop in spans}
    assert len(marks - {int(start) for start, _ in spans} - ends) == 0
    # One quotation is left open, and ends with its paragraph.
    (unclosed,) = ends - marks
    assert text[unclosed : unclosed + 2] == "\n\n"
    lengths = [stop - start for start, stop in spans.tolist()]
    assert max(lengths) == 3093
    assert sum(paragraph.count('"') % 2 for paragraph in text.split("\n\n")) == 1
