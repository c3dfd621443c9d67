"""What a model can read of a feature."""

import math

import numpy as np
import pytest

from analysis.selectivity.features import FEATURES
from analysis.selectivity.legible import sentence, unread
from models import Vocabulary

NAMED = {feature.key: feature for feature in FEATURES}
LETTERS = Vocabulary("abcdefghijklmnopqrstuvwxyz ")


@pytest.mark.parametrize(
    ("key", "text", "alphabet", "share"),
    [
        ("quotes", '"so" and "no"', LETTERS, 1.0),
        ("quotes", '"so" and “no”', Vocabulary([*LETTERS, '"']), 0.0),  # by its plain form
        ("quotes", '"so" and «no»', Vocabulary([*LETTERS, "«"]), 0.5),
        ("word", "so and no", LETTERS, 0.0),
        ("capital", "So And", LETTERS, 0.0),  # read in lower case
        ("digit", "so 12 and 3", LETTERS, 1.0),
    ],
)
def test_the_characters_that_begin_a_feature_are_read_or_not(key, text, alphabet, share):
    label = NAMED[key].mark(text)
    assert unread(text, label, alphabet) == share


def test_what_begins_nowhere_has_no_share():
    assert math.isnan(unread("abc", np.zeros(3, bool), LETTERS))
    assert math.isnan(unread("", np.zeros(0, bool), LETTERS))
    assert sentence("net", "digit", float("nan")) is None


def test_it_is_said_in_a_sentence_unless_nearly_all_is_read():
    assert sentence("net", "digit", 0.004) is None
    assert "net reads none of the characters at which this begins (digit)" in str(
        sentence("net", "digit", 1.0)
    )
    assert "reads only 60%" in str(sentence("net", "digit", 0.4))
