"""The order of a network's symbols: kept in its file, in a JSON file, or made from a text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from models.card import MOST_SYMBOLS
from models.foreign.source import ForeignError
from models.vocabulary import Vocabulary

WRITTEN = ("alphabet", "char", "itos", "letter", "symbol", "token", "vocab")
"""Parts of the names under which files keep an alphabet as one plain string."""


FEWEST_SYMBOLS = 2
MOST_DIGITS = 7
"""The most digits of an index written as a string."""


def alphabet_in(value: Any, name: str = "") -> list[str] | None:
    """The symbols by index, if `value` is an alphabet: a list, or a mapping either way.

    Args:
        value: anything found in a file.
        name: its key; a plain string counts only under a name such as `tokens`.

    Returns:
        the symbols, "" at an index that has none; None if `value` is something else.
    """
    if isinstance(value, str):
        named = any(word in name.lower() for word in WRITTEN)
        return list(value) if named and FEWEST_SYMBOLS <= len(value) <= MOST_SYMBOLS else None
    if isinstance(value, Mapping):
        return _by_index(value)
    if isinstance(value, Sequence) and FEWEST_SYMBOLS <= len(value) <= MOST_SYMBOLS:
        return list(value) if all(isinstance(symbol, str) for symbol in value) else None
    return None


def _by_index(value: Mapping[Any, Any]) -> list[str] | None:
    """The symbols of a mapping from symbol to index or from index to symbol."""
    if not FEWEST_SYMBOLS <= len(value) <= MOST_SYMBOLS:
        return None
    pairs = list(value.items())
    if all(_index(key) is not None and isinstance(symbol, str) for key, symbol in pairs):
        indexed = {_index(key): symbol for key, symbol in pairs}
    elif all(isinstance(symbol, str) and type(index) is int for symbol, index in pairs):
        indexed = {index: symbol for symbol, index in pairs}
    else:
        return None
    last = max(k for k in indexed if k is not None)
    # Two symbols of one index, or an index far away: a mapping of another kind.
    if len(indexed) < len(pairs) or not 0 <= last <= 2 * len(pairs):
        return None
    return [indexed.get(k, "") for k in range(last + 1)]


def _index(key: Any) -> int | None:
    """An index, also as JSON writes it: in a string."""
    if type(key) is int:
        return key
    if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= MOST_DIGITS:
        return int(key)
    return None


def alphabet_of(text: str) -> list[str]:
    """The sorted set of a text's characters."""
    return sorted(set(text))


def parse_alphabet(content: str, name: str) -> list[str]:
    """The symbols of a JSON file: a list, or an object either way.

    Raises:
        ForeignError: the file holds neither.
    """
    try:
        found = alphabet_in(json.loads(content), name)
    except (ValueError, RecursionError):
        raise ForeignError(f"{name} is not JSON") from None
    if found is None:
        raise ForeignError(
            f"{name} is not a vocabulary, expected a JSON list of symbols, or an object from "
            "symbol to index or from index to symbol"
        )
    return found


def vocabulary(symbols: list[str], size: int, name: str) -> Vocabulary:
    """The vocabulary of a network with `size` symbols.

    An index 0 without a symbol is common, for padding; its symbol is `<unused 0>`, which cannot be
    typed.

    Args:
        symbols: by index, "" where an index has none.
        size: how many symbols the network reads and predicts.
        name: where they come from, for the message.

    Raises:
        ForeignError: their number is another, they are not distinct, or all are longer than a
            character.
    """
    if len(symbols) != size:
        raise ForeignError(
            f"the vocabulary in {name} has {len(symbols)} symbols, and the network {size}; "
            "it must be the one that the network was trained with"
        )
    if symbols[0] == "":
        symbols = ["<unused 0>", *symbols[1:]]
    if "" in symbols:
        raise ForeignError(f"the vocabulary in {name} has no symbol at index {symbols.index('')}")
    if any("\ud800" <= character <= "\udfff" for symbol in symbols for character in symbol):
        raise ForeignError(f"the vocabulary in {name} holds half a surrogate pair")
    if all(len(symbol) > 1 for symbol in symbols):
        raise ForeignError(
            f"the vocabulary in {name} holds words, such as {symbols[0]!r}; Nestscope reads "
            "characters"
        )
    try:
        return Vocabulary(symbols)
    except ValueError:
        twice = next(symbol for symbol in symbols if symbols.count(symbol) > 1)
        raise ForeignError(f"the vocabulary in {name} has {twice!r} twice") from None
