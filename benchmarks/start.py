"""Benchmarks the start-up to the first ready answer against a bare `import torch`, interleaved.

With two networks of 8 cells there is nothing to load; with the shipped checkpoints, that is added.
"""

import argparse
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import finish, interleaved, table
from benchmarks.server import checkpoints, serving

SHIPPED = Path(__file__).parent.parent / "checkpoints"


def import_torch() -> None:
    """The lower bound for anything that uses torch."""
    subprocess.run([sys.executable, "-c", "import torch"], check=True)


def start(folder: Path) -> None:
    """Until the server is ready."""
    with serving(folder):
        pass


@contextlib.contextmanager
def folders() -> Iterator[dict[str, Path]]:
    """The folders of checkpoints by name."""
    with checkpoints(8) as small:
        yield {"server, nothing to load": small, "server, shipped models": SHIPPED}


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    with folders() as found:
        runs = {name: (lambda folder=folder: start(folder)) for name, folder in found.items()}
        seconds = interleaved({"import torch": import_torch, **runs}, options.repeats)
    bare = seconds["import torch"]
    table(
        "From the command to readiness, and what ending it takes",
        ["", "s", "of import torch"],
        [[name, value, value / bare] for name, value in seconds.items()],
    )
    finish(
        "start",
        {f"{name} s": value for name, value in seconds.items()},
        {name: bare / value for name, value in seconds.items() if name != "import torch"},
    )


if __name__ == "__main__":
    main()
