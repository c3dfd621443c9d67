"""The contract of an engine: it maps `write_part` over jobs, on one machine or on many.

An engine is one file beside this one and one entry in `analysis.corpus.engines.ENGINES`. Parts are
independent: each job brings its text with the warm-up that leads in. So an engine may run them in
any order, on any machine that reaches the checkpoint and the corpus's folder by the same paths. It
holds only a few jobs at a time, since a text may be longer than the memory.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from analysis.corpus.parts import Done, Job


@dataclass(frozen=True)
class Engine:
    """One way of running jobs."""

    key: str  # as --engine names it
    label: str  # where the parts are read, in words
    run: Callable[[Iterable[Job], int], Iterator[Done]]
    """Jobs, and how many at once -> what was done, in any order. Ends all work when closed."""
