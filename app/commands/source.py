"""The source of `convert` and `trace`: a foreign network named on the command line."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # torch takes a second to import; help and refusals come at once
    from models import Vocabulary
    from models.foreign import Choice, ForeignNetwork, Source

ENDINGS = ".pt .pth .ckpt .bin .net .safetensors .keras .h5"


class CommandError(ValueError):
    """A command that cannot be carried out. The message is one sentence."""


class Opened(NamedTuple):
    """A foreign network with its vocabulary."""

    source: "Source"
    network: "ForeignNetwork"
    vocabulary: "Vocabulary"
    named: str  # the origin of the vocabulary


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the source and settle its ambiguities."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help=f"the file: {ENDINGS}")
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--vocabulary",
        type=Path,
        metavar="FILE",
        help="JSON: a list of symbols, or an object from symbol to index or from index to symbol",
    )
    order.add_argument(
        "--alphabet-of",
        type=Path,
        metavar="TEXT",
        help="text whose sorted set of characters is the vocabulary",
    )
    parser.add_argument("--rnn", metavar="NAME", help="the recurrent layers, where there are two")
    parser.add_argument("--head", metavar="NAME", help="the output layer, where there are two")
    parser.add_argument("--embedding", metavar="NAME", help="the embedding, where there are two")
    parser.add_argument(
        "--ignore",
        metavar="NAME",
        action="append",
        default=[],
        help="a tensor or module that changes nothing; may be given again",
    )
    parser.add_argument(
        "--forward-half",
        action="store_true",
        help="of a bidirectional network, take the half that does not read the future",
    )


def choice(asked: argparse.Namespace, headless: bool = False) -> "Choice":
    """The choices made on the command line."""
    from models.foreign import Choice

    return Choice(
        asked.rnn, asked.head, asked.embedding, tuple(asked.ignore), asked.forward_half, headless
    )


def open_source(asked: argparse.Namespace, headless: bool = False) -> Opened:
    """The network that the command line names.

    Args:
        asked: with the options of `add_source_options`.
        headless: whether the states suffice: no output layer is needed.

    Raises:
        CommandError: it cannot be read, or has no vocabulary.
    """
    from models.foreign import ForeignError, read_source, recognise

    try:
        source = read_source(asked.source)
        network = recognise(source, choice(asked, headless))
        vocabulary, named = _vocabulary(asked, source, network.symbols)
    except ForeignError as error:
        raise CommandError(f"{asked.source}: {error}") from None
    return Opened(source, network, vocabulary, named)


def print_roles(opened: Opened) -> None:
    """Print the role of each tensor."""
    network = opened.network
    kind = network.cell.upper()
    layers = f"{len(network.layers)} layer{'s' if len(network.layers) > 1 else ''}"
    print(f"{opened.source.framework}: {kind}, {layers} of {network.hidden} cells, ", end="")
    print(f"{network.symbols} symbols in the order of {opened.named}\n")
    wide = max(len(role.name) for role in network.roles)
    for role in network.roles:
        shape = " x ".join(map(str, role.shape)) or "1"
        print(f"  {role.name:{wide}}  {shape:>12}  {role.role}")
    print()
    for note in network.notes:
        print(note)


def _vocabulary(asked: argparse.Namespace, source: "Source", size: int) -> tuple["Vocabulary", str]:
    """The vocabulary and its origin."""
    from models.foreign.alphabet import alphabet_of, parse_alphabet, vocabulary

    if asked.vocabulary is not None:
        symbols = parse_alphabet(read_text(asked.vocabulary), str(asked.vocabulary))
        return vocabulary(symbols, size, str(asked.vocabulary)), str(asked.vocabulary)
    if asked.alphabet_of is not None:
        symbols = alphabet_of(read_text(asked.alphabet_of))
        return vocabulary(symbols, size, str(asked.alphabet_of)), str(asked.alphabet_of)
    fitting = {name: s for name, s in source.alphabets.items() if len(s) == size}
    different = {tuple(symbols): name for name, symbols in fitting.items()}
    if len(different) > 1:
        names = " and ".join(list(different.values())[:2])
        raise CommandError(
            f"{asked.source}: the file holds two vocabularies that differ, {names}; "
            "--vocabulary FILE says which one the network was trained with"
        )
    if not different:
        others = ", ".join(f"{name} of {len(s)}" for name, s in source.alphabets.items())
        raise CommandError(
            f"{asked.source}: the file holds no vocabulary of {size} symbols"
            + (f" (it has {others})" if others else "")
            + "; give --vocabulary FILE, a JSON list of them in the order of the training, or "
            "--alphabet-of TEXT, where that order was the sorted characters of a text"
        )
    ((fits, name),) = different.items()
    return vocabulary(list(fits), size, name), name


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        CommandError: it cannot be read.
    """
    from models.text import NotText, decoded, normalised

    try:
        return normalised(decoded(path.read_bytes()))
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror or error}") from None
    except NotText as error:
        raise CommandError(f"cannot read {path}: {error}") from None
