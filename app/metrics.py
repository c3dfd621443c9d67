"""What is counted for those who run the server; GET /metrics gives it to Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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
SESSIONS = Gauge("nestscope_sessions", "Visitors on the live channel", registry=REGISTRY)
MEMORY = Gauge("nestscope_memory_bytes", "Reserved for the states of texts", registry=REGISTRY)
MEMORY_LIMIT = Gauge("nestscope_memory_limit_bytes", "NESTSCOPE_MEMORY", registry=REGISTRY)
ANSWERS = Gauge("nestscope_answers_bytes", "Values of answers not read yet", registry=REGISTRY)
MODELS = Gauge("nestscope_models", "Models served", registry=REGISTRY)


def exposition() -> bytes:
    """Everything counted, in Prometheus' text format."""
    return generate_latest(REGISTRY)
