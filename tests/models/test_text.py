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


def test_the_page_has_the_same_plain_forms():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the page's modules cannot be run")
    blocks = [(0x20, 0x3100), (0xFB00, 0xFB10), (0xFE50, 0xFE70), (0xFF00, 0xFF10)]
    points = [chr(k) for first, last in blocks for k in range(first, last)]
    assert {plain_form(c) for c in points if plain_form(c) != c} > {'"', "'", "-", ".", " ", "f"}
    script = (
        "import { plainForm } from './static/base/memories.js';"
        "let s = ''; for await (const c of process.stdin) s += c;"
        "console.log(JSON.stringify(JSON.parse(s).map(plainForm)));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=json.dumps(points),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    differ = [
        (unicodedata.name(point, hex(ord(point))), ours, theirs)
        for point, ours, theirs in zip(
            points, map(plain_form, points), json.loads(done.stdout), strict=True
        )
        if ours != theirs
    ]
    assert differ == []
