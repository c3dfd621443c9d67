"""Types of a finished run's result file and of the data for the results page."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

Setting = int | float | str | bool
"""A value of a training's settings (experiments/train/settings.py)."""
Settings = Mapping[str, Setting]
Epoch = dict[str, float]
"""A line of a run's log: `epoch`, `seconds`, and the scores of each part."""


class Result(TypedDict):
    """A file of experiments/results/runs."""

    name: str
    experiment: str
    data: str
    parameters: int
    settings: dict[str, Setting]
    best_epoch: int
    seconds: float | None
    commit: str
    torch: str
    device: str
    scores: dict[str, float]
    epochs: list[Epoch]


class Line(TypedDict):
    """A row of a table; only our runs have `command` and `name`."""

    kind: Literal["paper", "ours", "class", "change", "pair"]
    label: str
    words: str
    cells: list[str]
    name: NotRequired[str]
    command: NotRequired[str]


class Sheet(TypedDict):
    """A table: its column headings and its rows."""

    title: str
    note: str
    head: list[str]
    lines: list[Line]


class Pair(TypedDict):
    """A Nested and a Stacked LSTM trained alike: bits per prediction on test, mean over seeds."""

    title: str
    words: str
    names: list[str]
    paper: bool
    alike: bool  # about as many saturated cells on both sides
    searched: bool  # of the search for a recipe, of too few seeds to say much
    parameters: int
    seeds: int
    nested: float
    stacked: float
    percent: float  # by which the Nested LSTM has more; the mean over seeds, and the range
    low: float
    high: float


class Mark(TypedDict):
    """A reference line in a chart: a score that the paper reports."""

    label: str
    valid: float


class Curves(TypedDict):
    """A run's curves in a chart, or their mean over seeds."""

    name: str
    words: str
    epochs: list[float]
    train: list[float | None]
    valid: list[float | None]


class Chart(TypedDict):
    """A chart of the page of results."""

    table: int
    title: str
    axis: str
    log: bool
    paper: list[Mark]
    trained: bool
    runs: list[Curves]
