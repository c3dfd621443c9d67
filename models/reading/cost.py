"""The cost model of a layer's step: it decides into how many chunks a known text is cut.

The unit is a row: the cost of one more text in a batch of many. In rows, the cost of the matmuls
hardly depends on the number of cells H, because both grow as H^2. Everything else hardly grows, so
in rows it shrinks as 1 / H^2.

    python -m benchmarks.cost

measures the figures of `COSTS` on the machine at hand. Another machine has other figures, but only
their ratios count, and a wrong ratio costs time, never accuracy.
"""

from dataclasses import dataclass, replace

from models.kernels import Kind

WORTH = 0.8
"""Give up once chunked reading has cost this fraction of the estimated sequential time."""

LEAST_CHUNK = 16
"""The least characters of a chunk.

A small network's steps are so cheap that the optimum would be below one.
"""

ROWS_AT_A_TIME = 6
"""The number of chunks is a multiple of this: the rows that the kernel takes at a time."""


@dataclass(frozen=True)
class Cost:
    """The cost of a step beyond its rows, in rows."""

    overhead: float
    """The overhead of a step of many rows."""

    alone: float
    """The whole cost of a step of a single row."""

    rest: float = 0.5 * 600**2
    """The cost outside matmuls, times H^2; `at` adds it to both others for a number of cells."""

    def at(self, hidden: int) -> "Cost":
        """The cost for H cells."""
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
    "mkl": Cost(overhead=0.5, alone=10.0, rest=1.4 * 600**2),
    "plain": Cost(overhead=16.0, alone=6.0),
}
"""The cost of the matmuls alone, by the kind of weights (see `models.kernels.Matmul`)."""
