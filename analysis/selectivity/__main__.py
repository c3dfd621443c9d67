"""Rank every memory cell of a corpus by how well it tells a feature of the text."""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from analysis.command import LARGEST_SEED, carry_out, whole
from analysis.corpus.cells import Network
from analysis.corpus.corpus import Corpus, open_corpus
from analysis.selectivity.chance import SHIFTS
from analysis.selectivity.features import FEATURES
from analysis.selectivity.features.expression import expression
from analysis.selectivity.features.feature import Feature
from analysis.selectivity.features.literal import literal
from analysis.selectivity.ranking import RECENT, SETTLED, Ranking, rank

MOST_SHIFTS = 9_999

COLUMNS = "{:<22} {:>4}  {:>5}  {:<14}  {:>5} {:>6}  {:>6} {:>7}  {:>5}"
HEAD = ("cell", "sign", "AUC", "95 %", "first", "second", "inside", "outside", "p")


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    keys = ", ".join(feature.key for feature in FEATURES)
    parser = argparse.ArgumentParser(
        prog="python -m analysis.selectivity",
        description=__doc__,
        epilog="AUC 1: always higher where the feature is; 0.5: tells nothing. The sign says "
        "whether the cell is high (+) or low (-) there.",
    )
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--feature", action="append", default=[], metavar="NAME", help=f"any of: {keys}"
    )
    parser.add_argument("--literal", action="append", default=[], help="the characters of a text")
    parser.add_argument(
        "--pattern", action="append", default=[], help="the matches of a regular expression (RE2)"
    )
    parser.add_argument(
        "--count", type=whole(1, 1 << 24), default=10, help="cells listed (%(default)s)"
    )
    parser.add_argument(
        "--shifts",
        type=whole(1, MOST_SHIFTS),
        default=SHIFTS,
        help="shifted labels for chance (%(default)s)",
    )
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=1, help="%(default)s")
    parser.add_argument("--json", action="store_true", help="a JSON line for each feature")
    return parser


def features_of(options: argparse.Namespace) -> list[Feature]:
    """The features to rank by.

    Raises:
        ValueError: there is none of that name, or none at all.
    """
    known = {feature.key: feature for feature in FEATURES}
    for name in options.feature:
        if name not in known:
            raise ValueError(f"there is no feature {name!r}; there are: {', '.join(known)}")
    features = [known[name] for name in options.feature]
    features += [literal(written) for written in options.literal]
    features += [expression(pattern) for pattern in options.pattern]
    if not features:
        raise ValueError("give a --feature, a --literal or a --pattern")
    return features


def run(options: argparse.Namespace) -> None:
    """Rank the cells, and print the ranking.

    Raises:
        ValueError, OSError: with a sentence for the user.
    """
    features = features_of(options)
    corpus = open_corpus(options.corpus)
    text = corpus.text()
    for feature in features:
        ranking = ranked(corpus, text, feature, options)
        if options.json:
            found = asdict(ranking, dict_factory=without_nan)
            print(json.dumps({"feature": feature.key, "label": feature.label, **found}))
        else:
            print("\n".join(lines(feature, corpus.network, ranking)))


def ranked(corpus: Corpus, text: str, feature: Feature, options: argparse.Namespace) -> Ranking:
    """Rank the cells by one feature, with progress.

    Raises:
        ValueError: the text has too little of it, or the expression is none.
    """
    label = feature.mark(text)
    with tqdm(desc=feature.key, disable=None, bar_format="{desc} {elapsed}") as bar:
        return rank(
            corpus,
            text,
            label,
            listed=options.count,
            shifts=options.shifts,
            seed=options.seed,
            check=lambda done: bar.refresh(),
        )


def without_nan(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The fields with null for NaN, which JSON has not: a half without the feature has no AUC."""
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in fields}


def lines(feature: Feature, network: Network, ranking: Ranking) -> Sequence[str]:
    """The ranking as text."""
    # The last characters that settle a feature leave chance alone to judge by.
    beyond = "chance" if ranking.recent > SETTLED else "both"
    best = f"{'the best' if ranking.rows[0].real else 'none'} is beyond {beyond}"
    return [
        f"{feature.label}: {ranking.share:.1%} of {ranking.characters:,} characters, "
        f"{ranking.runs:,} stretches",
        f"by chance the best of {network.size:,} cells reaches an AUC of {ranking.chance:.3f} "
        f"(5 % of {ranking.shifts} shifts)",
        f"the character alone, without any memory, reaches {ranking.character:.3f}, "
        f"the last {RECENT} characters {ranking.recent:.3f}; {best}",
        COLUMNS.format(*HEAD),
        *(
            COLUMNS.format(
                f"{row.cell.cell} {network.memory(row.cell).name}",
                "+" if row.sign > 0 else "-",
                f"{row.auc:.3f}",
                f"[{row.low:.3f}, {row.high:.3f}]",
                f"{row.first:.3f}",
                f"{row.second:.3f}",
                f"{row.inside:.2f}",
                f"{row.outside:.2f}",
                f"{row.p:.3f}",
            )
            for row in ranking.rows
        ),
        "",
    ]


if __name__ == "__main__":
    carry_out(arguments(), run)
