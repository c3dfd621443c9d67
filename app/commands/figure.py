"""`python -m app figure`: the page's figure as an SVG file, without a browser."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.figure.palettes import palette
from analysis.figure.sheet import sheet
from analysis.figure.svg import to_svg
from analysis.inputs import named_in
from models import CharacterModel, CheckpointError, load_checkpoint
from models.files import write_aside
from models.text import NotText, decoded, normalised


class FigureError(ValueError):
    """A figure that cannot be drawn. The message is one sentence."""


def parse_cells(written: str) -> list[int]:
    """The numbers of a list such as "0-6, 41", in the order written, each once.

    Raises:
        FigureError: with the part at fault.
    """
    cells: dict[int, None] = {}
    for part in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", written.strip())):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not match:
            raise FigureError(
                f"{part!r} is not a cell number: use numbers and ranges, e.g. 0-6, 41"
            )
        first, last = int(match[1]), int(match[2] or match[1])
        step = -1 if last < first else 1
        cells.update(dict.fromkeys(range(first, last + step, step)))
    return list(cells)


def parse_interventions(written: str) -> list[Any]:
    """A JSON list; its entries are checked against the model.

    Raises:
        FigureError: it is no list.
    """
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise FigureError(
            '--interventions must be a JSON list, as [{"layer": 0, "level": 0, "set": 1}]'
        )
    return found


def read_text(source: str, most: int) -> str:
    """The text of a file, or of standard input for "-"; line ends become LF.

    Raises:
        FigureError: it cannot be read, is empty, or is longer than `most`.
    """
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        text = normalised(decoded(data))
    except OSError as error:
        raise FigureError(f"cannot read {source}: {error.strerror or error}") from None
    except NotText as error:
        raise FigureError(f"cannot read {source}: {error}") from None
    if not 1 <= len(text) <= most:
        raise FigureError(f"the text has {len(text):,} characters, expected 1 to {most:,}")
    return text


def load(folder: Path, name: str) -> CharacterModel:
    """The character model of that name in the folder.

    Raises:
        FigureError: there is none.
    """
    path = named_in(folder, name)
    if Path(name).name != name or not path.is_file():
        known = ", ".join(sorted(found.stem for found in folder.glob("*.safetensors"))) or "none"
        raise FigureError(f"there is no model {name!r} in {folder}; there are: {known}")
    try:
        model = load_checkpoint(path)
    except CheckpointError as error:
        raise FigureError(f"{path} is refused: {error.reason}") from None
    if not isinstance(model, CharacterModel):
        raise FigureError(f"{name} reads no text, expected a character model")
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
        cells: of each model, or one list for all.
        columns: characters in a row.
        colours: a palette.
        theme: light or dark.
        own_scale: each cell divided by its largest magnitude.
        interventions: changes made while each model reads, as a JSON list; or one list for all.

    Raises:
        FigureError: what is asked for cannot be drawn.
    """
    if len(interventions) not in (0, 1, len(names)):
        raise FigureError(
            f"--interventions is given {len(interventions)} times, "
            f"expected 1 or {len(names)}, one a model"
        )
    changes = [parse_interventions(written) for written in interventions or ["[]"]]
    changes = changes if len(changes) == len(names) else [changes[0]] * len(names)
    if len(cells) not in (1, len(names)):
        raise FigureError(
            f"--cells is given {len(cells)} times, expected 1 or {len(names)}, one a model"
        )
    lists = cells if len(cells) == len(names) else [cells[0]] * len(names)
    models = [load(folder, name) for name in names]
    try:
        sheets = [
            sheet(model.trace(text, made), name, wanted, own_scale)
            for name, model, wanted, made in zip(names, models, lists, changes, strict=True)
        ]
        about = "\n".join(
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
        return to_svg(text, sheets, palette(colours, theme), columns, about)
    except ValueError as error:
        raise FigureError(str(error)) from None


def write(path: Path, svg: str) -> None:
    """Write the picture whole, or not at all.

    Raises:
        FigureError: it cannot be written.
    """
    if not path.name:
        raise FigureError(f"cannot write {path}: it is a folder, expected the name of a file")
    try:
        write_aside(path, svg.encode())
    except OSError as error:
        raise FigureError(f"cannot write {path}: {error.strerror or error}") from None
