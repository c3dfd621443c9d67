"""The result file: everything measured, small enough to ship and to send to a page."""

import json

from analysis.timescales import measures
from analysis.timescales.activity import DEAD
from analysis.timescales.blocks import BURN_IN, PASSAGES
from analysis.timescales.comparisons import comparisons
from analysis.timescales.curves import curves_of, halves_of
from analysis.timescales.decay import SHORTEST
from analysis.timescales.measurement import Measurement, Settings
from analysis.timescales.rows import unit_rows
from analysis.timescales.schema import Report, UnitRow
from models.memories import SATURATED_SHARE
from models.networks import CharacterModel

MOST_BYTES = 2_000_000
BYTES_A_ROW = 155
CURVES_BYTES = 250_000


def report(
    name: str, model: CharacterModel, text_name: str, settings: Settings, measured: Measurement
) -> Report:
    """The result file's content, without the verdicts (they may need other models' reports)."""
    kept, stride = _listed([row for rows in unit_rows(measured) for row in rows])
    caps = {
        measure: next(found.cap for found in estimates if found is not None)
        for measure, estimates in measured.estimates.items()
    }
    caps |= dict.fromkeys(measured.losses, measured.cut.window / 4)
    result: Report = {
        "model": name,
        "sha256": model.sha256,
        "settings": {
            "characters": measured.cut.characters,
            "unknown": measured.unknown,
            "resamples": settings.resamples,
            "seed": settings.seed,
            "text": text_name,
            "text_sha256": measured.text_sha256,
            "burn_in": BURN_IN,
            "window": measured.cut.window,
            "blocks": measured.cut.blocks,
            "block": measured.cut.block,
            "passages": PASSAGES * measured.cut.blocks,
            "longest": caps,
            "shortest": SHORTEST,
            "dead_below_sd": DEAD,
            "saturated_above_share": SATURATED_SHARE,
            "every_nth_unit": stride,
            "network": {
                "layers": model.rnn.layers,
                "depth": model.rnn.depth,
                "cell": model.rnn.cell,
                "hidden": model.rnn.hidden,
                "parameters": model.parameters_count,
                "seed": model.card.training.get("seed"),
                "valid_bpc": model.card.scores.get("valid_bpc"),
            },
        },
        "units": kept,
        "curves": curves_of(measured, stride),
        "comparisons": comparisons(measured),
        "verdicts": [],
    }
    if measured.halves:
        result["halves"] = halves_of(measured)
    return result


def dumps(result: Report) -> str:
    """Compact JSON without NaN."""
    return json.dumps(result, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _listed(rows: list[UnitRow]) -> tuple[list[UnitRow], int]:
    """The rows that fit into the file; of every n-th unit only, and that n, where not all do.

    The primary measure says how long a cell remembers: it is kept of every unit, unless it alone
    fills half of the file (with some 900 cells in each of two stacked layers).
    """
    room = (MOST_BYTES - CURVES_BYTES) // BYTES_A_ROW
    primary = sum(row["measure"] == measures.PRIMARY for row in rows)
    whole = primary <= room // 2
    thinned, left = (len(rows) - primary, room - primary) if whole else (len(rows), room)
    stride = max(1, -(-thinned // left))
    return [
        row
        for row in rows
        if row["unit"] is None
        or row["unit"] % stride == 0
        or (whole and row["measure"] == measures.PRIMARY)
    ], stride
