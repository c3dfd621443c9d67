"""A corpus by its name, and the cells, thresholds and patterns that are asked of it."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from app.refusal import Refusal, answers
from app.state import AppState
from app.strict import Index, Strict, Text
from app.work.questions import SECONDS, imported

if TYPE_CHECKING:
    from analysis.corpus.cells import Cell
    from analysis.corpus.corpus import Corpus
    from analysis.selectivity.features.feature import Feature

LOG = logging.getLogger("nestscope")

MOST_CONTEXT = 1000
MOST_PATTERN = 1000

Threshold = Annotated[
    float, Field(ge=0, le=1, description="sign * display value from which on a cell is on")
]
Context = Annotated[int, Field(ge=0, le=MOST_CONTEXT, description="characters before and after it")]

REASONS = answers(
    s400="the body is not JSON",
    s404="there is no corpus of this name",
    s409="the corpus is being indexed, which its first question began (`indexing`; the message "
    "says how far it is), or it cannot be",
    s410="the corpus was removed while it was read",
    s413="the body or the answer is too large; `field` names what to narrow",
    s415="the body is of another type than application/json",
    s422="a field is missing, unknown or wrong, there is no such cell, or it took too long",
    s429="too many questions are waiting, or another text is being indexed",
)


class CellPlace(Strict):
    """One memory cell."""

    layer: Index
    level: Index | None = Field(description="0 is the outermost; null for the h of a GRU")
    cell: Index


class SignedCell(CellPlace):
    """A cell, and which of its signs counts as on."""

    sign: Literal[1, -1]


class Wanted(Strict):
    """The thing to look for in the text: exactly one of the three."""

    feature: Text | None = Field(default=None, description="a key out of GET /api/features")
    literal: Text | None = Field(default=None, max_length=MOST_PATTERN)
    pattern: Text | None = Field(
        default=None,
        max_length=MOST_PATTERN,
        description="a regular expression of RE2: no look-around, no back references",
    )


async def opened(state: AppState, name: str) -> "Corpus":
    """The corpus of that name, ready to be asked.

    Raises:
        Refusal: 404, there is none; 409, it is being indexed (this began it, if nothing did),
            cannot be, or is damaged; 429, another one is being indexed.
    """
    await imported()
    from analysis.corpus.description import CorpusError

    await state.loaded.wait()
    entry = await run_in_threadpool(state.corpora.get, name)
    if entry is None:
        message = "There is no corpus of this name: GET /api/corpora lists them."
        raise Refusal(404, "unknown_corpus", message, "name")
    if entry.damage:
        raise Refusal(409, "damaged_corpus", f"{name} cannot be asked: {entry.damage}.")
    if not entry.is_indexed:
        await run_in_threadpool(state.corpora.indexing.start, entry)
        done = state.corpora.indexing.done(entry)
        message = (
            f"{name} is being indexed, {done:,} of {entry.characters:,} characters so far: "
            "ask again in some seconds."
        )
        raise Refusal(409, "indexing", message)
    try:
        return await run_in_threadpool(state.corpora.open, entry)
    except CorpusError as error:
        LOG.error("%s", error)
        message = f"{name} cannot be asked: {error.reason}."
        raise Refusal(409, "damaged_corpus", message) from None


def cell_of(corpus: "Corpus", place: CellPlace, field: str) -> "Cell":
    """The cell of a corpus that a request names.

    Raises:
        Refusal: 422, there is none.
    """
    from analysis.corpus.cells import Cell, CellError

    network = corpus.network
    if place.level is None and network.cell != "gru":
        message = f"`level` is null, expected 0 to {network.levels - 1}: only a GRU has no levels."
        raise Refusal(422, "invalid", message, "level")
    cell = Cell(place.layer, place.level or 0, place.cell)
    try:
        network.position(cell)
    except CellError as error:
        message = f"{corpus.description.model} has no such cell: {error}."
        raise Refusal(422, "no_such_cell", message, field) from None
    return cell


def require_one(wanted: Wanted) -> str:
    """The field that says what to look for.

    Raises:
        Refusal: 422, there is not exactly one.
    """
    names = ("feature", "literal", "pattern")
    given = [name for name in names if getattr(wanted, name) is not None]
    if len(given) != 1:
        message = f"Expected exactly one of `feature`, `literal` and `pattern`, found {len(given)}."
        raise Refusal(422, "invalid", message, given[1] if given else "feature")
    return given[0]


def feature_of(wanted: Wanted, check: Callable[[], object] = lambda: None) -> "Feature":
    """The feature that a request names or writes; an expression takes a while to read.

    Args:
        check: called while a text is searched; what it raises ends the search.

    Raises:
        Refusal: 422, there is none, or not exactly one.
    """
    from analysis.corpus.search import SearchError
    from analysis.selectivity.features import FEATURES
    from analysis.selectivity.features.expression import expression
    from analysis.selectivity.features.literal import literal

    given = require_one(wanted)
    if wanted.feature is not None:
        known = {feature.key: feature for feature in FEATURES}
        if wanted.feature not in known:
            message = f"There is no feature of this name; there are: {', '.join(known)}."
            raise Refusal(422, "unknown_feature", message, "feature")
        return known[wanted.feature]
    try:
        if wanted.literal is not None:
            return literal(wanted.literal)
        return expression(wanted.pattern or "", SECONDS, check)
    except SearchError as error:
        raise Refusal(422, "bad_pattern", sentence(error), given) from None


def sentence(error: Exception) -> str:
    """An error of the analysis as one of the server, which names no folder of its own."""
    message = str(getattr(error, "reason", error))
    return message[:1].upper() + message[1:] + "."
