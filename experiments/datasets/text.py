"""Any plain text file, split by position: 80 % train, 10 % valid, 10 % test.

War and Peace as Karpathy et al. (2015) use it is public domain.
"""

from pathlib import Path

from experiments.datasets.files import DataError, unpacked
from experiments.datasets.split_text import SplitText
from experiments.paper import TABLES
from models.text import NotText, decoded, normalised

TAKEN = [table.data for table in TABLES]
LEAST = 20  # characters: two to validate with


def load(path: Path) -> SplitText:
    """The text of the file (plain, .gz or .xz), line ends read as LF.

    Raises:
        DataError: it is missing, damaged, not UTF-8, or too short to split.
    """
    try:
        text = normalised(decoded(unpacked(path)))
    except NotText as error:
        raise DataError(f"{path} cannot be read: {error}") from None
    if len(text) < LEAST:
        raise DataError(f"{path} has {len(text)} characters, at least {LEAST} are needed")
    a, b = len(text) * 8 // 10, len(text) * 9 // 10
    name = path.name.removesuffix(".gz").removesuffix(".xz").removesuffix(".txt")
    if name in TAKEN:  # otherwise its runs would be listed with the paper's
        name += "-text"
    return SplitText.of(name, text[:a], text[a:b], text[b:])
