"""Describes a run in words: its network, its settings, its seeds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace

from experiments.report.result import Setting
from experiments.report.result import Settings as Recorded
from experiments.train.settings import Settings
from models.cells import CELLS

SIZE = ("layers", "depth", "hidden")

WORDS = {
    "epochs": ("{} epochs", ""),
    "learning_rate": ("learning rate {:g}", ""),
    "schedule": ("{} schedule of the learning rate", ""),
    "step_clip": ("the optimizer's step clipped at {:g}", "the gradient clipped, not the step"),
    "penalty": ("penalty {:g} on the size of the innermost cells", "no penalty on their size"),
    "fade": ("the penalty falling to zero", "the penalty not falling to zero"),
    "drift": ("penalty {:g} on the drift of the innermost cells", "no penalty on the drift"),
    "head_bias": ("head bias {}", ""),
    "orthogonal": ("orthogonal blocks: {}", ""),
    "chrono": ("chrono initialisation up to {} characters", "no chrono initialisation"),
    "input_gain": ("first input matrix {:g} times Glorot", ""),
    "carry": ("state carried in training", "state not carried in training"),
    "resets": ("{:g} of the windows from zero", "no window from zero"),
    "matmul_precision": ("matmuls in {}", ""),
    "start": ("continued from {}", "a new initialisation"),
    "patience": ("ends after {} epochs without a better one", "no end before the last epoch"),
}
"""The wording of a value and of no value, by setting."""

OF_ONE = {"epochs": "1 epoch", "patience": "ends after 1 epoch without a better one"}
"""The wording of the value 1, where it is no plural."""


def network(settings: Recorded) -> str:
    """The network in words."""
    layers, depth, hidden = (int(settings[name]) for name in SIZE)
    cell = str(settings.get("cell", "lstm"))
    if cell != "lstm":
        stacked = f"{layers} x " if layers > 1 else ""
        return f"{cell.upper()}, {stacked}{hidden} cells"
    if depth > 1:
        levels = f" of depth {depth}" if depth > 2 else ""
        stacked = f"{layers} x " if layers > 1 else ""
        return f"Nested LSTM{levels}, {stacked}{hidden} cells"
    return f"Stacked LSTM, {layers} x {hidden} cells" if layers > 1 else f"LSTM, {hidden} cells"


def recipe(settings: Recorded) -> dict[str, Setting]:
    """The settings that decided the training, without size and seed.

    A penalty that does not apply to the network counts as not set.
    """
    there = Settings.recorded(settings)
    known = asdict(there)
    if not there.penalised:
        known |= {"penalty": 0.0, "drift": 0.0, "fade": False}
    left_out = (*SIZE, "cell", "seed", "penalty_on")
    return {name: value for name, value in known.items() if name not in left_out}


def _spared(settings: Recorded) -> bool:
    """Return whether no penalty can apply to the network."""
    there = Settings.recorded(settings)
    return not replace(there, penalty=1.0).penalised


def usual(runs: Iterable[Recorded]) -> dict[str, Setting]:
    """The most common value of every setting; of a penalty, among the networks it applies to."""
    recipes = [(recipe(settings), not _spared(settings)) for settings in runs]
    common: dict[str, Setting] = {}
    for name in recipes[0][0]:
        some = name in ("penalty", "drift", "fade") and any(held for _, held in recipes)
        values = [values[name] for values, held in recipes if held or not some]
        common[name] = Counter(values).most_common(1)[0][0]
    return common


def told(settings: Recorded, others: Recorded) -> list[str]:
    """The settings that differ from `others`, in words; irrelevant ones are skipped."""
    words = []
    found = recipe(settings)
    patience = max(int(found["patience"]), int(others["patience"]))
    unbounded = CELLS[str(settings.get("cell", "lstm"))].has_c
    idle = {
        "penalty": not unbounded,  # no network of these cells can have one
        "drift": not unbounded,
        "fade": not found["penalty"] and not found["drift"],
        "patience": int(found["epochs"]) <= patience + 1,
    }
    for name, value in found.items():
        if value != others[name] and not idle.get(name):
            some, none = WORDS.get(name, (f"{name.replace('_', ' ')} {{}}", f"no {name}"))
            one = OF_ONE.get(name) if value == 1 else None
            words.append(one or (some.format(value) if value else none))
    return words
