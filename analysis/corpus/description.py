"""corpus.json: the text and the model a corpus is made of, and the files it has."""

import errno
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.corpus.cells import Network
from analysis.corpus.layout import DESCRIPTION, STATES, TEXT, part_path
from models.card import MOST_CELLS
from models.cells import CELLS
from models.rnn import MAX_LAYERS

FORMAT = 1
MOST_BYTES = 64_000_000
"""A corpus.json holds no more: enough for some billions of characters."""
AGAIN = "remove the folder and index the text again"
"""The remedy for a corpus that is not whole."""


class CorpusError(ValueError):
    """A folder that holds no whole corpus.

    The message is one sentence that says why; `reason` is the same without the folder, for those
    who need not know where the server keeps its files.
    """

    def __init__(self, reason: str, folder: Path | None = None) -> None:
        super().__init__(reason if folder is None else f"{folder}: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Part:
    """One file of values."""

    rows: int  # characters
    bytes: int
    sha256: str
    text_bytes: int  # of text.txt before it


@dataclass(frozen=True)
class Description:
    """The content of corpus.json."""

    model: str
    sha256: str  # of the checkpoint
    text: str  # the name of the file it came from
    text_sha256: str  # of text.txt
    characters: int
    unknown: int  # characters outside the vocabulary
    network: Network
    warm_up: int | None  # characters read before a part; None: each went on from the one before
    part: int  # characters of a part; the last may be shorter
    parts: list[Part]

    @property
    def key(self) -> str:
        """The key that every part carries; a part of another corpus has another one."""
        return corpus_key(
            self.sha256, self.text_sha256, self.characters, self.part, self.warm_up, self.network
        )

    def check_files(self, folder: Path) -> None:
        """Look at the files of a corpus without reading them.

        Raises:
            CorpusError: one is missing, or has another length.
        """
        states = folder / STATES
        sizes = [(part_path(states, n), part.bytes) for n, part in enumerate(self.parts)]
        for path, size in [(folder / TEXT, None), *sizes]:
            try:
                found = path.stat().st_size
            except OSError as error:
                raise CorpusError(unreadable(error), folder) from None
            if size not in (None, found):
                reason = f"{path.name} has {found:,} bytes, expected {size:,}: {AGAIN}"
                raise CorpusError(reason, folder)

    def dumps(self) -> str:
        """The file's content."""
        network = self.network
        content = {
            "format": FORMAT,
            "model": self.model,
            "sha256": self.sha256,
            "text": self.text,
            "text_sha256": self.text_sha256,
            "characters": self.characters,
            "unknown": self.unknown,
            **network._asdict(),
            "memories": [asdict(memory) for memory in network.memories()],
            "warm_up": self.warm_up,
            "part": self.part,
            "parts": [asdict(part) for part in self.parts],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def corpus_key(
    sha256: str, text_sha256: str, characters: int, part: int, warm_up: int | None, network: Network
) -> str:
    """A digest of all that the values depend on."""
    about = [FORMAT, sha256, text_sha256, characters, part, warm_up, *network]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def read_description(folder: Path) -> Description:
    """The corpus.json in a folder.

    Raises:
        CorpusError: there is none, it cannot be read, or it is none of this format.
    """
    path = folder / DESCRIPTION
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CorpusError(f"{DESCRIPTION} has more than {MOST_BYTES:,} bytes", folder)
        return parse_description(path.read_bytes())
    except FileNotFoundError:
        reason = (
            f"it holds no whole corpus: {DESCRIPTION} is missing. Index the text with "
            "python -m analysis.corpus"
        )
        raise CorpusError(reason, folder) from None
    except CorpusError as error:
        raise CorpusError(error.reason, folder) from None
    except OSError as error:
        raise CorpusError(unreadable(error), folder) from None


def unreadable(error: OSError) -> str:
    """Say that a file cannot be read, without its folder: Arrow's own words have it."""
    name = Path(error.filename).name if error.filename else "a file"
    return f"{name} cannot be read ({os.strerror(error.errno or errno.EIO)})"


def parse_description(content: bytes) -> Description:
    """The content of a corpus.json.

    Raises:
        CorpusError: it is none of this format.
    """
    try:
        values = json.loads(content)
        if values["format"] != FORMAT:
            raise CorpusError(f"format {values['format']!r} is not known, expected {FORMAT}")
        network = Network(*(values[name] for name in Network._fields))
        if network.cell not in CELLS:
            known = " or ".join(CELLS)
            raise CorpusError(f"cell {network.cell!r} is not known, expected {known}")
        description = Description(
            network=network,
            parts=[Part(**part) for part in values["parts"]],
            **{
                name: values[name]
                for name in Description.__dataclass_fields__
                if name not in ("network", "parts")
            },
        )
        counts = (description.characters, description.part, *network[1:])
        if not all(type(n) is int and n > 0 for n in counts):
            raise CorpusError("characters, part and the network's sizes must be above 0")
        _check_sizes(network)
        _check_types(description)
        rows = [part.rows for part in description.parts]
        full, rest = divmod(description.characters, description.part)
        if len(rows) != full + bool(rest) or rows != [description.part] * full + [rest] * bool(
            rest
        ):
            raise CorpusError("its parts do not add up to its characters")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, CorpusError):
            raise
        raise CorpusError(f"{DESCRIPTION} is not of this format ({error})") from None
    return description


def _check_sizes(network: Network) -> None:
    """Refuse a network that no checkpoint can have: a list of its cells would fill the memory.

    Raises:
        CorpusError: with the first size that is too large.
    """
    most = MAX_LAYERS, CELLS[network.cell].max_depth, MOST_CELLS
    for name, size, limit in zip(Network._fields[1:], network[1:], most, strict=True):
        if size > limit:
            raise CorpusError(f"{name} is {size:,}, expected at most {limit:,}")


def _check_types(description: Description) -> None:
    """Refuse names and sums that are no text, and counts that are no numbers.

    Raises:
        CorpusError: with the first.
        UnicodeEncodeError: a name holds half a surrogate pair.
    """
    parts = description.parts
    for name in ("model", "sha256", "text", "text_sha256"):
        value = getattr(description, name)
        if not isinstance(value, str):
            raise CorpusError(f"{name} must be text")
        value.encode()
    if not all(isinstance(part.sha256, str) for part in parts):
        raise CorpusError("the sha256 of every part must be text")
    counts = [n for part in parts for n in (part.rows, part.bytes, part.text_bytes)]
    warm_up = 0 if description.warm_up is None else description.warm_up
    if not all(type(n) is int and n >= 0 for n in (description.unknown, warm_up, *counts)):
        raise CorpusError("unknown, warm_up and the counts of every part must be numbers from 0 on")
