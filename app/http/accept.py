"""Reads an `Accept` header: which of the types on offer is wanted (RFC 9110, 12.5.1)."""

import re


def prefers(header: str | None, offered: list[str]) -> str | None:
    """The type of `offered` that `header` rates highest; the earlier one on a tie.

    Returns None if it wants none of them. No header, or an empty one, means that all are welcome.
    """
    if not header or not header.strip():
        return offered[0]
    rated = [_rate(part) for part in header.split(",") if part.strip()]
    best, best_quality = None, 0.0
    for kind in offered:
        quality = _quality(kind, rated)
        if quality > best_quality:
            best, best_quality = kind, quality
    return best


def _rate(part: str) -> tuple[str, float]:
    """`text/html;q=0.5` -> ("text/html", 0.5); what is no number counts as 1."""
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            quality = min(1.0, float(value)) if re.fullmatch(r"\d(\.\d*)?", value) else 1.0
    return kind, quality


def _quality(kind: str, rated: list[tuple[str, float]]) -> float:
    """The rating of `kind` by the most specific range that covers it."""
    for pattern in (kind, kind.split("/")[0] + "/*", "*/*"):
        for found, quality in rated:
            if found == pattern:
                return quality
    return 0.0
