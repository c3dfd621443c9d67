"""The features with a name: a file and an entry each.

`literal` and `expression` make one from a pattern.
"""

from analysis.selectivity.features import (
    after_newline,
    brackets,
    capital,
    comment,
    digit,
    newline,
    punctuation,
    quotes,
    space,
    tag,
    vowel,
    word,
    word_start,
)
from analysis.selectivity.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    quotes.FEATURE,
    brackets.FEATURE,
    word.FEATURE,
    word_start.FEATURE,
    newline.FEATURE,
    after_newline.FEATURE,
    capital.FEATURE,
    digit.FEATURE,
    space.FEATURE,
    vowel.FEATURE,
    punctuation.FEATURE,
    tag.FEATURE,
    comment.FEATURE,
)
