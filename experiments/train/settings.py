"""The settings of a run, and the command line that sets them."""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from experiments.paper import TABLES, Table
from models.card import MOST_CELLS
from models.cells import CELLS
from models.rnn import MAX_DEPTH, MAX_LAYERS

DESCRIPTIONS = {
    "layers": "1, or n of a Stacked LSTM",
    "depth": "levels of every cell: 1 is the LSTM, 2 the Nested LSTM",
    "hidden": "cells of every level",
    "cell": "lstm, which may be nested, or gru, whose depth is 1",
    "epochs": "passes over the training part",
    "streams": "sequences in an update (the batch)",
    "window": "characters between two updates",
    "optimizer": "adam or rmsprop (decay 0.9)",
    "learning_rate": "initial learning rate",
    "schedule": "the learning rate falls to zero along a cosine, or stays constant",
    "clip": "largest global norm of the gradient",
    "step_clip": "largest global norm of the optimizer's step, instead of the gradient's; 0 clips "
    "the gradient",
    "penalty": "lambda of lambda * mean(c^2), innermost cells",
    "drift": "mu of mu * mean over innermost cells of (their mean over time and batch)^2",
    "penalty_on": "the networks that both penalties apply to: nested, or all",
    "fade": "both penalties fall to zero along a cosine",
    "input_gain": "factor on Glorot's range, for the first input matrix",
    "head_bias": "initial bias of the output layer: the log of each symbol's frequency in the "
    "training part, or zero, with which cells learn the frequencies first and saturate",
    "orthogonal": "matrices initialised by orthogonal blocks instead of Glorot: none, head, or "
    "head-input",
    "chrono": "T of a chrono initialisation: innermost forget biases log U(1, T - 1), input biases "
    "their negative; 0 leaves them at 1 and 0",
    "carry": "carry the state across windows, in training and in choosing the best epoch",
    "resets": "share of the windows that start from the zero state, drawn for every stream; "
    "without any, a network may fail on a text read from the zero state",
    "start": "a checkpoint to continue from, instead of a new initialisation",
    "matmul_precision": "precision of the matmuls of an update: bfloat16 is faster on "
    "processors that have it; sums, weights and scores stay float32",
    "patience": "stop after so many epochs without a better validation; 0 never does",
    "seed": "of the initialisation and of every shuffle",
}
CHOICES = {
    "cell": tuple(CELLS),
    "optimizer": ("adam", "rmsprop"),
    "schedule": ("cosine", "constant"),
    "penalty_on": ("nested", "all"),
    "head_bias": ("frequency", "zero"),
    "orthogonal": ("none", "head", "head-input"),
    "matmul_precision": ("float32", "bfloat16"),
}
BEFORE: dict[str, Any] = {
    "step_clip": 0.0,
    "drift": 0.0,
    "resets": 0.0,
    "penalty_on": "nested",
    "head_bias": "zero",
    "orthogonal": "none",
    "matmul_precision": "float32",
}
"""Values for settings that an older record does not have: how training went before they existed."""

RENAMED = {"products": "matmul_precision"}
"""Names of settings in older records, and their present names."""


STREAM_ONLY = ("window", "carry", "resets")
"""Settings that mean nothing where every sequence is whole and starts from zero."""


@dataclass(frozen=True)
class Settings:
    """The defaults are those of the models shipped on texts; `--row` gives the paper's."""

    layers: int = 1
    depth: int = 2
    hidden: int = 256
    cell: str = "lstm"
    epochs: int = 3
    streams: int = 32
    window: int = 100
    optimizer: str = "adam"
    learning_rate: float = 0.005
    schedule: str = "cosine"
    clip: float = 1.0
    step_clip: float = 0.0
    penalty: float = 0.0
    drift: float = 0.1
    penalty_on: str = "all"
    fade: bool = False
    input_gain: float = 5.0
    head_bias: str = "frequency"
    orthogonal: str = "none"
    chrono: int = 0
    carry: bool = True
    resets: float = 0.01
    start: str = ""
    matmul_precision: str = "float32"
    patience: int = 0
    seed: int = 1

    @classmethod
    def recorded(cls, values: Mapping[str, Any]) -> "Settings":
        """Settings from a record; those it lacks take the value used at that time."""
        values = {new: values[old] for old, new in RENAMED.items() if old in values} | dict(values)
        known = {field.name for field in fields(cls)}
        return cls(**BEFORE | {name: value for name, value in values.items() if name in known})

    def resumes(self, there: "Settings") -> bool:
        """Return whether a run with those settings can be resumed with these.

        More epochs continue the same training unless the rate falls along a cosine. Patience
        decides when to end, not how to train.
        """
        there = replace(there, patience=self.patience)
        constant = self.schedule == "constant" and not self.fade
        if constant and self.epochs > there.epochs:
            there = replace(there, epochs=self.epochs)
        return self == there

    @property
    def penalised(self) -> bool:
        """Return whether a penalty applies to this network."""
        held = self.depth > 1 or self.penalty_on == "all"
        return bool(self.penalty or self.drift) and held and CELLS[self.cell].has_c

    def options(self, defaults: Mapping[str, Any] | None = None) -> str:
        """These settings as command-line options, without those at their default.

        Args:
            defaults: the defaults, where they differ from this class's.
        """
        words, usual = [], asdict(Settings()) | dict(defaults or {})
        for field in fields(self):
            value, name = getattr(self, field.name), field.name.replace("_", "-")
            if value == usual[field.name]:
                continue
            if isinstance(value, bool):
                words.append(f"--{name}" if value else f"--no-{name}")
            else:
                words.append(f"--{name} {value}")
        return " ".join(words)


