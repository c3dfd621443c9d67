"""The server's messages on the live channel (docs/reference/protocol.md), as text or frames."""

from typing import Any

import torch

from app.frames import compact, finite, frame
from app.live.gates import CellGates, Stretch
from app.live.inspection import Inspection
from app.live.messages import PROTOCOL
from app.live.panel import ShownPanel
from app.live.segment import Snapshot
from models.checkpoint import Model


def hello(max_text: int, max_message: int) -> str:
    """The server's first message."""
    return compact(
        {"type": "hello", "protocol": PROTOCOL, "max_text": max_text, "max_message": max_message}
    )


def columns_frame(shown: ShownPanel, panel: int, which: range, revision: int, view: int) -> bytes:
    """Columns of a panel, the `panel`th on the page."""
    about: dict[str, Any] = {
        "revision": revision,
        "view": view,
        "panel": panel,
        "start": which.start,
        "length": len(shown.transcript),
    }
    if unknown := shown.transcript.unknown(which.start, which.stop):
        about["unknown"] = unknown
    return frame(about, shown.transcript.columns(which.start, which.stop, shown.cells))


def gates_frame(gates: CellGates, stretch: Stretch, revision: int) -> bytes:
    """Gates of a cell, and its state before them."""
    about: dict[str, Any] = {
        "request": gates.request,
        "revision": revision,
        "panel": gates.panel,
        "start": stretch.start,
        "stop": stretch.start + len(stretch.gates),
        "before": finite({"h": stretch.before.h.tolist(), "c": stretch.before.c.tolist()}),
    }
    return frame(about, stretch.gates)


def answer(inspection: Inspection, panels: list[ShownPanel], revision: int) -> str:
    """The values or the logits after a character, of every panel; of none where there are none.

    Args:
        panels: those whose states were found.
    """
    asked, told = inspection.asked, []
    for shown in panels:
        snapshot = inspection.snapshots[shown.key]
        if asked.type == "inspect":
            values = snapshot.columns()
            cells = shown.cells
            told.append((values if cells is None else values[:, cells]).tolist())
        else:
            told.append(logits(shown.loaded.model, snapshot))
    return compact(
        {
            "type": "values" if asked.type == "inspect" else "predictions",
            "request": asked.request,
            "revision": revision,
            "position": asked.position,
            "panels": finite(told),
        }
    )


def logits(model: Model, snapshot: Snapshot) -> list[float]:
    """The logits after that state, one number a symbol."""
    with torch.inference_mode():
        found: list[float] = model.head(torch.from_numpy(snapshot.h[-1])).tolist()
    return found
