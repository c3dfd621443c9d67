"""The symbols that a character model reads and predicts, and the mapping from text to symbols."""

import unicodedata
from collections.abc import Iterable

from models.text import plain_form

UNKNOWN = -1
"""The symbol of a character outside the vocabulary: its input is the zero vector."""

SHOWN = 8
"""The number of symbols in the repr of a vocabulary."""


class Vocabulary(tuple[str, ...]):
    """The symbols in the order of the input's columns.

    A symbol of several code points (the poems' `<R>`) is read and predicted but cannot be typed.
    """

    def __new__(cls, symbols: Iterable[str]) -> "Vocabulary":
        """The symbols in this order; ValueError if one is empty or repeated."""
        vocabulary = super().__new__(cls, symbols)
        vocabulary._of = {symbol: k for k, symbol in enumerate(vocabulary)}
        if len(vocabulary._of) < len(vocabulary) or "" in vocabulary._of:
            raise ValueError("the symbols of a vocabulary must be distinct and not empty")
        return vocabulary

    _of: dict[str, int]

    def __repr__(self) -> str:
        shown = " ".join(repr(symbol) for symbol in self[:SHOWN])
        more = " ..." if len(self) > SHOWN else ""
        return f"Vocabulary of {len(self)} symbols: {shown}{more}"

    def symbol(self, character: str) -> int:
        """The symbol of one code point, or UNKNOWN.

        Tried in turn: as typed, in lower case, its base letter without accents (the first code
        point of its NFD form), that in lower case, its plain form, that in lower case.
        """
        symbol = self._spelled(character)
        return self._plain(character) if symbol == UNKNOWN else symbol

    def read_as(self, text: str) -> list[tuple[int, str]]:
        """The positions read by their plain form, and the symbols they are read as."""
        plain = {
            c: self[symbol]
            for c in set(text)
            if self._spelled(c) == UNKNOWN and (symbol := self._plain(c)) != UNKNOWN
        }
        return [(k, plain[c]) for k, c in enumerate(text) if c in plain]

    def _spelled(self, character: str) -> int:
        """Look up a character as typed, up to case and accents."""
        base = unicodedata.normalize("NFD", character)[0]
        return self._first(character, character.lower(), base, base.lower())

    def _plain(self, character: str) -> int:
        """Look up the plain form of a typographic character."""
        plain = plain_form(character)
        return self._first(plain, plain.lower())

    def _first(self, *candidates: str) -> int:
        """The symbol of the first candidate that is one."""
        for candidate in candidates:
            if len(candidate) == 1 and candidate in self._of:
                return self._of[candidate]
        return UNKNOWN

    def encode(self, text: str) -> list[int]:
        """One symbol a code point; UNKNOWN where there is none."""
        known: dict[str, int] = {c: self.symbol(c) for c in set(text)}
        return [known[c] for c in text]


DIGITS = Vocabulary("0123456789")
