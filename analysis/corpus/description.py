"""corpus.json: the text and the model a corpus is made of, and the files it has."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.corpus.cells import Network
from analysis.corpus.layout import DESCRIPTION
from models.cells import CELLS

FORMAT = 1


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
