"""What a step of a layer costs, and so into how many chunks a known text is best cut.

The unit is a row: what one more text costs in a batch of many. What the matmuls cost in rows hardly
depends on the number of cells H, for they grow as H^2 as a row does; everything else hardly grows,
so that in rows it shrinks as 1 / H^2.

    python -m benchmarks.cost

measures the figures of `COSTS` on the machine at hand. Another machine's are other ones, but only
the ratios count, and a wrong one costs time, never a digit.
"""

from dataclasses import dataclass, replace

from models.kernels import Kind

WORTH = 0.8
"""The share of the time of reading one after another that chunks may take; then they give up."""

LEAST_CHUNK = 16
"""Characters of a chunk, at least: a small network's steps cost so little that it would want less
than one."""

ROWS_AT_A_TIME = 6
"""Numbers of chunks are multiples of this: so many rows the kernel takes at a time."""


@dataclass(frozen=True)
class Cost:
    """What a step costs besides its rows, all in rows."""

    overhead: float
    """Of a step of many rows."""

    alone: float
    """Of a step of a single row, all in all."""

    rest: float = 0.5 * 600**2
    """What is not a matmul, times H^2; part of both the others once `at` a number of cells."""

    def at(self, hidden: int) -> "Cost":
        """The cost for so many cells."""
        rest = self.rest / hidden**2
        return replace(self, overhead=self.overhead + rest, alone=self.alone + rest, rest=0.0)

    def chunks(self, n: int, memory: int) -> int:
        """The best number of chunks for n characters; 0 if one after another is as fast.

        Every chunk is read once, and `memory` characters of it, what it takes to forget, twice:
        (n / K + memory) steps of (overhead + K) rows are fewest at the root of their derivative.
        """
        ideal = (n * self.overhead / max(memory, 1)) ** 0.5
        wanted = min(max(1, round(ideal / ROWS_AT_A_TIME)), n // LEAST_CHUNK // ROWS_AT_A_TIME)
        chunks = wanted * ROWS_AT_A_TIME
        if not chunks:
            return 0
        rows = (n / chunks + memory) * (self.overhead + chunks)
        return chunks if rows < WORTH * n * self.alone else 0


COSTS: dict[Kind, Cost] = {
    "half": Cost(overhead=1.0, alone=2.2),
    "packed": Cost(overhead=2.0, alone=6.0),
    "plain": Cost(overhead=16.0, alone=6.0),
}
"""By how the weights are held (see `models.kernels.Matmul`), the matmuls alone."""
