"""Tables 1-3 of "Nested LSTMs" (Moniz & Krueger 2017): the models and what the paper reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GLIMPSES_NOTE = (
    "the paper says 75 cells for its 3 layers; its 85.1k parameters are those of 60 cells "
    "(75 would be 128,860)"
)


@dataclass(frozen=True)
class Row:
    """One row of a table. The paper's numbers keep their names: valid, test, ..."""

    name: str
    label: str
    layers: int
    depth: int
    hidden: int
    parameters: int  # exact; the paper rounds
    paper: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure of the paper: a score by epoch."""

    title: str
    axis: str
    score: str  # a key of `experiments.report.charts.SCORES`
    log: bool = False
    by_size: bool = False  # a chart for each group of networks of about one size


@dataclass(frozen=True)
class Table:
    """A table of the paper, its data, its training and its figures.

    `scores`: its columns, and the name each has among a checkpoint's scores. `settings`: where the
    paper's training differs from the defaults of `Settings`. What the paper leaves open is chosen
    here.
    """

    number: int
    title: str
    note: str
    experiment: str
    data: str
    symbols: int  # of the output; also of the input, except glimpses (49 pixels)
    scores: dict[str, str]
    rows: tuple[Row, ...]
    settings: Mapping[str, Any]
    epochs: int  # the paper's, 0 if it does not say; `settings` may have fewer
    figures: tuple[Figure, ...]


def _row(
    name: str, size: tuple[int, int, int], parameters: int, paper: dict[str, float], note: str = ""
) -> Row:
    layers, depth, hidden = size
    kind = "NLSTM" if depth > 1 else "LSTM"
    label = f"{kind}, {layers * depth} layer{'s' if layers * depth > 1 else ''}, {hidden} cells"
    return Row(name, label, layers, depth, hidden, parameters, paper, note)


def _two(valid: float, test: float) -> dict[str, float]:
    return {"valid": valid, "test": test}


def _four(
    valid: float, test: float, valid_accuracy: float, test_accuracy: float
) -> dict[str, float]:
    return {
        "valid NLL": valid,
        "test NLL": test,
        "valid accuracy": valid_accuracy,
        "test accuracy": test_accuracy,
    }


TRAINED: dict[str, Any] = {
    "schedule": "constant",
    "clip": 1.0,
    "penalty": 0.0,
    "drift": 0.0,
    "resets": 0.0,
    "input_gain": 1.0,
    "carry": False,
}
"""The settings that all three experiments share."""

PTB = Table(
    number=1,
    title="Penn Treebank, bits per character",
    note="Valid and test start from zero every 100 characters, as the paper's evaluation seems to; "
    "carried: the state is kept from the first character to the last.",
    experiment="ptb",
    data="ptb",
    symbols=50,
    scores={
        "valid": "valid_bpc_reset",
        "test": "test_bpc_reset",
        "valid, carried": "valid_bpc",
        "test, carried": "test_bpc",
    },
    rows=(
        _row("lstm-1000", (1, 1, 1000), 4_254_050, _two(1.489, 1.451)),
        _row("lstm-1050", (1, 1, 1050), 4_676_750, _two(1.487, 1.448)),
        _row("lstm-2x600", (2, 1, 600), 4_474_850, _two(1.473, 1.434)),
        _row("lstm-3x450", (3, 1, 450), 4_167_950, _two(1.486, 1.448)),
        _row("nlstm-600", (1, 2, 600), 4_474_850, _two(1.437, 1.399)),
    ),
    settings=TRAINED
    | {
        "epochs": 35,
        "streams": 32,
        "window": 100,
        "learning_rate": 0.002,
        "patience": 5,
    },
    epochs=35,
    figures=(Figure("Figure 5: bits per character by epoch", "bpc", "bpc", by_size=True),),
)
POETRY = Table(
    number=2,
    title="Chinese poetry, perplexity",
    note="The paper states neither the batch (64 poems here) nor the clipping (1 here) nor the "
    "epochs (its Figure 6 shows some 33).",
    experiment="poetry",
    data="quatrains",
    symbols=5_368,
    scores={"valid": "valid_perplexity", "test": "test_perplexity"},
    rows=(
        _row("lstm-32", (1, 1, 32), 868_472, _two(680.15, 669.99)),
        _row("lstm-40", (1, 1, 40), 1_085_528, _two(674.82, 670.27)),
        _row("lstm-2x32", (2, 1, 32), 876_792, _two(810.54, 771.88)),
        _row("lstm-3x32", (3, 1, 32), 885_112, _two(944.93, 925.47)),
        _row("nlstm-32", (1, 2, 32), 876_792, _two(629.71, 625.19)),
    ),
    settings=TRAINED
    | {
        "hidden": 32,
        "epochs": 35,
        "streams": 64,
        "learning_rate": 0.002,
    },
    epochs=0,
    figures=(Figure("Figure 6: perplexity by epoch", "perplexity", "perplexity"),),
)
GLIMPSES = Table(
    number=3,
    title="MNIST Glimpses, negative log-likelihood and accuracy",
    note="The negative log-likelihood and the accuracy each at its own best epoch by validation, "
    "as in the paper. It does not state the batch (100 digits here).",
    experiment="glimpses",
    data="mnist",
    symbols=10,
    scores={
        "valid NLL": "valid_nll",
        "test NLL": "test_nll",
        "valid accuracy": "valid_accuracy",
        "test accuracy": "test_accuracy",
    },
    rows=(
        _row("lstm-100", (1, 1, 100), 61_010, _four(0.1007, 0.1229, 0.9785, 0.9719)),
        _row("lstm-130", (1, 1, 130), 94_910, _four(0.1070, 0.1242, 0.9789, 0.9751)),
        _row("lstm-2x75", (2, 1, 75), 83_560, _four(0.1040, 0.1149, 0.9815, 0.9745)),
        _row("lstm-3x60", (3, 1, 60), 85_090, _four(0.1077, 0.1242, 0.9807, 0.9746), GLIMPSES_NOTE),
        _row("nlstm-75", (1, 2, 75), 83_560, _four(0.0836, 0.1136, 0.9823, 0.9760)),
    ),
    settings=TRAINED
    | {
        "hidden": 75,
        "epochs": 50,
        "streams": 100,
        "optimizer": "rmsprop",
        "learning_rate": 0.001,
    },
    epochs=150,
    figures=(
        Figure(
            "Figure 7, above: negative log-likelihood by epoch",
            "negative log-likelihood",
            "nll",
            log=True,
        ),
        Figure("Figure 7, below: error by epoch", "% error", "error"),
    ),
)
TABLES = (PTB, POETRY, GLIMPSES)
