"""Ship a finished run to checkpoints/, and list what is there.

    python -m experiments.checkpoints --ship runs/nested-ptb/final.safetensors nested-ptb
    python -m experiments.checkpoints            # writes the table of checkpoints/README.md

A shipped file is float16 where that changes no value of a trace by 1e-3 or more, else float32.
"""

import argparse
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from experiments.settings import Settings
from models import CharacterModel, load_checkpoint, save_checkpoint

FOLDER = Path("checkpoints")
TOLERANCE = 1e-3
MARKS = "<!-- table: python -m experiments.checkpoints -->\n", "<!-- end of table -->\n"
PASSAGE = (
    "group said N s&p contracts were for sale on the close the equivalent of $ N million in stock "
    "but there were no buyers while friday 's debacle involved mainly professional traders rather "
    "than investors it left the market vulnerable to continued selling this morning traders said "
    "stock-index futures contracts settled at much lower prices than indexes of the stock market "
    "its"
)


def ship(source: Path, name: str) -> None:
    """Copy a finished run's checkpoint to checkpoints/NAME, in float16 where that is harmless."""
    model = load_checkpoint(source)
    target = FOLDER / f"{name}.safetensors"
    training, scores = model.card.training, model.card.scores
    dtype = torch.float16 if half_is_harmless(model) else torch.float32
    save_checkpoint(target, model, training, scores, dtype)
    print(f"{target}: {dtype}, {target.stat().st_size} bytes, {scores}")


def half_is_harmless(model: Any) -> bool:
    """Whether float16 weights leave every displayed value of the passage within TOLERANCE."""
    if not isinstance(model, CharacterModel):
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "half.safetensors"
        save_checkpoint(path, model, dtype=torch.float16)
        half = load_checkpoint(path)
    assert isinstance(half, CharacterModel)
    difference = np.abs(half.trace(PASSAGE).display - model.trace(PASSAGE).display).max()
    print(f"float16 changes a displayed value by at most {difference:.1e}")
    return bool(difference < TOLERANCE)


def command(training: dict[str, Any], card: Any) -> str:
    """The command that trained a checkpoint, from what its card says."""
    data, options = training["data"], Settings.recorded(training).options()
    start = "experiments.ptb" if data == "ptb" else f"experiments.text --file {data}.txt"
    return " ".join(["python -m", start, options]).strip()


def table() -> str:
    """One row a checkpoint, then one command a checkpoint."""
    rows = [
        "| name | network | parameters | data | epochs | seed | valid | test | saturated |",
        "|---|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    commands = []
    for path in sorted(FOLDER.glob("*.safetensors")):
        model = load_checkpoint(path)
        card, training, scores = model.card, model.card.training, model.card.scores
        rows.append(
            f"| `{path.stem}` | {card.layers} layers, depth {card.depth}, {card.hidden} cells "
            f"| {model.parameters_count:,} | {training['data']} | {training['epoch']} of "
            f"{training['epochs']} | {training['seed']} | {scores['valid_bpc']:.3f} "
            f"| {scores['test_bpc']:.3f} | {scores['saturated']:.1%} |"
        )
        commands.append(f"    # {path.stem}\n    {command(training, card)}")
    return "\n".join(rows) + "\n\n" + "\n".join(commands) + "\n"


def rewritten(readme: str) -> str:
    """The README with the table as it is now."""
    begin, end = (re.escape(mark) for mark in MARKS)
    return re.sub(f"({begin}).*?({end})", lambda m: m[1] + table() + m[2], readme, flags=re.S)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m experiments.checkpoints",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ship", nargs=2, metavar=("FILE", "NAME"))
    options = parser.parse_args()
    if options.ship:
        ship(Path(options.ship[0]), options.ship[1])
    readme = FOLDER / "README.md"
    readme.write_text(rewritten(readme.read_text()))
