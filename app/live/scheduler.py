"""Reads for all sessions of one model, in threads: for typists, for long texts, and for gates.

In the typists' lane everyone with a character waiting is a row of one batch and advances by one
matmul; rows join and leave between steps (cellular batching). A batch runs as many steps at a time
as its shortest row has left, and no longer than SLICE: that is how long a newcomer waits. Long
texts are read by the engine in spans, in turn, while no typist of any model is being read
(`app.live.precedence`); so are the gates of a cell, from kept states (`app.live.gates`).
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch

from app.live.gates import Replay, side_by_side
from app.live.precedence import Precedence
from app.live.segment import Bytes, Floats, Segment, SegmentResult
from app.live.transcript import STRIDE
from app.metrics import BATCH
from app.weights import Loaded
from app.work.background import stand_back
from models.memories import as_bytes, columns
from models.reading.engine import Engine
from models.reading.plan import Under
from models.states import Internals, State
from models.vocabulary import UNKNOWN

LOG = logging.getLogger("nestscope")

SLICE = 0.004
"""Seconds."""
MOST_ROWS = 64
LONG = 512
"""Characters from which on a segment is read in spans."""
SPAN = 2048
"""Characters of a span: what is read for nothing when an edit comes meanwhile."""

IDLE = 10.0
"""Seconds without a row after which a lane's thread ends."""

Deliver = Callable[[Segment, SegmentResult | None], None]
"""Takes a part of what was read of a segment; None when it could not be read."""


@dataclass(eq=False)
class Row:
    """A segment on its way through the network."""

    segment: Segment
    deliver: Deliver
    state: State
    read: int = 0
    spans: Iterator[tuple[Internals, State]] | None = None
    overflowed: bool = False

    @property
    def left(self) -> int:
        """Characters still to read; an edit lowers it while the row is on its way."""
        return 0 if self.overflowed else self.segment.cut - self.segment.start - self.read

    def take(self, h: Floats, c: Floats, shown: Bytes) -> None:
        """Hand on what was read: h (T, L, H), c (T, L, D, H), bytes (T, M, H)."""
        wanted = h[: max(0, self.left)]  # an edit may have cut off the rest meanwhile
        if len(wanted) and np.isnan(wanted[-1]).any():  # no value says anything: 0 would be shown
            LOG.warning("a text could not be read: the model overflows on it")
            self.overflowed = True
            self.deliver(self.segment, None)
            return
        start = self.segment.start + self.read
        self.read += len(shown)
        self.deliver(self.segment, SegmentResult(start, h, c, shown))

    def show(self, gates: Floats) -> None:
        """Hand on the gates (T, L, D, G) of a replay, the whole of it."""
        self.read += len(gates)
        none = np.empty(0, np.float32)
        result = SegmentResult(self.segment.start, none, none, np.empty(0, np.int8), gates)
        self.deliver(self.segment, result)


class Lane:
    """A thread that advances rows, `most` at a time, in turn, until each is done.

    One in the background stands back behind the others. Without rows the thread ends after a while:
    there may be thousands of models.
    """

    def __init__(
        self, name: str, advance: Callable[[list[Row]], None], most: int, background: bool
    ) -> None:
        self._name, self._advance, self._most = name, advance, most
        self._background = background
        self._rows: deque[Row] = deque()
        self._wake = threading.Condition()
        self._open = True
        self._thread: threading.Thread | None = None

    def add(self, row: Row) -> None:
        """Let a row join as soon as there is room."""
        with self._wake:
            self._rows.append(row)
            if self._thread is None and self._open:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._wake.notify()

    def close(self) -> None:
        """Stop after the step under way."""
        with self._wake:
            self._open = False
            self._wake.notify()
            thread = self._thread
        if thread:
            thread.join()

    def _run(self) -> None:
        torch.set_num_threads(1)
        if self._background:
            stand_back()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._rows or not self._open, IDLE)
                if not self._rows or not self._open:
                    self._thread = None
                    return
                rows = [self._rows.popleft() for _ in range(min(self._most, len(self._rows)))]
            rows = [row for row in rows if row.left > 0]
            if not rows:
                continue
            try:
                self._advance(rows)
            except Exception:
                LOG.exception("a text could not be read")
                for row in rows:
                    row.deliver(row.segment, None)
                continue
            with self._wake:
                self._rows.extend(row for row in rows if row.left > 0)


