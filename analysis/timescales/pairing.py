"""Networks of several seeds, paired by their training seed; a seed counts once."""

from analysis.timescales.schema import Report
from analysis.timescales.verdicts.evidence import network


def rivals(nested: list[Report], stacked: list[Report]) -> list[tuple[Report, Report]]:
    """Each Nested report with each Stacked one of its seed.

    Raises:
        ValueError: as `by_seed`, or the rivals are of several kinds.
    """
    deep = [report for report in stacked if network(report)[0] > 1]
    _refuse_several("Stacked LSTMs", deep)
    return [(report, rival) for report, found in by_seed(nested, deep) for rival in found]


def by_seed(nested: list[Report], plain: list[Report]) -> list[tuple[Report, list[Report]]]:
    """Each Nested report with the plain ones of its seed.

    Raises:
        ValueError: a seed would count twice, the texts differ, or the Nested ones are of several
            kinds.
    """
    _refuse_several("Nested LSTMs", nested)
    if len({report["settings"]["text_sha256"] for report in nested + plain}) > 1:
        raise ValueError("the results are of different texts")
    found = set()
    for report in nested + plain:
        seed = seed_of(report)
        kind = network(report)
        if (kind, seed) in found:
            raise ValueError(
                f"two results of {kind[0]} layers of depth {kind[1]} have seed {seed}: a seed "
                "counts once"
            )
        found.add((kind, seed))
    return [(report, [p for p in plain if seed_of(p) == seed_of(report)]) for report in nested]


def _refuse_several(words: str, reports: list[Report]) -> None:
    """Refuse networks of several kinds: two of one seed would count as two seeds.

    Raises:
        ValueError: they differ in layers or depth.
    """
    kinds = sorted({network(report) for report in reports})
    if len(kinds) > 1:
        told = " and ".join(f"{layers} layers of depth {depth}" for layers, depth in kinds)
        raise ValueError(
            f"the {words} are of {len(kinds)} kinds, {told}, and a seed counts once: give one kind"
        )


def seed_of(report: Report) -> int:
    """The training seed.

    Raises:
        ValueError: it is not known.
    """
    seed = report["settings"]["network"]["seed"]
    if seed is None:
        raise ValueError(f"the training seed of {report['model']} is not known")
    return seed
