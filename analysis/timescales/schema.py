"""The result file, typed: what docs/reference/timescales-file.md says, as Python sees it.

Numbers are characters unless the docs say otherwise; null stands for what is infinite or unknown.
"""

from typing import Any, Literal, NotRequired, Required, TypedDict

Status = Literal["ok", "censored", "dead", "saturated", "n/a"]
Interval = list[float | None]
"""[estimate, low, high]."""
CLAIMS = {
    "inner_lasts_longer": "(a) inner lasts longer than outer",
    "inner_outlasts_stacked": "(b) inner cells outlast the Stacked LSTM's upper layer",
}
"""The claims that a verdict answers, in words."""


class Member(TypedDict):
    """A state of a network; h has no level."""

    layer: int
    level: int | None
    state: str


class MemoryKeys(Member):
    """A memory: a state by the value that is read of it, or raw."""

    value: str


class UnitRow(MemoryKeys):
    """The timescale of one unit by one measure, or of a whole memory (`unit` null)."""

    unit: int | None
    measure: str
    tau: float | None
    low: float | None
    high: float | None
    status: str


class Each(TypedDict):
    """Curves of every n-th unit (`every_nth_unit`), in thousandths of what was there at lag 0."""

    lags: list[int]
    thousandths: list[list[int]]  # (units, lags)


class Curve(TypedDict, total=False):
    """A measure along the lags: over the units of a memory, or of a group of states."""

    measure: Required[str]
    lags: Required[list[int]]
    # of a memory
    layer: int
    level: int | None
    state: str
    value: str
    counts: dict[str, int]
    quantiles: dict[str, list[float | None]] | None
    tau: Any  # by quantile; of a group an Interval
    interval: list[float | None] | None
    slowest: dict[str, Interval] | None
    each: Each
    text: str
    floor: float | None
    area: float | None
    amplitude: float | None
    explained: float | None
    two_timescales: float | None
    # of a memory, after a push on a state
    pushed: Member
    typical: list[float | None]
    # of a group of states
    members: list[Member]
    bits: list[float | None]
    total: Interval
    status: str


class HalfRow(Member):
    """The slower or the faster half of a memory's cells, transplanted alone."""

    half: Literal["slow", "fast"]
    cells: int
    lags: list[int]
    bits: list[float | None]
    total: Interval
    tau: Interval
    status: str


class Contrast(TypedDict, total=False):
    """The log2 ratio of the timescales of two memories, with its statistics."""

    median_log2_ratio: float
    estimate: float
    low: float
    high: float
    text_low: float
    text_high: float
    superiority: float
    cliff: float
    p: float
    p_holm: float


class Comparison(Contrast, total=False):
    """Two memories of one network, set beside each other by one measure."""

    kind: Required[str]
    measure: Required[str]
    first: Required[MemoryKeys]
    second: Required[MemoryKeys]
    units: list[int]
    censored: list[int]
    bits: list[float]
    status: list[str]


class Evidence(TypedDict, total=False):
    """One condition of a verdict, and whether it holds."""

    test: Required[str]
    measure: str
    holds: bool
    units: list[int]
    medians: list[float]
    estimate: float
    low: float
    high: float
    text_low: float
    text_high: float
    cliff: float
    p: float
    p_holm: float
    bits: list[Any]
    tau: list[Interval]
    null: dict[str, str | int]


class Verdict(TypedDict):
    """A claim about one network, or about one beside a rival."""

    claim: str
    layer: NotRequired[int]
    inner: NotRequired[int]
    outer: NotRequired[int]
    rival: NotRequired[str]
    answer: str
    scope: str
    sentence: str
    rule: str
    evidence: list[Evidence]


class SeedTest(TypedDict):
    """One condition of a claim about architectures: an effect (log2) a seed."""

    measure: str
    seeds: int
    effects: list[float]
    estimate: float | None
    low: float | None
    high: float | None
    p_sign: float
    p_holm: float


class SeedVerdict(TypedDict):
    """A claim about architectures."""

    answer: str
    scope: str
    evidence: list[SeedTest]
    unlike: NotRequired[list[str]]


class SeedMemory(Member):
    """The timescales of a memory: the lowest and the highest over the seeds, in characters.

    Of context swap and impulse, the median over its usable cells; of the transplant, the time that
    the loss of the whole memory lasts. None if no seed has a usable cell, or a loss.
    """

    saturated: tuple[float, float]  # shares of its cells
    timescales: dict[str, tuple[float, float] | None]  # by measure


class SeedNetworks(TypedDict):
    """The networks of one kind that a claim about architectures rests on, and their seeds."""

    layers: int
    depth: int
    seeds: list[int]
    valid_bpc: list[float | None]
    memories: list[SeedMemory]


class NetworkFacts(TypedDict):
    """The network that was measured."""

    layers: int
    depth: int
    cell: NotRequired[str]  # of older files: an LSTM
    hidden: int
    parameters: int
    seed: int | None
    valid_bpc: float | None


class ReportSettings(TypedDict):
    """The settings that a result depends on."""

    characters: int
    resamples: int
    seed: int
    text: str
    text_sha256: str
    burn_in: int
    window: int
    blocks: int
    block: int
    passages: int
    longest: dict[str, float]
    shortest: float
    dead_below_sd: float
    saturated_above_share: float
    every_nth_unit: int
    network: NetworkFacts
    unknown: NotRequired[int]


class Report(TypedDict):
    """The whole file."""

    model: str
    sha256: str
    settings: ReportSettings
    units: list[UnitRow]
    curves: list[Curve]
    halves: NotRequired[list[HalfRow]]
    comparisons: list[Comparison]
    verdicts: list[Verdict]
