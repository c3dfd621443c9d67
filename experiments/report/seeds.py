"""Groups runs that differ only in their seed."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from experiments.report.result import Result
from experiments.train.settings import Settings


def by_seed(results: Iterable[Result]) -> list[list[Result]]:
    """The runs in groups that differ only in the seed, each sorted by seed.

    Raises:
        ValueError: two runs of a group have the same seed.
    """
    groups: dict[str, list[Result]] = {}
    for result in results:
        settings = asdict(Settings.recorded(result["settings"])) | {"seed": None}
        key = json.dumps([result["data"], settings], sort_keys=True)
        runs = groups.setdefault(key, [])
        for run in runs:
            if run["settings"]["seed"] == result["settings"]["seed"]:
                raise ValueError(
                    f"{run['name']} and {result['name']} have the same settings and seed"
                )
        runs.append(result)
    return [sorted(runs, key=lambda run: int(run["settings"]["seed"])) for runs in groups.values()]


def name_of(runs: list[Result]) -> str:
    """The run's name; for several seeds, without the seed suffix."""
    name = str(runs[0]["name"])
    return name if len(runs) == 1 else name.removesuffix(f"-{runs[0]['settings']['seed']}")
