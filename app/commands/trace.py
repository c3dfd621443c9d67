"""`python -m app trace`: writes the states of every step of your own network, without a server."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.source import (
    CommandError,
    add_source_options,
    open_source,
    print_roles,
    read_text,
)

if TYPE_CHECKING:
    import numpy as np
    import torch

    from models import CharacterModel, Vocabulary
    from models.foreign import ForeignNetwork

PIECE = 1024
"""Characters that are read and written at once."""


def add_to(commands: Any) -> None:
    """Add the command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "trace",
        help="write the cells and gates of every step of a model on a text",
        description="Read a text with a model (PyTorch, Lightning, Keras, or a checkpoint of "
        "Nestscope) and write the cells c, the outputs h and the gates of every step.",
    )
    add_source_options(parser)
    parser.add_argument("--text", required=True, type=Path, help="file of the text")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="the .npz file to write"
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Trace, and write.

    Raises:
        CommandError: the source or the text cannot be read; nothing is written.
    """
    if asked.out.suffix != ".npz" or not os.path.isdir(asked.out.parent):
        raise CommandError(f"--out {asked.out} must be an .npz file in an existing folder")
    from models.vocabulary import UNKNOWN

    text = read_text(asked.text)
    if not text:
        raise CommandError(f"the text in {asked.text} is empty: give at least one character")
    pieces, vocabulary = _pieces(asked, text)
    unknown = [k for k, symbol in enumerate(vocabulary.encode(text)) if symbol == UNKNOWN]
    shapes = _write(asked.out, pieces, len(text), text, vocabulary, unknown)
    for name, axes in (("c", "T, L, D, H"), ("h", "T, L, H"), ("gates", "T, L, D, G, H")):
        print(f"{name:6} {' x '.join(map(str, shapes[name])):24} ({axes})")
    if unknown:
        of = f"{len(unknown):,} of {len(text):,} characters"
        print(f"{of} are outside the vocabulary and were read as the zero vector")
    print(f"Written: {asked.out}")


Arrays = dict[str, "np.ndarray[Any, np.dtype[np.float32]]"]


def _pieces(asked: argparse.Namespace, text: str) -> tuple[Iterator[Arrays], "Vocabulary"]:
    """The internals of the model, piece by piece, and its vocabulary."""
    import torch

    from models import CharacterModel, CheckpointError, load_checkpoint
    from models.foreign.process import is_checkpoint

    if is_checkpoint(asked.source):
        try:
            model = load_checkpoint(asked.source)
        except CheckpointError as error:
            raise CommandError(str(error)) from None
        if not isinstance(model, CharacterModel):
            raise CommandError(f"{asked.source} reads no text, expected a character model")
        symbols = torch.tensor(model.vocabulary.encode(text))
        return _read(model, symbols), model.vocabulary
    opened = open_source(asked, headless=True)
    print_roles(opened)
    symbols = torch.tensor(opened.vocabulary.encode(text))
    return _read_foreign(opened.network, symbols), opened.vocabulary


def _read(model: "CharacterModel", symbols: "torch.Tensor") -> Iterator[Arrays]:
    """The trace by our engine."""
    from models.reading.engine import Engine

    engine = Engine(model.rnn)
    for internals, _ in engine.read_long(symbols, engine.start(), span=PIECE):
        yield {name: values[0].numpy() for name, values in internals._asdict().items()}


def _read_foreign(network: "ForeignNetwork", symbols: "torch.Tensor") -> Iterator[Arrays]:
    """The trace by PyTorch's modules."""
    import torch

    from models import trace_module

    module, state = network.module(), None
    for some in symbols.split(PIECE):
        piece = trace_module(module, network.inputs(some), state)
        h = torch.from_numpy(piece.h[-1])
        state = (h, torch.from_numpy(piece.c[-1, :, 0])) if network.cell == "lstm" else h
        yield piece._asdict()


def _write(
    out: Path,
    pieces: Iterator[Arrays],
    steps: int,
    text: str,
    vocabulary: tuple[str, ...],
    unknown: list[int],
) -> dict[str, tuple[int, ...]]:
    """Write a temporary file, then rename it. Only one piece is held at once."""
    import numpy as np

    from models.files import aside

    try:
        with (
            tempfile.TemporaryDirectory(dir=out.parent, prefix=".nestscope-") as folder,
            aside(out) as part,
        ):
            arrays: dict[str, Any] = {}
            at = 0
            for piece in pieces:
                for name, values in piece.items():
                    if name not in arrays:
                        arrays[name] = _room(Path(folder) / name, (steps, *values.shape[1:]))
                    arrays[name][at : at + len(values)] = values
                at += len(values)
            with part.open("wb") as file:
                np.savez(
                    file,
                    text=np.array(text),
                    vocabulary=np.array(vocabulary),
                    unknown=np.array(unknown, np.int64),
                    **arrays,
                )
            shapes = {name: array.shape for name, array in arrays.items()}
            arrays.clear()  # closed before the folder goes
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror or error}") from None
    return shapes


def _room(path: Path, shape: tuple[int, ...]) -> Any:
    """An array on the disk; in memory where it is empty."""
    import numpy as np

    if 0 in shape:
        return np.empty(shape, np.float32)
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
