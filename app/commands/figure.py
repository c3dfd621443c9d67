"""`python -m app figure`: the page's figure as an SVG file, without a browser."""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.commands.source import CommandError
from app.settings import from_environment

if TYPE_CHECKING:  # torch takes a second to import; help and refusals come at once
    from models import CharacterModel

T = TypeVar("T")

USUAL = 7
"""Cells drawn of a model where none is named."""


def add_to(commands: Any) -> None:
    """Add the command and its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "figure", help="draw the page's figure as an SVG file"
    )
    parser.add_argument(
        "--model", action="append", required=True, help="name of a model; give it twice for two"
    )
    parser.add_argument("--text", required=True, help="file of the text; - for standard input")
    parser.add_argument("--out", required=True, type=Path, help="the SVG file to write")
    parser.add_argument(
        "--cells",
        action="append",
        help="such as 0-6,41 (default 0-6, or all of fewer); once, or once a model",
    )
    parser.add_argument(
        "--columns", type=int, default=60, help="characters in a row (default %(default)s)"
    )
    parser.add_argument("--palette", default="paper", help="paper (default) or safe")
    parser.add_argument("--theme", default="light", help="light (default) or dark")
    parser.add_argument(
        "--scale", choices=("fixed", "cell"), default="fixed", help="-1 to 1, or each cell's own"
    )
    parser.add_argument(
        "--interventions",
        action="append",
        default=[],
        metavar="JSON",
        help="changes made while a model reads, as POST /api/trace takes them; once, or once a "
        "model ([] for none)",
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Draw, and write.

    Raises:
        SettingsError: the environment has a bad setting.
        CommandError: what is asked for cannot be drawn, or not be written.
    """
    settings = from_environment()
    svg = draw(
        settings.checkpoints,
        asked.model,
        read_text(asked.text, settings.max_text),
        [parse_cells(written) for written in asked.cells or []],
        columns=asked.columns,
        colours=asked.palette,
        theme=asked.theme,
        own_scale=asked.scale == "cell",
        interventions=asked.interventions,
    )
    write(asked.out, svg)


def parse_cells(written: str) -> list[int]:
    """The numbers of a list such as "0-6, 41", in the order written, each once.

    Raises:
        CommandError: with the part at fault.
    """
    cells: dict[int, None] = {}
    for part in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", written.strip())):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not match:
            raise CommandError(
                f"{part!r} is not a cell number: use numbers and ranges, e.g. 0-6, 41"
            )
        first, last = int(match[1]), int(match[2] or match[1])
        step = -1 if last < first else 1
        cells.update(dict.fromkeys(range(first, last + step, step)))
    return list(cells)


def parse_interventions(written: str) -> list[Any]:
    """A JSON list; its entries are checked against the model.

    Raises:
        CommandError: it is no list.
    """
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise CommandError(
            '--interventions must be a JSON list, as [{"layer": 0, "level": 0, "set": 1}]'
        )
    return found


def read_text(source: str, most: int) -> str:
    """The text of a file, or of standard input for "-"; line ends become LF.

    Raises:
        CommandError: it cannot be read, is empty, or is longer than `most`.
    """
    from models.text import NotText, decoded, normalised

    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        text = normalised(decoded(data))
    except OSError as error:
        raise CommandError(f"cannot read {source}: {error.strerror or error}") from None
    except NotText as error:
        raise CommandError(f"cannot read {source}: {error}") from None
    if not 1 <= len(text) <= most:
        raise CommandError(f"the text has {len(text):,} characters, expected 1 to {most:,}")
    return text


def load(folder: Path, name: str) -> "CharacterModel":
    """The character model of that name, as the server would find it.

    Raises:
        CommandError: there is none.
    """
    from analysis.inputs import named_in
    from models import CharacterModel, CheckpointError, load_checkpoint

    path = named_in(folder, name)
    if Path(name).name != name or not os.path.isfile(path):
        known = ", ".join(sorted(p.stem for p in folder.glob("*.safetensors"))) or "none"
        raise CommandError(f"there is no model {name!r} in {folder}; there are: {known}")
    try:
        model = load_checkpoint(path)
    except CheckpointError as error:
        raise CommandError(f"{path} is refused: {error.reason}") from None
    if not isinstance(model, CharacterModel):
        raise CommandError(f"{name} reads no text, expected a character model")
    return model


def draw(
    folder: Path,
    names: Sequence[str],
    text: str,
    cells: Sequence[Sequence[int]],
    *,
    columns: int = 60,
    colours: str = "paper",
    theme: str = "light",
    own_scale: bool = False,
    interventions: Sequence[str] = (),
) -> str:
    """The SVG of those models reading `text`; its description says where it comes from.

    Args:
        folder: of the checkpoints.
        names: of the models.
        text: what they read.
        cells: of each model, or one list for all; the first ones where none is given.
        columns: characters in a row.
        colours: a palette.
        theme: light or dark.
        own_scale: each cell divided by its largest magnitude.
        interventions: changes made while each model reads, as a JSON list; or one list for all.

    Raises:
        CommandError: what is asked for cannot be drawn.
    """
    from analysis.figure.palettes import palette
    from analysis.figure.sheet import sheet
    from analysis.figure.svg import to_svg

    changes = [
        parse_interventions(written)
        for written in _one_each(interventions or ["[]"], names, "--interventions")
    ]
    models = [load(folder, name) for name in names]
    first = [range(min(USUAL, model.card.hidden)) for model in models]
    lists = _one_each(cells, names, "--cells") if cells else first
    try:
        sheets = [
            sheet(model.trace(text, made), name, wanted, own_scale)
            for name, model, wanted, made in zip(names, models, lists, changes, strict=True)
        ]
        about = _description(names, models, changes, text, own_scale)
        return to_svg(text, sheets, palette(colours, theme), columns, about)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _one_each(given: Sequence[T], names: Sequence[str], option: str) -> Sequence[T]:
    """The values of an option, one a model; given once it holds for all.

    Raises:
        CommandError: it is given another number of times.
    """
    if len(given) not in (1, len(names)):
        raise CommandError(
            f"{option} is given {len(given)} times, expected 1 or {len(names)}, one a model"
        )
    return given if len(given) == len(names) else [given[0]] * len(names)


def _description(
    names: Sequence[str],
    models: "Sequence[CharacterModel]",
    changes: Sequence[list[Any]],
    text: str,
    own_scale: bool,
) -> str:
    """The origin of a figure, in words."""
    return "\n".join(
        [
            "Nestscope: memory cells of recurrent character models. Colour at each character: "
            "the cell's state after reading it; outer memories c, innermost ones tanh(c)"
            + (", each cell divided by its largest magnitude." if own_scale else "."),
            *(
                f"Model {name}, sha256 {model.sha256}"
                + (f", changed by {json.dumps(made)}." if made else ".")
                for name, model, made in zip(names, models, changes, strict=True)
            ),
            f"Text: {text!r}",
        ]
    )


def write(path: Path, svg: str) -> None:
    """Write the picture whole, or not at all.

    Raises:
        CommandError: it cannot be written.
    """
    from models.files import write_aside

    if not path.name:
        raise CommandError(f"cannot write {path}: it is a folder, expected the name of a file")
    try:
        write_aside(path, svg.encode())
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None
