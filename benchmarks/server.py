"""A real server in a process of its own, on a free port of this machine, for as long as needed."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from benchmarks.networks import LETTERS, forgetful_model
from models import save_checkpoint

STARTED = 120  # seconds


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the time it took to start."""

    port: int
    pid: int
    seconds: float  # from the start of the process to its readiness

    @property
    def live(self) -> str:
        """The address of the live channel."""
        return f"ws://127.0.0.1:{self.port}/api/live"

    def busy(self) -> float:
        """Seconds that processors have worked for it and the processes it started (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        ticks = 0
        for pid in [str(self.pid), *children]:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """MB of memory it holds (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


@contextlib.contextmanager
def serving(checkpoints: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """`python -m app` with the models of a folder; stopped at the end, whatever happens."""
    environment = {
        **os.environ,
        "NESTSCOPE_CHECKPOINTS": str(checkpoints),
        "NESTSCOPE_HOST": "127.0.0.1",
        "NESTSCOPE_PORT": "0",
        **{f"NESTSCOPE_{key}": value for key, value in (settings or {}).items()},
    }
    with tempfile.NamedTemporaryFile("r+") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "app"], env=environment, stdout=log, stderr=log
        )
        try:
            port = _listening(process, Path(log.name))
            _ready(port)
            yield Server(port, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listening(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port it says it listens on."""
    for _ in range(STARTED * 100):
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text()):
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")


def _ready(port: int) -> None:
    """Wait until the models are loaded."""
    for _ in range(STARTED * 100):
        with contextlib.suppress(URLError, HTTPError), urlopen(f"http://127.0.0.1:{port}/readyz"):
            return
        time.sleep(0.01)
    raise SystemExit("the server did not get ready")


@contextlib.contextmanager
def checkpoints(hidden: int, pairs: int = 1) -> Iterator[Path]:
    """A folder with a Nested (`nested`) and a Stacked LSTM (`stacked`): random, float16.

    The second pair has other weights and is called `nested2` and `stacked2`.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, layers, depth, seed in [
            (f"{kind}{seed + 1 if seed else ''}", layers, depth, seed)
            for seed in range(pairs)
            for kind, layers, depth in (("nested", 1, 2), ("stacked", 2, 1))
        ]:
            model = forgetful_model(layers, depth, hidden, half=True, seed=seed)
            save_checkpoint(Path(folder) / f"{name}.safetensors", model, half=model.state_dict())
        yield Path(folder)


def sentence(count: int) -> str:
    """Some text of so many characters that the networks of `checkpoints` know."""
    words = "the memory of a cell is what it keeps of what was read "
    assert set(words) <= set("".join(LETTERS))
    return (words * (count // len(words) + 1))[:count]
