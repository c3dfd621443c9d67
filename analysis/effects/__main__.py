"""Measure the cost to a model of losing each memory, against equally many random cells."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from analysis.command import LARGEST_SEED, carry_out, whole
from analysis.effects.effects import (
    LONGEST,
    MOST_RANDOM,
    OPERATIONS,
    Array,
    Effects,
    Reading,
    interval,
)
from analysis.inputs import (
    character_model,
    checkpoint_path,
    read_text,
    refuse_unwritable,
    text_name,
    unknown_in,
)
from models import CharacterModel
from models.checkpoint import model_name
from models.files import write_aside
from models.memories import states
from models.reading.engine import Engine


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m analysis.effects", description=__doc__)
    parser.add_argument("--model", required=True, help="a name in checkpoints/, or a path")
    parser.add_argument("--text", type=Path, required=True, help="UTF-8, plain or .gz")
    parser.add_argument(
        "--operation",
        choices=OPERATIONS,
        default="swap",
        help="hold at zero, hold at the mean, or swap once with the state at another place "
        "(default %(default)s)",
    )
    parser.add_argument(
        "--places",
        type=whole(1, 10_000),
        default=20,
        help="of the text, evenly spread (default %(default)s)",
    )
    parser.add_argument(
        "--after",
        type=whole(1, LONGEST),
        default=100,
        help=f"characters, at most {LONGEST} (%(default)s)",
    )
    parser.add_argument(
        "--random",
        type=whole(0, MOST_RANDOM),
        default=20,
        help=f"random sets, at most {MOST_RANDOM} (%(default)s)",
    )
    parser.add_argument(
        "--characters", type=whole(2, 1 << 40), default=5000, help="of the text (%(default)s)"
    )
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=0, help="%(default)s")
    parser.add_argument("--out", type=Path, help="result file (JSON)")
    return parser


def measured(
    model: CharacterModel, text: str, options: argparse.Namespace
) -> tuple[list[Effects], Array, Array]:
    """The effects at every place, and their totals, means over the places: (groups), (sets)."""
    room = len(text) - 1 - options.after
    if room < options.places:
        raise ValueError(
            f"the text has {len(text):,} characters: too few for {options.places} places with "
            f"{options.after} characters after each"
        )
    reading = Reading(model, Engine(model.rnn), model.vocabulary.encode(text))
    found = []
    for start in np.linspace(0, room, options.places + 2).astype(int)[1:-1]:
        one = reading.effects(
            int(start),
            options.operation,
            sets=options.random,
            seed=options.seed,
            after=options.after,
        )
        assert one
        found.append(one)
    groups = np.mean([one.bits.sum(1) for one in found], 0)
    sets = np.mean([one.random.sum(1) for one in found], 0)
    return found, groups, sets


def run(options: argparse.Namespace) -> None:
    """Measure, print, write.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    if options.out:
        refuse_unwritable(options.out)
    text_file = text_name(options.text)
    path = checkpoint_path(options.model)
    name, model = model_name(path), character_model(path)
    torch.set_num_threads(1)
    text = read_text(options.text, 0, options.characters, strip=False)
    unknown = unknown_in(model, text)
    found, groups, sets = measured(model, text, options)
    random = interval(sets)
    beside = f"; equally many random cells {random.low:.2f} to {random.high:.2f}" if random else ""
    card = model.card
    names = {(m.layer, m.level): m.name for m in states(card.layers, card.depth, card.cell)}
    done = {
        "zero": "Held at zero",
        "mean": "Held at its mean",
        "swap": "Swapped for its state elsewhere",
    }[options.operation]
    print(
        f"{done}, a memory of {name} costs so many bits over the next {options.after} "
        f"characters (mean of {options.places} places){beside}:"
    )
    for place, total in zip(found[0].groups, groups, strict=True):
        print(f"  {names.get(place, f'layer {place[0] + 1}'):16} {total:9.2f}")
    if unknown:
        print(f"{unknown:,} of {len(text):,} characters are not in the model's alphabet.")
    if options.out:
        result: dict[str, Any] = {
            "model": name,
            "sha256": model.sha256,
            "settings": {
                "text": text_file,
                "characters": len(text),
                "unknown": unknown,
                "operation": options.operation,
                "places": [one.start for one in found],
                "donors": [one.donor for one in found],
                "after": options.after,
                "seed": options.seed,
            },
            "groups": [
                {"layer": layer, "level": level, "total": float(total)}
                for (layer, level), total in zip(found[0].groups, groups, strict=True)
            ],
            "random": (vars(random) if random else {}) | {"totals": sets.tolist()},
        }
        write_aside(options.out, (json.dumps(result, indent=1) + "\n").encode())


if __name__ == "__main__":
    carry_out(arguments(), run)