def typed(data: str, settings: Settings) -> str:
    """The command that trains with these settings on the named data."""
    for table in TABLES:
        if data == table.data:
            # Penn Treebank alone has the defaults of `Settings`, those of the shipped models.
            defaults = {} if table.experiment == "ptb" else table.settings
            words = f"python -m experiments.{table.experiment} {settings.options(defaults)}"
            return words.strip()
    file = data if "." in data else f"{data}.txt"
    return f"python -m experiments.text --file {file} {settings.options()}".strip()


def parse(
    parser: argparse.ArgumentParser,
    table: Table | None = None,
    defaults: Mapping[str, Any] | None = None,
    unused: Sequence[str] = (),
    argv: Sequence[str] | None = None,
) -> argparse.Namespace:
    """Parse a command line: one option per setting, and those that all experiments share.

    Args:
        table: the paper's; `--row` sets the size of one of its models and their settings.
        defaults: where this experiment's defaults differ from those of `Settings`.
        unused: settings that do not apply to this experiment and get no option.
    """
    _add_shared(parser, table)
    _add_settings(parser, unused)
    _set_defaults(parser, table, defaults or {}, argv)
    options = parser.parse_args(argv)
    experiment = table.experiment if table else "text"
    options.run = options.run or Path("runs") / (getattr(options, "row", None) or experiment)
    return options


def _add_shared(parser: argparse.ArgumentParser, table: Table | None) -> None:
    """Add the options that are no settings: the run's folder, where it trains, the paper's row."""
    parser.add_argument(
        "--run",
        type=Path,
        help="folder of the run, resumed if it exists (runs/ and the row's name)",
    )
    parser.add_argument("--out", type=Path, help="where the finished checkpoint goes")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), default="cpu", help="where it trains (%(default)s)"
    )
    parser.add_argument(
        "--graph",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="on a GPU, replay the loop as one CUDA graph",
    )
    if table:
        parser.add_argument(
            "--row",
            choices=[row.name for row in table.rows],
            help="a model of the paper: its size, and the paper's settings as defaults",
        )


def _add_settings(parser: argparse.ArgumentParser, unused: Sequence[str]) -> None:
    """Add an option per setting."""
    for field in fields(Settings):
        if field.name in unused:
            continue
        name = "--" + field.name.replace("_", "-")
        kind = type(field.default)
        help_text = f"{DESCRIPTIONS[field.name]} (%(default)s)"
        if kind is bool:
            parser.add_argument(name, action=argparse.BooleanOptionalAction, help=help_text)
        else:
            parser.add_argument(name, type=kind, choices=CHOICES.get(field.name), help=help_text)


def _set_defaults(
    parser: argparse.ArgumentParser,
    table: Table | None,
    defaults: Mapping[str, Any],
    argv: Sequence[str] | None,
) -> None:
    """Set the defaults: the usual ones, the experiment's, and those of --cell and --row."""
    parser.set_defaults(**asdict(Settings()) | dict(defaults))
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--cell", default=parser.get_default("cell"))
    cell = CELLS.get(early.parse_known_args(argv)[0].cell)
    if cell:
        parser.set_defaults(depth=min(parser.get_default("depth"), cell.max_depth))
    if table:
        # Parsed first, so that --row NAME --help shows the defaults of that row.
        first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        first.add_argument("--row")
        asked, _ = first.parse_known_args(argv)
        for row in table.rows:
            if row.name == asked.row:
                size = {"layers": row.layers, "depth": row.depth, "hidden": row.hidden}
                parser.set_defaults(**dict(table.settings) | size)


LEAST = {
    "layers": 1,
    "depth": 1,
    "hidden": 1,
    "epochs": 1,
    "streams": 1,
    "window": 1,
    "step_clip": 0,
    "penalty": 0,
    "drift": 0,
    "resets": 0,
    "patience": 0,
    "threads": 1,
    "seed": 0,
}
MOST = {
    "layers": MAX_LAYERS,
    "depth": MAX_DEPTH,
    "hidden": MOST_CELLS,
    "resets": 1,
    "threads": 1024,
    "seed": (1 << 32) - 1,
}
SHORTEST_CHRONO = 2  # innermost cells keep their content for 1 to chrono - 1 characters
POSITIVE = ("learning_rate", "clip", "input_gain")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings among the parsed options; SystemExit names an impossible one."""
    for name, least in LEAST.items():
        if not getattr(options, name) >= least:
            raise SystemExit(_wrong(name, f"must be at least {least}", options))
    for name, most in MOST.items():
        if getattr(options, name) > most:
            raise SystemExit(_wrong(name, f"must be at most {most}", options))
    for name in ("step_clip", "penalty", "drift", "chrono"):
        if not math.isfinite(getattr(options, name)):
            raise SystemExit(_wrong(name, "must be a finite number", options))
    for name in POSITIVE:
        if not 0 < getattr(options, name) < math.inf:
            raise SystemExit(_wrong(name, "must be a number above 0", options))
    cell = CELLS[options.cell]
    if options.depth > cell.max_depth:
        rule = f"must be {cell.max_depth} for --cell {options.cell}"
        raise SystemExit(_wrong("depth", rule, options))
    if options.chrono and not cell.has_c:
        raise SystemExit(_wrong("chrono", f"must be 0 for --cell {options.cell}", options))
    if options.chrono and options.chrono <= SHORTEST_CHRONO:
        rule = f"must be above {SHORTEST_CHRONO}, or 0 for none"
        raise SystemExit(_wrong("chrono", rule, options))
    return Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})


def _wrong(name: str, rule: str, options: argparse.Namespace) -> str:
    return f"--{name.replace('_', '-')} {rule}, not {getattr(options, name)}"
