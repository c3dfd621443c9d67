"""Any plain text file, split by position: 80 % train, 10 % valid, 10 % test.

War and Peace as Karpathy et al. (2015) use it is public domain.
"""

import gzip
import lzma
from pathlib import Path

from experiments.datasets.corpus import Corpus


def load(path: Path) -> Corpus:
    """The text of the file (UTF-8; plain, .gz or .xz), CRLF read as LF."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    elif path.suffix == ".xz":
        raw = lzma.decompress(raw)
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    a, b = len(text) * 8 // 10, len(text) * 9 // 10
    return Corpus.of(path.name.split(".")[0], text[:a], text[a:b], text[b:])
