"""Penn Treebank as characters: Mikolov's preprocessing, 50 symbols.

Source: `simple-examples.tgz` of T. Mikolov (fit.vutbr.cz). Terms: LDC user agreement (LDC99T42);
the text must not be redistributed, so it is not part of this repository.
"""

import gzip
import hashlib
from pathlib import Path

from experiments.datasets.corpus import Corpus

FILES = {  # name of the text -> sha256, and characters after stripping every line
    "train": ("fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf", 5_017_482),
    "valid": ("c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2", 393_042),
    "test": ("dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0", 442_423),
}


def load(data: Path) -> Corpus:
    """Lines stripped, newline kept as a symbol, `<unk>` spelled out.

    Args:
        data: a folder with `ptb/ptb.{train,valid,test}.txt`, plain or .gz.
    """
    texts = {}
    for split, (sha256, count) in FILES.items():
        raw = read(data / "ptb" / f"ptb.{split}.txt")
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise ValueError(f"ptb.{split}.txt is not Mikolov's: its sha256 should be {sha256}")
        text = "".join(line.strip() + "\n" for line in raw.decode().splitlines())
        assert len(text) == count, f"{split}: {len(text)} characters, expected {count}"
        texts[split] = text
    return Corpus.of("ptb", texts["train"], texts["valid"], texts["test"])


def read(path: Path) -> bytes:
    """The file's bytes, or those of the same name with .gz."""
    if path.exists():
        return path.read_bytes()
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    raise FileNotFoundError(f"no {path.name} or {packed.name} in {path.parent}: pass its --data")
