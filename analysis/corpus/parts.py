"""One part of a corpus: the values of a stretch of its text as a Parquet file, and its done-file.

A part is there when its done-file is, and both are written whole or not at all: an indexing that
was interrupted goes on with the parts that are missing. A done-file also keeps the states at the
two ends of its part, by which neighbouring parts are compared.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from safetensors import safe_open
from safetensors.torch import save

from analysis.corpus.cells import Network
from analysis.corpus.layout import done_path, part_path
from analysis.corpus.stretch import Bytes, read_stretch, warmed
from analysis.inputs import character_model
from models.files import aside, write_aside
from models.networks import CharacterModel
from models.reading.engine import Engine
from models.states import State
from models.vocabulary import UNKNOWN

KEY = "nestscope"
"""The one metadata key of a part and of a done-file."""
GROUP = 32_768
"""Rows of a row group, at most."""
GROUP_VALUES = 64_000_000
"""Values of a row group, at most: a network of very many cells gets shorter ones."""
COMPRESSION = "zstd"
LEVEL = 1


class OtherWeights(ValueError):
    """The checkpoint is not the one that the corpus is made with."""


@dataclass(frozen=True)
class Job:
    """Everything needed to write one part; it can be sent to another process or machine."""

    number: int
    folder: Path  # of the parts
    checkpoint: Path
    sha256: str  # of the checkpoint
    key: str  # what the corpus is of: a part of something else does not count
    text: str  # the warm-up, then the part's own
    warm_up: int  # characters of `text` that only lead in
    memory: int | None  # see `Engine.read_long`
    start: State | None = None  # the state handed on; None: the zero state before the warm-up

    @property
    def path(self) -> Path:
        """The path of the part."""
        return part_path(self.folder, self.number)


@dataclass(frozen=True)
class Done:
    """A part that was written."""

    number: int
    rows: int  # characters
    bytes: int
    sha256: str
    unknown: int  # characters outside the vocabulary


def part_mark(key: str, number: int) -> str:
    """The metadata in a part's own file: its corpus, and its number."""
    return f"{key}/{number}"


def write_part(job: Job) -> Done:
    """Read the job's text, write its part and its done-file.

    Raises:
        OtherWeights: the checkpoint has changed.
        CheckpointError, OSError: it cannot be read, or the part not be written.
    """
    model, engine = _loaded(job.checkpoint, job.sha256)
    symbols = torch.tensor(model.vocabulary.encode(job.text), dtype=torch.long)
    before = state = job.start or warmed(engine, symbols[: job.warm_up])
    own = symbols[job.warm_up :]

    def pieces() -> Iterator[Bytes]:
        nonlocal state
        for values, after in read_stretch(engine, own, before, job.memory):
            state = after
            yield values

    job.folder.mkdir(parents=True, exist_ok=True)
    with aside(job.path) as path:
        write_values(path, part_mark(job.key, job.number), network_of(model), pieces())
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    done = Done(job.number, len(own), size, sha256, int((own == UNKNOWN).sum()))
    write_aside(done_path(job.folder, job.number), _dump(job.key, done, before, state))
    return done


def network_of(model: CharacterModel) -> Network:
    """The sizes of a model's network."""
    card = model.card
    return Network(card.cell, card.layers, card.depth, card.hidden)


def read_done(folder: Path, number: int, key: str) -> Done | None:
    """The content of a done-file; None if this corpus has none, or the part is missing."""
    try:
        with safe_open(done_path(folder, number), framework="pt") as file:
            about = json.loads(file.metadata()[KEY])
        if about.pop("key") != key:
            return None
        done = Done(**about)
        size = part_path(folder, number).stat().st_size
    except Exception:  # whatever is wrong with it: the part is written again
        return None
    return done if size == done.bytes and done.number == number else None


def read_ends(folder: Path, number: int) -> tuple[State, State]:
    """The states before the first character of a part and after its last."""
    with safe_open(done_path(folder, number), framework="pt") as file:
        before = State(file.get_tensor("before.h"), file.get_tensor("before.c"))
        return before, State(file.get_tensor("after.h"), file.get_tensor("after.c"))


@functools.lru_cache(maxsize=1)
def _loaded(checkpoint: Path, sha256: str) -> tuple[CharacterModel, Engine]:
    """The model and its engine, kept for the next part."""
    model = character_model(checkpoint)
    if model.sha256 != sha256:
        raise OtherWeights(f"{checkpoint} has changed since the indexing began: start it again")
    return model, Engine(model.rnn)


def _dump(key: str, done: Done, before: State, after: State) -> bytes:
    """A done-file."""
    states = {"before.h": before.h, "before.c": before.c, "after.h": after.h, "after.c": after.c}
    about = json.dumps({"key": key, **asdict(done)})
    tensors = {name: state.clone().contiguous() for name, state in states.items()}
    return save(tensors, metadata={KEY: about})


def write_values(path: Path, mark: str, network: Network, pieces: Iterable[Bytes]) -> None:
    """Write a Parquet file: a row a character, an int8 column a cell.

    Args:
        mark: see `part_mark`.
        pieces: (t, M) each, in the order of the text.
    """
    schema = pa.schema([pa.field(c.column, pa.int8(), nullable=False) for c in network.cells()])
    rows = max(1, min(GROUP, GROUP_VALUES // network.size))
    # Without statistics and Arrow's own schema: no query needs them, and there are many columns.
    with pq.ParquetWriter(
        path,
        schema,
        compression=COMPRESSION,
        compression_level=LEVEL,
        write_statistics=False,
        store_schema=False,
    ) as writer:
        writer.add_key_value_metadata({KEY: mark})
        for group in _groups(pieces, network.size, rows):
            arrays = [pa.array(column) for column in group]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=rows)


def _groups(pieces: Iterable[Bytes], columns: int, rows: int) -> Iterator[Bytes]:
    """The values as row groups of `rows` characters, turned: (M, rows), the last may be shorter."""
    group: Bytes = np.empty((columns, rows), np.int8)
    filled = 0
    for values in pieces:
        start = 0
        while start < len(values):
            piece = values[start : start + rows - filled]
            group[:, filled : filled + len(piece)] = piece.T
            start, filled = start + len(piece), filled + len(piece)
            if filled == rows:
                yield group
                filled = 0
    if filled:
        yield group[:, :filled]
