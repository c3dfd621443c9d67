"""Finds the quotation cell, the space cell, the newline cell and others, where a model has them.

For every feature all cells are ranked by their AUC on the first half of a corpus. The best few are
then judged on the second half, which had no part in choosing them. The atlas also lists the
features for which no cell was found.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.corpus.cells import Cell
from analysis.corpus.corpus import Corpus
from analysis.selectivity.chance import LEVEL
from analysis.selectivity.counts import count
from analysis.selectivity.features.feature import Feature, Label
from analysis.selectivity.ranking import Blocks, Ranking, Rare, rank, require_enough
from analysis.timescales.schema import Report
from analysis.timescales.verdicts.evidence import cell_rows

FOUND = 0.9
"""The AUC in the second half from which on a cell is named after a feature."""
MOST_CELLS = 3
"""Cells named after one feature."""
MOST_LASTING = 5
"""Cells of each memory named for a long timescale."""
HELD = 0.9
"""The share of a stretch in which a cell must keep its sign to hold through it."""
EXAMPLE = 400
"""Characters of the passage that shows a cell."""

Entry = dict[str, Any]
Progress = Callable[[str], None]


def atlas(
    corpus: Corpus,
    features: Sequence[Feature],
    timescales: Report | None = None,
    examples: bool = False,
    seed: int = 1,
    progress: Progress = lambda what: None,
) -> Entry:
    """The content of an atlas file (docs/reference/atlas-file.md).

    Args:
        timescales: the model's report; without it the atlas has no timescales.
        examples: add a passage of the text to every cell; only for a public text.
    """
    about, text = corpus.description, corpus.text()
    half = corpus.characters // 2
    taus = timescales_of(timescales, about.sha256)
    found, missing = [], []
    for feature in features:
        progress(feature.label)
        label = feature.mark(text)
        head: Entry = {"feature": feature.key, "label": feature.label}
        few = sorted({text[at] for at in np.flatnonzero(label)}) if feature.symbols > 1 else []
        if 0 < len(few) < feature.symbols:
            reason = f"the only one in the text is {', '.join(few)}"
            missing.append(head | {"reason": reason})
            continue
        try:
            require_enough(label[half:])
            ranking = rank(corpus, text, label, stop=half, listed=MOST_CELLS, seed=seed)
        except Rare as rare:
            missing.append(head | {"reason": str(rare)})
            continue
        rows = checked(corpus, ranking, label, half, seed)
        named = [row for row in rows if row["held_out"] >= FOUND and row["p"] < LEVEL]
        common = {
            "share": rounded(ranking.share),
            "chance": rounded(ranking.chance),
            "character": rounded(ranking.character),
        }
        if not named:
            best = rows[0]
            reason = (
                f"the best cell has an AUC of {best['held_out']:.2f} on text it was not chosen on"
            )
            missing.append(head | common | {"reason": reason, "best": best})
            continue
        for row in named:
            cell = Cell(row["layer"], row["level"], row["cell"])
            entry = head | common | row | {"timescale": taus.get(cell)}
            if examples:
                entry["example"] = example(corpus, text, label, cell, row["sign"], half)
            found.append(entry)
    return {
        "model": about.model,
        "sha256": about.sha256,
        "settings": {
            "text": about.text,
            "text_sha256": about.text_sha256,
            "characters": about.characters,
            "chosen_on": [0, half],
            "checked_on": [half, about.characters],
            "found_from": FOUND,
            "p_below": LEVEL,
            "seed": seed,
        },
        "found": found,
        "not_found": missing,
        "lasting": lasting(corpus, taus),
    }


def checked(corpus: Corpus, ranking: Ranking, label: Label, half: int, seed: int) -> list[Entry]:
    """The cells of a ranking on the first half, with their AUC on the second."""
    cells = [row.cell for row in ranking.rows]
    counts = count(corpus.values(cells, half), label[half:])
    blocks = Blocks.of(corpus.values(cells, half), label[half:])
    sizes = counts.auc()
    inside, outside = counts.means()
    entries = []
    for k, row in enumerate(ranking.rows):
        low, high = blocks.interval(k, row.sign, seed)
        entries.append(
            {
                **row.cell._asdict(),
                "sign": row.sign,
                "auc": rounded(row.auc),
                "p": rounded(row.p),
                "held_out": rounded(float(sizes[k] if row.sign > 0 else 1 - sizes[k])),
                "low": rounded(low),
                "high": rounded(high),
                "inside": rounded(float(inside[k])),
                "outside": rounded(float(outside[k])),
            }
        )
    return entries


def example(corpus: Corpus, text: str, label: Label, cell: Cell, sign: int, half: int) -> Entry:
    """The passage of the second half that shows the cell best.

    It begins at a paragraph if there are some, ends outside the feature if one does, and is the one
    in which inside and outside differ most, weighted with how even the two shares are, with the
    longest whole stretch through which the cell holds, and with how many there are, up to three.
    """
    values = sign * next_values(corpus, cell, half)
    starts = [at + 2 for at in places(text, "\n\n", half)] or list(range(half, len(text), EXAMPLE))
    best, score = half, -1.0
    for start in starts:
        stop = start + EXAMPLE
        here = label[start:stop]
        share = float(here.mean()) if len(here) == EXAMPLE else 0.0
        if not 0 < share < 1:
            continue
        shown = values[start - half : stop - half]
        gap = float(shown[here].mean() - shown[~here].mean()) * min(share, 1 - share)
        held = held_stretches(here, shown) if not here[-1] else []
        shows = gap * max(held, default=1) * min(max(len(held), 1), 3)
        if shows > score:
            best, score = start, shows
    return {"start": best, "text": text[best : best + EXAMPLE]}


def held_stretches(label: Label, values: NDArray[np.float32]) -> list[int]:
    """Lengths of the whole stretches of the label in which HELD of the values lie above 0."""
    edges = np.flatnonzero(np.diff(label.astype(np.int8), prepend=0, append=0))
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return [
        int(stop - start)
        for start, stop in stretches
        if stop < len(label) and (values[start:stop] > 0).mean() >= HELD
    ]


def next_values(corpus: Corpus, cell: Cell, start: int) -> NDArray[np.float32]:
    """The display values of a cell from character `start` on, (T)."""
    pieces = [piece[:, 0] for piece in corpus.values([cell], start)]
    return np.concatenate(pieces).astype(np.float32)


def places(text: str, wanted: str, start: int) -> list[int]:
    """The positions of a string in a text, from a character on."""
    found = []
    at = text.find(wanted, start)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def timescales_of(report: Report | None, sha256: str) -> dict[Cell, Entry]:
    """Each cell's timescale by context swap, of its display value."""
    if report is None or report.get("sha256") != sha256:
        return {}
    return {
        Cell(row["layer"], row["level"] or 0, row["unit"]): {
            name: row[name] for name in ("tau", "low", "high", "status")
        }
        for row in cell_rows(report)
        if row["unit"] is not None
    }


def lasting(corpus: Corpus, taus: dict[Cell, Entry]) -> list[Entry]:
    """The cells of every memory with the longest timescales."""
    entries: list[Entry] = []
    for memory in corpus.network.memories():
        own = [
            (cell, tau)
            for cell, tau in taus.items()
            if (cell.layer, cell.level) == (memory.layer, memory.level or 0)
            and tau["status"] == "ok"
        ]
        own.sort(key=lambda pair: -pair[1]["tau"])
        entries += [{**cell._asdict(), "timescale": tau} for cell, tau in own[:MOST_LASTING]]
    return entries


def rounded(value: float) -> float:
    """The value with four digits."""
    return round(value, 4)
