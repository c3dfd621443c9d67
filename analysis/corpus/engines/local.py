"""Parts read by processes of this machine."""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

import torch

from analysis.corpus.engines.engine import Engine
from analysis.corpus.parts import Done, Job, write_part


def run(jobs: Iterable[Job], processes: int) -> Iterator[Done]:
    """Run the jobs in this process, or in a pool that gets the next job when one is done."""
    if processes == 1:
        yield from map(write_part, jobs)
        return
    # Spawned: torch's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, context, initializer=torch.set_num_threads, initargs=(1,))
    waiting: set[Future[Done]] = set()
    try:
        for job in jobs:
            waiting.add(pool.submit(write_part, job))
            if len(waiting) > processes:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ended)
        for future in waiting:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


ENGINE = Engine("local", "processes of this machine", run)
