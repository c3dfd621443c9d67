"""Text as people have it: bytes, line ends, byte order marks; the page and Python agree."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import NotText, decoded, normalised, plain_form
from models.vocabulary import Vocabulary

ROOT = Path(__file__).parents[2]
TEXT = "caf\u00e9 \u201cquoted\u201d\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_is_read_as_its_mark_says(encoding):
    assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_both_byte_orders_are_read(encoding):
    assert decoded(("\ufeff" + TEXT).encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode("cp1252"), "byte 0xe9 at 3"),
        (("abc caf\u00e9\u201c" * 9).encode("utf-16-le"), "looks like UTF-16"),
        (b"\xff\xfe\x00", "not UTF-16"),
        (b"\xef\xbb\xbfcaf\xe9", "not UTF-8 text: byte 0xe9 at 6"),
    ],
)
def test_other_bytes_are_refused_with_a_sentence(content, said):
    with pytest.raises(NotText, match=said):
        decoded(content)


@given(st.text())
def test_normalised_text_has_one_kind_of_line_end_and_stays_so(text):
    once = normalised(text)
    assert "\r" not in once
    assert normalised("\n" + once) == "\n" + once


def page_makes_of(questions, module, expression):
    """What the page's module makes of each of `questions`, which the expression calls `it`."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the page's modules cannot be run")
    script = (
        f"import * as page from './static/{module}';"
        "let s = ''; for await (const c of process.stdin) s += c;"
        f"console.log(JSON.stringify(JSON.parse(s).map((it) => {expression})));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def test_the_page_has_the_same_plain_forms():
    blocks = [(0x20, 0x3100), (0xFB00, 0xFB10), (0xFE50, 0xFE70), (0xFF00, 0xFF10)]
    points = [chr(k) for first, last in blocks for k in range(first, last)]
    assert {plain_form(c) for c in points if plain_form(c) != c} > {'"', "'", "-", ".", " ", "f"}
    theirs = page_makes_of(points, "base/memories.js", "page.plainForm(it)")
    differ = [
        (unicodedata.name(point, hex(ord(point))), one, other)
        for point, one, other in zip(points, map(plain_form, points), theirs, strict=True)
        if one != other
    ]
    assert differ == []


def or_sentence(content: bytes) -> str:
    """The text of a file, or the sentence that refuses it."""
    try:
        return decoded(content)
    except NotText as error:
        return str(error)


def test_the_page_reads_a_file_alike_or_refuses_it_with_the_same_sentence():
    encodings = ["utf-8-sig", "utf-16", "utf-32", "utf-16-be", "utf-32-be", "utf-16-le", "cp1252"]
    files = [f"\ufeff{TEXT}😀".encode(encoding, "ignore") for encoding in encodings]
    files += [content[:-1] for content in files]
    files += ["\ufeff\ufeffa\ud800b".encode(name, "surrogatepass") for name in encodings[:-1]]
    files += ["\ufeffa\udc00\ud800".encode(name, "surrogatepass") for name in encodings[:-1]]
    files += [b"", b"\xff", b"\xff\xfe", b"\0a", b"a\xef\xbf\xbd\xe2\x80", b"\xf0\x9f" * 900]
    files += [b"\xff\xfe\0\0\0\0\x11\0", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5"]
    expression = (
        "(() => { try { return page.decoded(new Uint8Array(it)); }"
        " catch (error) { return error.message; } })()"
    )
    theirs = page_makes_of([list(content) for content in files], "text/decoding.js", expression)
    assert theirs == [or_sentence(content) for content in files]


@pytest.mark.parametrize("held", ["", "“”é", "Æß…"])
def test_the_page_reads_the_same_characters_by_their_plain_form(held):
    """The fields `read_as` of a trace, which the page does not ask for, and its marks agree."""
    vocabulary = Vocabulary(" \"'-.abcdefghijklmnopqrstuvwxyz" + held)
    points = [chr(k) for k in range(0x20, 0x3100)]
    text = "😀“It’s late,” she said — twice… Ærø\u00a0ﬁne İstanbul" + "".join(points)
    asked = [{"text": text, "vocabulary": list(vocabulary)}]
    expression = "[...page.plainIn(it.text, it.vocabulary)]"
    (theirs,) = page_makes_of(asked, "text/plain.js", expression)
    assert [tuple(one) for one in theirs] == vocabulary.read_as(text)
