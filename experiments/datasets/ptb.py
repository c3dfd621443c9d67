"""Penn Treebank as characters: Mikolov's preprocessing, 50 symbols.

Source: `simple-examples.tgz` of T. Mikolov. Terms: LDC user agreement (LDC99T42); the text must not
be redistributed, so it is not part of this repository.
"""

import os
import tarfile
import zlib
from pathlib import Path

from experiments.datasets.files import FETCHED, DataError, download, once, raw
from experiments.datasets.split_text import SplitText
from models.files import write_aside

URL = "https://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz"
FILES = {  # sha256 of the text, and characters after stripping every line
    "train": ("fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf", 5_017_482),
    "valid": ("c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2", 393_042),
    "test": ("dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0", 442_423),
}
SYMBOLS = 50


def load(data: Path) -> SplitText:
    """Lines stripped, newline kept as a symbol, `<unk>` spelled out.

    Args:
        data: a folder with `ptb/ptb.{train,valid,test}.txt`, plain or .gz; fetched if missing.
    """
    folder = data / "ptb"
    once(lambda: bool(missing(folder)), lambda: fetch(folder))
    texts = {}
    for part, (sha256, count) in FILES.items():
        text = stripped(raw(folder / f"ptb.{part}.txt", sha256, advice=FETCHED).decode())
        if len(text) != count:
            raise DataError(f"ptb.{part}.txt has {len(text)} characters, expected {count}")
        texts[part] = text
    corpus = SplitText.of("ptb", texts["train"], texts["valid"], texts["test"])
    if len(corpus.vocabulary) != SYMBOLS:
        raise DataError(f"ptb has {len(corpus.vocabulary)} symbols, expected {SYMBOLS}")
    return corpus


def stripped(text: str) -> str:
    """The text with every line stripped of leading and trailing spaces."""
    return "".join(line.strip() + "\n" for line in text.splitlines())


def missing(folder: Path) -> list[str]:
    """The parts that the folder lacks, plain or packed."""
    names = {part: folder / f"ptb.{part}.txt" for part in FILES}
    return [
        part
        for part, path in names.items()
        if not any(map(os.path.exists, (path, path.with_name(path.name + ".gz"))))
    ]


def fetch(folder: Path) -> None:
    """Download Mikolov's archive and extract the missing texts."""
    archive = folder / "simple-examples.tgz"
    download(URL, archive)
    try:
        with tarfile.open(archive) as files:
            for part in missing(folder):
                text = files.extractfile(f"./simple-examples/data/ptb.{part}.txt")
                assert text is not None
                write_aside(folder / f"ptb.{part}.txt", text.read())
    except (tarfile.TarError, EOFError, KeyError, zlib.error) as error:
        raise DataError(f"{URL} is not the archive expected: {error}") from None
    finally:
        archive.unlink()
