"""Reads text as people have it: bytes, line ends, plain forms of typographic characters.

Pure. The page's `static/text/decoding.js`, `static/text/edits.js` and `static/base/memories.js` do
the same; the tests hold them to each other.
"""

import codecs
import unicodedata

BYTE_ORDER_MARK = "\ufeff"

_MARKED = (  # UTF-32 first: its mark begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_PLAIN = {
    plain: frozenset(characters)
    for plain, characters in {
        '"': "“”„‟«»″〝〞〟❝❞＂",
        "'": "‘’‚‛‹›′ʼ´`❛❜＇",
        "-": "−­⁃",  # minus, soft hyphen, hyphen bullet; dashes by their category
        ".": "…‥⋯",
        "a": "æ",
        "A": "Æ",
        "o": "œ",
        "O": "Œ",
    }.items()
}
_LIGATURES = frozenset("ﬀﬁﬂﬃﬄﬅﬆĲĳ")


class NotText(ValueError):
    """Bytes that are not text. The message says what they are and what to do."""


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, or the encoding of its byte order mark, which is left out.

    Raises:
        NotText: with one sentence.
    """
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and _looks_like_utf_16(content):
            reason = "it looks like UTF-16 without a byte order mark"
        else:
            reason = f"byte {content[error.start]:#04x} at {error.start:,} cannot stand there"
        raise NotText(f"it is not {encoding.upper()} text: {reason}. Save it as UTF-8") from None
    # Python's other decoders leave the mark out themselves.
    return text.removeprefix(BYTE_ORDER_MARK) if encoding == "utf-8" else text


def _looks_like_utf_16(content: bytes) -> bool:
    """Return whether nearly every second byte of the beginning is zero."""
    start = content[:200]
    return any(start[side::2].count(0) > 0.4 * len(start) for side in (0, 1))


def normalised(text: str) -> str:
    """`text` as it is read: CRLF and CR become LF, a byte order mark before it is left out."""
    return with_newlines(text.removeprefix(BYTE_ORDER_MARK))


def with_newlines(text: str) -> str:
    """`text` with LF for CRLF and CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_form(character: str) -> str:
    """The plain form of a typographic character; the character itself if it has none.

    Double quotation marks are read as ", single ones and apostrophes as ', hyphens, dashes and
    minus as -, an ellipsis as a full stop, any space as a space, a ligature as its first letter.
    """
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    if character in _LIGATURES:
        return unicodedata.normalize("NFKD", character)[0]
    return next((plain for plain, those in _PLAIN.items() if character in those), character)
