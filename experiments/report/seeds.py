"""Runs that differ in their seed alone belong together."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from experiments.report.result import Result
from experiments.train.settings import Settings


def by_seed(results: Iterable[Result]) -> list[list[Result]]:
    """The runs in groups that differ in their seed alone, each by seed.

    Raises:
        ValueError: two runs have the same seed too.
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
    """That of the run; of several, without the seed at its end."""
    name = str(runs[0]["name"])
    return name if len(runs) == 1 else name.removesuffix(f"-{runs[0]['settings']['seed']}")
