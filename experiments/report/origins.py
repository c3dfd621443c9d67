"""The data that shipped weights were trained on, and the terms of data and weights."""

from collections.abc import Iterable
from typing import NamedTuple


class Origin(NamedTuple):
    """The origin and the terms of one data set, by its name on a checkpoint's card."""

    text: str
    terms: str
    weights: str


ORIGINS = {
    "ptb": Origin(
        "Penn Treebank (LDC99T42): Wall Street Journal, in Mikolov's preprocessing",
        "licensed under the LDC user agreement; the text is not part of this repository",
        "trained on Penn Treebank under the LDC's agreement: before any use but research, read it",
    ),
    "quatrains": Origin(
        "Chinese quatrains of Zhang & Lapata (2014)",
        "for research only, as their archive says; the poems are not part of this repository, "
        "their 5,368 symbols are: the vocabulary of the models",
        "research only",
    ),
    "warpeace_input": Origin(
        "War and Peace, in English, as Karpathy et al. (2015) use it",
        "public domain",
        "no condition but the MIT licence",
    ),
    "sqlite_src": Origin(
        "SQLite's source code: the C files of `src/`, without the test programs, one after another",
        "public domain",
        "no condition but the MIT licence",
    ),
    "mnist": Origin(
        "MNIST: handwritten digits, of LeCun, Cortes and Burges",
        "usually stated as CC BY-SA 3.0; no image is part of this repository",
        "no image can be had from them; name MNIST where you use them, and keep to CC BY-SA 3.0 if "
        "you hold weights to be derived from their data",
    ),
}


def section(data_of: Iterable[tuple[str, str]]) -> str:
    """A Markdown table, one row per data set, from (checkpoint name, data set name) pairs.

    Raises:
        KeyError: the origin of a data set is not stated in ORIGINS.
    """
    names: dict[str, list[str]] = {}
    for name, data in data_of:
        names.setdefault(data, []).append(f"`{name}`")
    rows = ["| weights | trained on | terms of the data | the weights |", "|---|---|---|---|"]
    for data, those in names.items():
        origin = ORIGINS[data]
        rows.append(f"| {', '.join(those)} | {' | '.join(origin)} |")
    return "\n".join(rows) + "\n"
