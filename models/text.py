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
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

MARK = max(len(mark) for mark, _ in _MARKED)
"""Bytes."""
START = 200
"""First bytes of a file that show what it is."""

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
    encoding = encoding_of(content)
    try:
        # With its mark, so that a byte is named where it stands in the file.
        text = content.decode(encoding.removesuffix("-sig"))
    except UnicodeDecodeError as error:
        raise not_text(encoding, content, error, f" at {error.start:,}") from None
    # Python's other decoders leave the mark out themselves.
    return text.removeprefix(BYTE_ORDER_MARK) if encoding == "utf-8-sig" else text


def encoding_of(start: bytes) -> str:
    """The encoding of a file: that of its byte order mark, UTF-8 without one.

    Args:
        start: its first bytes, `MARK` of them if it has as many.
    """
    return next((name for mark, name in _MARKED if start.startswith(mark)), "utf-8")


def not_text(encoding: str, start: bytes, error: UnicodeDecodeError, place: str = "") -> NotText:
    """The refusal of a file that does not hold the encoding that it begins with.

    Args:
        encoding: `encoding_of(start)`.
        start: its first bytes, `START` of them if it has as many.
        error: of the decoder.
        place: of the byte in the file, where it is known.
    """
    if encoding == "utf-8" and _looks_like_utf_16(start):
        reason = "it looks like UTF-16 without a byte order mark"
    else:
        reason = f"byte {error.object[error.start]:#04x}{place} cannot stand there"
    return NotText(
        f"it is not {encoding.removesuffix('-sig').upper()} text: {reason}. Save it as UTF-8"
    )


def _looks_like_utf_16(content: bytes) -> bool:
    """Return whether nearly every second byte of the beginning is zero."""
    start = content[:START]
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
