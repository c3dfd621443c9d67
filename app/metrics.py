"""The counts for those who run the server; GET /metrics gives them to Prometheus.

Where several processes serve (`app.workers`), each counts in files of its own, and whichever is
asked adds them up. Gauges are those of the processes that live.
"""

import contextlib
import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

REGISTRY = CollectorRegistry()

KEYSTROKE = Histogram(
    "nestscope_keystroke_seconds",
    "From an edit to the first columns sent after it",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=REGISTRY,
)
BATCH = Histogram(
    "nestscope_batch_rows",
    "Visitors read together in one step",
    buckets=(1, 2, 4, 8, 16, 32, 64),
    registry=REGISTRY,
)
REFUSALS = Counter(
    "nestscope_refusals", "Refused requests and messages", ["code"], registry=REGISTRY
)
EVICTIONS = Counter(
    "nestscope_evictions", "Times a text gave its memory to another", registry=REGISTRY
)
SESSIONS = Gauge(
    "nestscope_sessions",
    "Visitors on the live channel",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
MEMORY = Gauge(
    "nestscope_memory_bytes",
    "Reserved for the states of texts",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
MEMORY_LIMIT = Gauge(
    "nestscope_memory_limit_bytes",
    "NESTSCOPE_MEMORY",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
ANSWERS = Gauge(
    "nestscope_answers_bytes",
    "Values of answers not read yet",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
MODELS = Gauge("nestscope_models", "Models served", registry=REGISTRY, multiprocess_mode="livemax")
WORKERS = Gauge(
    "nestscope_workers", "Processes that serve", registry=REGISTRY, multiprocess_mode="livesum"
)


def exposition() -> bytes:
    """Everything counted, of all processes, in Prometheus' text format."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return generate_latest(REGISTRY)
    for pid in {int(file.stem.rpartition("_")[2]) for file in Path(folder).glob("gauge_live*.db")}:
        if not _lives(pid):
            with contextlib.suppress(FileNotFoundError):  # another process was asked as well
                mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
