"""`python -m app convert`: converts a network trained elsewhere to a checkpoint."""

import argparse
import hashlib
import itertools
import os
import random
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.source import (
    ENDINGS,
    CommandError,
    Opened,
    add_source_options,
    open_source,
    print_roles,
    read_text,
)

if TYPE_CHECKING:
    from models import CharacterModel

CHECKED = 200
"""Symbols on which the conversion is compared with the original, at most."""
TOLERANCE = 1e-4
"""The largest difference allowed, as a share of the largest logit, or of 1."""
READ = 100_000
"""Characters of a text whose bits are counted."""
ENDING = ".safetensors"
STRIPPED = (*ENDINGS.split(), ".weights")
"""Endings that are no part of a model's name; Keras writes `.weights.h5`."""


def add_to(commands: Any) -> None:
    """Add the command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "convert",
        help="turn a PyTorch, Lightning or Keras model into a checkpoint",
        description="Turn a character model trained elsewhere (nn.LSTM, nn.GRU, Keras) into a "
        "checkpoint that Nestscope shows.",
    )
    add_source_options(parser)
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="the checkpoint, or its folder"
    )
    parser.add_argument(
        "--name", help="of the model, where --out is a folder (default: that of SOURCE)"
    )
    parser.add_argument(
        "--text", type=Path, metavar="TEXT", help="text to measure the bits per character of"
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Convert, check, and write the checkpoint; print what was found.

    Raises:
        CommandError: the source cannot be converted; nothing is written.
    """
    out = _out(asked)
    text_file = asked.text or asked.alphabet_of
    text = read_text(text_file) if text_file else ""
    opened = open_source(asked)
    print_roles(opened)
    model = _converted(asked.source, opened, text, str(text_file))
    scores = _print_bits(model, text, str(text_file)) if text else {}
    done = "Replaced" if os.path.exists(out) else "Written"
    _save(asked, opened, model, scores, out)
    print(f"{done}: {out}")


def _out(asked: argparse.Namespace) -> Path:
    """The file to write."""
    out: Path = asked.out
    # Not `Path.is_dir` and the like, which raise where this user may not look.
    if os.path.isdir(out):
        name = asked.name or _stem(asked.source.name)
        if Path(name).name != name:
            raise CommandError(f"--name {name!r} is not a file name: leave out the folders")
        out = out / (name.removesuffix(ENDING) + ENDING)
    elif asked.name is not None:
        raise CommandError(f"--name needs a folder as --out, and {out} is not a folder")
    places = out, asked.source
    if out.suffix != ENDING:
        raise CommandError(f"--out {out} must end with {ENDING}: models are served by that name")
    if out.name.startswith("."):
        raise CommandError(f"{out.name} would be a hidden file, which is not served: rename it")
    if not os.path.isdir(out.parent):
        raise CommandError(f"there is no folder {out.parent}: create it first")
    if os.path.isdir(out) or (all(map(os.path.exists, places)) and os.path.samefile(*places)):
        raise CommandError(f"--out {out} cannot be written: it is a folder, or the source itself")
    return out


def _stem(name: str) -> str:
    """A file's name without the endings of networks; other dots, as of a loss, tell files apart."""
    while len(stem := name.removesuffix(next(filter(name.endswith, STRIPPED), ""))) < len(name):
        name = stem
    return name


def _converted(source: Path, opened: Opened, text: str, name: str) -> "CharacterModel":
    """The model, which computes what the original does: on the text, or on random symbols."""
    import torch

    from models.foreign import ForeignError
    from models.foreign.agreement import largest_difference
    from models.vocabulary import UNKNOWN

    network = opened.network
    try:
        model = network.model(opened.vocabulary)
    except ForeignError as error:
        raise CommandError(f"{source}: {error}") from None
    known = (symbol for symbol in opened.vocabulary.encode(text) if symbol != UNKNOWN)
    read = list(itertools.islice(known, CHECKED))
    which = f"{len(read)} characters of {name}"
    if not read:
        draw = random.Random(0)
        read = [draw.randrange(network.symbols) for _ in range(CHECKED)]
        which = f"{CHECKED} random symbols"
    symbols = torch.tensor(read)
    difference = largest_difference(network, model, symbols)
    largest = max(1.0, float(network.logits(symbols).abs().max()))
    # Not "greater": a NaN is refused, too.
    if not difference <= TOLERANCE * largest:
        raise CommandError(
            f"{source}: the converted network differs from the original by {difference:.1e} in a "
            "logit; this should not happen, please report it"
        )
    print(f"Checked: {which} through torch.nn.{network.cell.upper()} and through ", end="")
    print(f"the checkpoint; the largest difference in a logit is {difference:.1e}")
    return model


def _print_bits(model: "CharacterModel", text: str, name: str) -> dict[str, Any]:
    """Print how well the model predicts the text; this shows a vocabulary in the wrong order."""
    from models.foreign.agreement import bits

    found = bits(model, text[:READ])
    if found is None:
        print(f"{name}: no character of it is in the vocabulary")
        return {}
    print(
        f"{name}: {found.per_character:.3f} bits per character over {found.characters:,} ", end=""
    )
    print(f"characters (guessing takes {found.uniform:.3f})", end="")
    print(f"; {found.unknown:,} are outside the vocabulary" if found.unknown else "")
    if found.per_character > found.uniform:
        print("That is worse than guessing: the vocabulary is probably in another order.")
    return {"text": Path(name).name, "text_bpc": round(found.per_character, 4)}


def _save(
    asked: argparse.Namespace,
    opened: Opened,
    model: "CharacterModel",
    scores: dict[str, Any],
    out: Path,
) -> None:
    """Write the checkpoint, with its origin on the card."""
    from models import CheckpointError, save_checkpoint

    try:
        with asked.source.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        converted = {
            "from": asked.source.name,
            "framework": opened.source.framework,
            "sha256": sha256,
            "vocabulary": Path(opened.named).name,
            "command": _command(asked),
            "roles": {role.name: role.role for role in opened.network.roles},
        }
        save_checkpoint(out, model, {"converted": converted}, scores)
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror or error}") from None
    except CheckpointError as error:
        raise CommandError(f"{asked.source}: {error}") from None


def _command(asked: argparse.Namespace) -> str:
    """The command line, its files by their names: who is shown the card learns no folders."""
    files = [given for given in vars(asked).values() if isinstance(given, Path)]
    words = []
    for word in sys.argv[1:]:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if Path(value) in files:  # the name of a tensor may have a slash, too
            value = Path(value).name or value
        words.append(option + equals + value)
    return shlex.join(["python", "-m", "app", *words])
