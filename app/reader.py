"""Reads for all sessions of one model, in a thread of its own, together.

Everyone with a character waiting is a row of one batch and advances by one product; rows join and
leave between steps (cellular batching). A batch runs as many steps at a time as its shortest row
has left, and no longer than SLICE: that is how long a typist waits behind a long paste.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from app.columns import as_bytes, columns
from app.track import Piece, Reading
from models.engine import Engine
from models.rnn import State

LOG = logging.getLogger("nestscope")

SLICE = 0.004
"""Seconds."""
MOST_ROWS = 64

Deliver = Callable[[Piece, Reading | None], None]


@dataclass(eq=False)
class Row:
    """A piece on its way through the network."""

    piece: Piece
    deliver: Deliver
    state: State
    read: int = 0
    parts: list[Reading] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Characters still to read."""
        return min(len(self.piece.symbols), self.piece.cut - self.piece.start) - self.read

    def finish(self) -> Reading | None:
        """What became of the piece; None if nothing of it is wanted any more."""
        if not self.parts or not self.piece.wanted:
            return None
        if len(self.parts) == 1:
            return self.parts[0]
        return Reading(
            np.concatenate([part.h for part in self.parts]),
            np.concatenate([part.c for part in self.parts]),
            np.concatenate([part.columns for part in self.parts]),
        )


class Reader:
    """See the module. `deliver` is called from the reader's thread."""

    def __init__(self, name: str, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Row] = deque()
        self._wake = threading.Condition()
        self._open = True
        self._step = 1e-3  # seconds, of one step of the last batch
        self._thread = threading.Thread(target=self._run, name=f"read {name}", daemon=True)
        self._thread.start()

    def read(self, piece: Piece, deliver: Deliver) -> None:
        """Read a piece as soon as there is room, then hand it to `deliver`."""
        state = State(
            torch.from_numpy(piece.before.h).unsqueeze(0),
            torch.from_numpy(piece.before.c).unsqueeze(0),
        )
        with self._wake:
            self._waiting.append(Row(piece, deliver, state))
            self._wake.notify()

    def close(self) -> None:
        """Stop after the step under way."""
        with self._wake:
            self._open = False
            self._wake.notify()

    def _run(self) -> None:
        torch.set_num_threads(1)
        rows: list[Row] = []
        while True:
            with self._wake:
                while self._open and not rows and not self._waiting:
                    self._wake.wait()
                if not self._open:
                    return
                while self._waiting and len(rows) < MOST_ROWS:
                    rows.append(self._waiting.popleft())
            rows = [row for row in rows if self._goes_on(row)]
            if rows:
                try:
                    self._advance(rows)
                except Exception:
                    LOG.exception("a batch could not be read")
                    for row in rows:
                        row.piece.cut = row.piece.start
            rows = [row for row in rows if self._goes_on(row)]

    @staticmethod
    def _goes_on(row: Row) -> bool:
        """Whether the row has characters left; delivers it if not."""
        if row.left > 0:
            return True
        row.deliver(row.piece, row.finish())
        return False

    @torch.inference_mode()
    def _advance(self, rows: list[Row]) -> None:
        """Read on, all rows by as many characters as the shortest has left, within a slice."""
        # `left` may sink meanwhile, by an edit: it is asked once.
        steps = min([max(1, int(SLICE / self._step)), *(max(1, row.left) for row in rows)])
        started = time.perf_counter()
        symbols = torch.from_numpy(
            np.stack([row.piece.symbols[row.read : row.read + steps] for row in rows])
        ).long()
        state = State(
            torch.cat([row.state.h for row in rows]), torch.cat([row.state.c for row in rows])
        )
        internals, end = self._engine.read(symbols, state)
        shown = as_bytes(columns(internals.h, internals.c)).numpy()
        h, c = internals.h.contiguous().numpy(), internals.c.contiguous().numpy()
        for b, row in enumerate(rows):
            row.parts.append(Reading(h[b], c[b], shown[b]))
            row.state = State(end.h[b : b + 1], end.c[b : b + 1])
            row.read += steps
        self._step = (time.perf_counter() - started) / steps