class Advance:
    """One network that rows go through. It knows no lane: with the last of them it goes, too."""

    def __init__(self, engine: Engine, precedence: Precedence | None = None) -> None:
        self._engine = engine
        self._precedence = precedence or Precedence()
        self._patient = engine.paced(self._precedence.giving_way())  # in_spans
        self._beside = engine.paced(self._precedence.giving_way())  # side_by_side
        self._step = 1e-3  # seconds, of one step of the last batch

    @torch.inference_mode()
    def together(self, rows: list[Row]) -> None:
        """Read on, all rows by as many characters as the shortest has left, within a slice."""
        # `left` may sink meanwhile, by an edit, but not below what is already read of the row.
        steps = min([max(1, int(SLICE / self._step)), *(max(1, row.left) for row in rows)])
        BATCH.observe(len(rows))
        with self._precedence.batch():
            self._read(rows, steps)

    def _read(self, rows: list[Row], steps: int) -> None:
        """So many steps of all rows, handed on."""
        started = time.perf_counter()
        ahead = [row.segment.symbols[row.read : row.read + steps] for row in rows]
        symbols = torch.from_numpy(np.stack(ahead)).long()
        state = State(
            torch.cat([row.state.h for row in rows]), torch.cat([row.state.c for row in rows])
        )
        under = [self._under(row) for row in rows]
        internals, end = self._engine.read(symbols, state, gates=False, under=under)
        shown = as_bytes(columns(internals.h, internals.c)).numpy()
        h, c = internals.h.numpy(), internals.c.numpy()
        for b, row in enumerate(rows):
            row.state = State(end.h[b : b + 1], end.c[b : b + 1])
            row.take(h[b], c[b], shown[b])
        self._step = (time.perf_counter() - started) / steps

    @torch.inference_mode()
    def in_spans(self, rows: list[Row]) -> None:
        """Read one more span of a long text. This is the one place where long texts are read."""
        (row,) = rows
        if row.spans is None:
            symbols = torch.from_numpy(row.segment.symbols).long()
            row.spans = self._patient.read_long(
                symbols, row.state, gates=False, span=SPAN, under=self._under(row)
            )
        internals, _ = next(row.spans)
        h, c = internals.h[0], internals.c[0]
        row.take(h.numpy(), c.numpy(), as_bytes(columns(h, c)).numpy())

    @torch.inference_mode()
    def side_by_side(self, rows: list[Row]) -> None:
        """Read a stretch again, from many kept states at once, for the gates of one cell."""
        (row,) = rows
        replay = row.segment
        assert isinstance(replay, Replay)
        symbols = torch.from_numpy(side_by_side(replay.symbols, replay.rows, UNKNOWN))
        under = None
        if made := replay.interventions:
            plan = self._engine.plan(made)
            under = [Under(plan, replay.start + b * STRIDE) for b in range(replay.rows)]
        internals, _ = self._beside.read(symbols, row.state, gates=True, under=under)
        gates = internals.gates[..., replay.cell].flatten(0, 1)[: len(replay.symbols)]
        row.show(gates.contiguous().numpy())

    def _under(self, row: Row) -> Under | None:
        """The interventions that the next character of a row is read under."""
        made = row.segment.interventions
        return Under(self._engine.plan(made), row.segment.start + row.read) if made else None


class Scheduler:
    """See the module. `deliver` is called from a thread of the scheduler, with part after part."""

    def __init__(self, name: str, engine: Engine, precedence: Precedence) -> None:
        advance = Advance(engine, precedence)
        self._typists = Lane(f"typists {name}", advance.together, MOST_ROWS, background=False)
        self._long = Lane(f"long {name}", advance.in_spans, 1, background=True)
        self._gates = Lane(f"gates {name}", advance.side_by_side, 1, background=True)

    def read(self, segment: Segment, deliver: Deliver) -> None:
        """Read a segment as soon as there is room, and hand its parts to `deliver`."""
        if isinstance(segment, Replay):
            h, c = torch.from_numpy(segment.before.h), torch.from_numpy(segment.before.c)
            self._gates.add(Row(segment, deliver, State(h, c)))
            return
        row = Row(segment, deliver, segment.before.state())
        (self._long if len(segment.symbols) > LONG else self._typists).add(row)

    def close(self) -> None:
        """Stop."""
        self._typists.close()
        self._long.close()
        self._gates.close()


class Schedulers:
    """The schedulers of the models in memory, each made when its model is first read."""

    def __init__(self) -> None:
        self._schedulers: WeakKeyDictionary[Loaded, Scheduler] = WeakKeyDictionary()
        self._precedence = Precedence()

    def of(self, loaded: Loaded) -> Scheduler:
        """The scheduler of a model."""
        if loaded not in self._schedulers:
            self._schedulers[loaded] = Scheduler(loaded.name, loaded.engine, self._precedence)
        return self._schedulers[loaded]

    def close(self) -> None:
        """Stop them all."""
        for scheduler in list(self._schedulers.values()):
            scheduler.close()
