"""Indexes a text: plan its parts, have an engine write them, compare their seams, sign off.

Nothing counts until corpus.json is there, which is written last. What an interrupted indexing left
is a folder of parts with their done-files; the next one goes on from them.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import torch

from analysis.corpus.corpus import Corpus, open_corpus
from analysis.corpus.description import CorpusError, Description, Part, corpus_key
from analysis.corpus.engines.engine import Engine as PartEngine
from analysis.corpus.forgetting import TOLERANCE, Forgetting, apart, forgetting
from analysis.corpus.layout import DESCRIPTION, DONE, STATES, TEXT, part_path
from analysis.corpus.parts import Done, Job, network_of, read_done, read_ends, write_part
from analysis.corpus.texts import Text, measure_text, slices, write_text
from analysis.inputs import character_model
from models.checkpoint import model_name
from models.files import ENDING, left_over, write_aside
from models.networks import CharacterModel
from models.reading.engine import Engine

PART = 131_072
"""Characters of a part."""
LOOKED_AT = 2_000_000
"""Characters of a text in which the length of the warm-up is measured."""
SEAM = 2 * TOLERANCE
"""The largest difference between two states at a seam; above it the later part is read again."""

Progress = Callable[[str, int, int], None]
"""Called with the name of the work, the characters done, and all characters."""


@dataclass(frozen=True)
class Plan:
    """The parts to write."""

    checkpoint: Path
    name: str
    model: CharacterModel
    folder: Path
    text_name: str
    text: Text
    part: int
    forgetting: Forgetting

    @property
    def warm_up(self) -> int | None:
        """Characters that lead in to a part; None: each goes on from the one before."""
        return self.forgetting.warm_up

    @property
    def key(self) -> str:
        """See `corpus_key`."""
        network = network_of(self.model)
        characters, sha256 = self.text
        return corpus_key(self.model.sha256, sha256, characters, self.part, self.warm_up, network)

    @property
    def states(self) -> Path:
        """The folder of the parts."""
        return self.folder / STATES

    @property
    def count(self) -> int:
        """The number of parts."""
        return -(-self.text.characters // self.part)

    def jobs(self) -> Iterator[Job]:
        """Every part as a job, in the order of the text."""
        lead = self.warm_up or 0
        key = self.key
        for number, piece in enumerate(slices(self.folder / TEXT, self.part, lead)):
            yield Job(
                number,
                self.states,
                self.checkpoint,
                self.model.sha256,
                key,
                piece.text,
                piece.lead,
                self.forgetting.memory,
            )


def index(
    checkpoint: Path,
    lines: Iterable[str],
    text_name: str,
    folder: Path,
    engine: PartEngine,
    *,
    name: str | None = None,
    characters: int | None = None,
    part: int = PART,
    processes: int = 1,
    progress: Progress = lambda what, done, of: None,
) -> Corpus:
    """Write the corpus of a text under a model into `folder`; go on where one was interrupted.

    Args:
        lines: of the text.
        name: of the model; if None, that of its file.
        characters: the first so many only.
        part: characters of a part.
        processes: parts read at once.

    Raises:
        CorpusError: the folder holds something else, or the text is empty.
        CheckpointError, ValueError, OSError: the model or the text cannot be read.
    """
    model = character_model(checkpoint)
    with _kept(folder):
        progress("reading the text", 0, characters or 0)
        if (folder / DESCRIPTION).exists():
            return _already(open_corpus(folder), model, measure_text(lines, characters), part)
        name = name or model_name(checkpoint)
        plan = _plan(checkpoint, name, model, lines, text_name, folder, characters, part, progress)
        total = plan.text.characters
        done = {
            n: found for n in range(plan.count) if (found := read_done(plan.states, n, plan.key))
        }
        if plan.warm_up is None:
            _hand_on(plan, done, progress)
        else:
            read = sum(found.rows for found in done.values())
            progress("reading", read, total)
            missing = (job for job in plan.jobs() if job.number not in done)
            for one in engine.run(missing, processes):
                done[one.number] = one
                read += one.rows
                progress("reading", read, total)
            _mend_seams(plan, done, progress)
        return _sign_off(plan, [done[number] for number in range(plan.count)])


def _already(corpus: Corpus, model: CharacterModel, text: Text, part: int) -> Corpus:
    """The corpus that is there, if it is what was to be made.

    Raises:
        CorpusError: it is another one.
    """
    about = corpus.description
    found = (about.sha256, about.text_sha256, about.characters, about.part)
    if found != (model.sha256, text.sha256, text.characters, part):
        raise CorpusError(
            f"{corpus.folder} holds a corpus of {about.text} under {about.model}, "
            f"{about.characters:,} characters in parts of {about.part:,}: give another --out, "
            "or remove it"
        )
    return corpus


def _plan(
    checkpoint: Path,
    name: str,
    model: CharacterModel,
    lines: Iterable[str],
    text_name: str,
    folder: Path,
    characters: int | None,
    part: int,
    progress: Progress,
) -> Plan:
    """Write the text, find out how long a warm-up must be."""
    text = write_text(folder / TEXT, lines, characters)
    if text.characters == 0:
        (folder / TEXT).unlink()
        raise CorpusError("the text is empty: there is nothing to index")
    found = Forgetting(None, None)
    if text.characters > part:
        progress("measuring the warm-up", 0, text.characters)
        first = next(slices(folder / TEXT, LOOKED_AT, 0)).text
        symbols = torch.tensor(model.vocabulary.encode(first), dtype=torch.long)
        found = forgetting(Engine(model.rnn), symbols)
    return Plan(checkpoint, name, model, folder, text_name, text, part, found)


def _hand_on(plan: Plan, done: dict[int, Done], progress: Progress) -> None:
    """One part after another, each from the state that the one before ended in."""
    read, state = 0, None
    for job in plan.jobs():
        progress("reading", read, plan.text.characters)
        if job.number not in done:
            done[job.number] = write_part(replace(job, start=state))
            for later in range(job.number + 1, plan.count):
                done.pop(later, None)  # it went on from a part that is written anew
        read += done[job.number].rows
        _, state = read_ends(plan.states, job.number)
    progress("reading", read, plan.text.characters)


def _mend_seams(plan: Plan, done: dict[int, Done], progress: Progress) -> None:
    """Read again what did not begin where the part before it ended.

    Raises:
        OSError: a done-file is gone.
    """
    for before, job in pairwise(plan.jobs()):
        _, end = read_ends(plan.states, before.number)
        start, _ = read_ends(plan.states, job.number)
        if apart(end, start) > SEAM:
            progress("reading a part again", job.number * plan.part, plan.text.characters)
            done[job.number] = write_part(replace(job, start=end))


def _sign_off(plan: Plan, done: list[Done]) -> Corpus:
    """Write corpus.json; remove what is no longer needed."""
    offsets = [piece.offset for piece in slices(plan.folder / TEXT, plan.part, 0)]
    description = Description(
        model=plan.name,
        sha256=plan.model.sha256,
        text=plan.text_name,
        text_sha256=plan.text.sha256,
        characters=plan.text.characters,
        unknown=sum(one.unknown for one in done),
        network=network_of(plan.model),
        warm_up=plan.warm_up,
        part=plan.part,
        parts=[
            Part(one.rows, one.bytes, one.sha256, offset)
            for one, offset in zip(done, offsets, strict=True)
        ],
    )
    ours = {part_path(plan.states, number).name for number in range(plan.count)}
    for path in plan.states.iterdir():
        if path.suffix == ".parquet" and path.name not in ours:
            path.unlink()  # of a longer text that was interrupted
    write_aside(plan.folder / DESCRIPTION, description.dumps().encode())
    for path in plan.states.iterdir():
        if path.suffix in (DONE, ENDING):
            path.unlink()
    for path in left_over(plan.folder / TEXT):
        path.unlink()
    return open_corpus(plan.folder)


@contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """Keep the folder to oneself while it is written.

    Raises:
        CorpusError: another process writes it, or it holds something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {path.name for path in folder.iterdir()}
    begun = {TEXT, *(path.name for path in left_over(folder / TEXT))}
    if found - begun and not found & {DESCRIPTION, STATES}:
        raise CorpusError(f"{folder} is not empty and holds no corpus: give another --out")
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CorpusError(f"{folder} is being indexed by another process") from None
    finally:
        with suppress(OSError):
            os.close(handle)
