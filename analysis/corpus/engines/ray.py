"""Parts read by the workers of a Ray cluster (or of a local one, if none is running).

RAY_ADDRESS names the cluster. Ray is a package group of its own: requirements/install.sh ray.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from analysis.corpus.engines.engine import Engine
from analysis.corpus.parts import Done, Job, write_part

AHEAD = 2
"""Jobs that wait at the cluster for each that runs: a text and little else."""
TRIES = 3
"""A part whose machine is lost is read again by another one."""


class RayMissing(ValueError):
    """The package is not installed."""


def run(jobs: Iterable[Job], processes: int) -> Iterator[Done]:
    """One task a part; `processes` at once.

    Raises:
        RayMissing: with what to type.
    """
    try:
        import ray as cluster
    except ImportError:
        raise RayMissing(
            "--engine ray needs the package ray. Type: requirements/install.sh ray"
        ) from None
    import analysis
    import models

    started = not cluster.is_initialized()
    if started:
        # The workers get this code; everything else they need lies in the shared folders.
        cluster.init(
            runtime_env={"py_modules": [models, analysis]},
            configure_logging=False,
            log_to_driver=False,
        )
    task: Any = cluster.remote(num_cpus=1, max_retries=TRIES)(_write_part)
    waiting: list[Any] = []
    try:
        for job in jobs:
            waiting.append(task.remote(job))
            if len(waiting) >= AHEAD * processes:
                ended, waiting = cluster.wait(waiting)
                yield from cluster.get(ended)
        while waiting:
            ended, waiting = cluster.wait(waiting)
            yield from cluster.get(ended)
    finally:
        for reference in waiting:
            cluster.cancel(reference)
        if started:
            cluster.shutdown()


def _write_part(job: Job) -> Done:
    """`write_part` on one core of a worker."""
    import torch

    torch.set_num_threads(1)
    return write_part(job)


ENGINE = Engine("ray", "a Ray cluster", run)
