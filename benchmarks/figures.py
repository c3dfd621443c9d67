"""Tools of all benchmarks: interleaved runs, their medians, a table, one line of JSON."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from analysis.corpus.__main__ import cores


def machine() -> dict[str, str | int]:
    """The machine and software that the figures come from."""
    return {
        "processor": _processor(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
        "cores": cores(),
        "threads": torch.get_num_threads(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    """The processor's name, where Linux has it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def interleaved(
    runs: Mapping[str, Callable[[], object]],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Seconds of each run, the median of `repeats`, interleaved so that a disturbance hits all."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            start = clock()
            run()
            seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns: the first to the left, numbers to the right, three digits that count."""
    lines = [list(head)] + [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    print(f"\n{title}")
    for line in lines:
        first, *rest = (
            cell.ljust(w) if k == 0 else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *rest]))


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def finish(name: str, figures: Mapping[str, float], ratios: Mapping[str, float]) -> None:
    """Print the line that programs read; ratios are ours over theirs in speed."""
    print()
    print(
        json.dumps(
            {
                "benchmark": name,
                "machine": machine(),
                "figures": {key: float(f"{value:.4g}") for key, value in figures.items()},
                "ratios": {key: float(f"{value:.4g}") for key, value in ratios.items()},
            }
        )
    )
