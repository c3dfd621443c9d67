"""A known text read in parallel, exactly: cut into chunks that are read as one batch.

A batch of rows costs little more than one, but where a chunk starts is known only when the one
before it has been read. So every chunk starts from a guess; then it starts again from where its
neighbour ended, and so on until every start is its neighbour's end (block Jacobi, or multiple
shooting). Three things make that fast:

- *Merging.* A network forgets: the second trajectory of a chunk soon meets the first (every value
  that is read agrees to `TOLERANCE`), and the rest of the chunk need not be read again.
- *The innermost cell is linear in itself.* c_t = f c_{t-1} + i g: given the gates, a start that is
  wrong by e is wrong by e times the product of the forget gates later on. So cells that forget
  slowly, or never, are put right along the chunk, and across all borders, without reading
  (`Chunks.shift`), as long as what is read of them, tanh(c), stays what it was.
- *An intervention* in the innermost cell changes what a step leaves of a difference there: nothing
  where it is set, `scale` times as much where it is scaled, as much where something is added. With
  that in the place of the forget gate the two rules above hold as they stand.
- A layer that keeps nothing but h (a GRU) has only the merging.
- What does not come to agree is left to the caller to read one character after another.

Axes here: n characters, K chunks of t characters, D levels, H cells.
"""

import torch
from torch import Tensor

from models.reading.cost import COSTS, WORTH
from models.reading.layer import Layer
from models.reading.plan import LayerScript
from models.states import Window

TOLERANCE = 2e-6
"""The largest difference in values read between two trajectories that count as one."""

EVERY = 8
"""Characters between two checks whether trajectories have merged."""

PATIENCE = 32
"""Characters before the next check of a chunk whose innermost cells could not be corrected."""


def read_chunks(
    layer: Layer,
    x: Tensor,
    h: Tensor,
    c: Tensor,
    chunks: int,
    gates: bool,
    changes: LayerScript | None = None,
) -> tuple[Window, int]:
    """Read a passage with one layer.

    Args:
        x: (n) symbols or (n, in), what the layer reads; n a multiple of `chunks`.
        h: (H), the hidden state before it.
        c: (D, H), the cells before it.
        gates: whether to keep the gates.
        changes: those of every character, n steps of one row; they must not enlarge differences.

    Returns:
        The passage (B = 1), and up to where it is correct: n, or the border from which it did not
        settle.
    """
    work = Chunks(layer, x, chunks, gates, changes)
    work.h0[:], work.c0[:] = h, c
    work.read()
    while len(unsettled := work.settle()):
        if not work.reread(unsettled):
            return work.window(), int(unsettled[0]) * work.length
    return work.window(), len(x)


class Chunks:
    """The trajectories of all chunks so far, and the initial state of each (`h0`, `c0`)."""

    def __init__(
        self, layer: Layer, x: Tensor, chunks: int, gates: bool, changes: LayerScript | None
    ) -> None:
        self.layer, self.changes = layer, changes
        self.ids = changes.ids.reshape(chunks, -1) if changes else None
        self.length = len(x) // chunks
        self.x = x.view(chunks, self.length, *x.shape[1:])
        H, D = layer.hidden, layer.memories
        # Values are projected by one large matmul; symbols are looked up step by step.
        values = layer.project(x) if x.is_floating_point() else None
        self.projected = values if values is None else values.view(chunks, self.length, -1)
        like = layer.project(x[:1])
        self.h = like.new_empty(chunks, self.length, H)
        self.c = like.new_empty(chunks, self.length, D, H)
        G = layer.width if gates else 0
        self.gates = like.new_empty(chunks, self.length, layer.depth, G)
        # For the innermost level: the share of a difference in its cells that a step keeps.
        self.forget = like.new_empty(chunks, self.length, H)
        self.h0 = like.new_empty(chunks, H)
        self.c0 = like.new_empty(chunks, D, H)
        self.wait = torch.zeros(chunks, dtype=torch.long)  # no check before this character
        self.cost = COSTS[layer.kind].at(H)
        self.budget = WORTH * len(x) * self.cost.alone  # rows

    def read(self) -> None:
        """Read all chunks from their starts, for the first time."""
        h, cells = self.h0, list(self.c0.unbind(1))
        gates = self.gates.unbind(2) if self.gates.shape[-1] else ()
        kept = (self.h, *self.c.unbind(2), *gates, self.forget)
        steps = zip(*(part.unbind(1) for part in kept), strict=True)
        self.budget -= self.length * (self.cost.overhead + len(h))
        for t, places in enumerate(steps):
            h, cells, now = self.step(slice(None), t, h, cells)
            for place, value in zip(places, now, strict=False):
                place.copy_(value)

    def reread(self, rows: Tensor) -> bool:
        """Read the chunks `rows` from their starts, each until it merges with its last trajectory.

        Returns:
            False if it was broken off, because chunks take too long to meet.
        """
        h, cells = self.h0[rows], list(self.c0[rows].unbind(1))
        gates = self.gates.unbind(2) if self.gates.shape[-1] else ()
        kept = (self.h, *self.c.unbind(2), *gates, self.forget)
        self.wait.zero_()
        at = _indices(rows)
        for t in range(self.length):
            self.budget -= self.cost.overhead + len(rows)
            if self.budget < 0:
                return False
            h, cells, now = self.step(at, t, h, cells)
            going = ~self.met(rows, t, h, cells) if t % EVERY == EVERY - 1 else None
            for part, value in zip(kept, now, strict=False):
                part[at, t] = value
            if going is not None and not bool(going.all()):
                rows, h, cells = rows[going], h[going], [c[going] for c in cells]
                if not len(rows):
                    break
                at = _indices(rows)
        return True

    def step(
        self, rows: slice | Tensor, t: int, h: Tensor, cells: list[Tensor]
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Read character t of the chunks `rows`.

        Returns:
            h, the cells, and what is kept: h, the cells, the gates if asked for, and of a layer
            with cells what it keeps of a difference in the innermost.
        """
        if self.projected is None:
            x = self.layer.project(self.x[rows, t])
        else:
            x = self.projected[rows, t]
        changes = None
        if self.changes and self.ids is not None:
            at = rows if isinstance(rows, slice) else rows.numpy()
            changes = self.changes.rows(self.ids[at, t])
        h, cells, gates = self.layer.step(x, h, cells, changes)
        kept = [h, *cells, *(gates if self.gates.shape[-1] else ())]
        if cells:
            forget = gates[-1][:, h.shape[1] : 2 * h.shape[1]]
            innermost = changes and changes.c[-1]
            kept.append(innermost.passed(forget) if innermost else forget)
        return h, cells, kept

    def met(self, rows: Tensor, t: int, h: Tensor, cells: list[Tensor]) -> Tensor:
        """The `rows` that agree with their last trajectory from t on, innermost cells corrected."""
        near = _near(h, self.h[rows, t]) & (self.wait[rows] <= t)
        if not cells or not bool(near.any()):
            return near
        old = self.c[rows, t]
        for d, c in enumerate(cells[:-1]):
            near &= _near(c, old[:, d])
        near &= _near(cells[-1].tanh(), old[:, -1].tanh())
        for row in near.nonzero().flatten().tolist():
            chunk = int(rows[row])
            near[row] = self.shift(chunk, t + 1, cells[-1][row] - old[row, -1])
            self.wait[chunk] = t + PATIENCE
        return near

    def shift(self, chunk: int, t: int, error: Tensor) -> bool:
        """Correct the innermost cells from t on, which were `error` (H) too low just before.

        Returns:
            False, with nothing changed, if the values read would change.
        """
        if t == self.length or float(error.abs().max()) <= TOLERANCE:
            return True
        c = self.c[chunk, t:, -1]
        moved = torch.addcmul(c, self.forget[chunk, t:].cumprod(0), error)
        if not float((moved.tanh() - c.tanh()).abs().max()) <= TOLERANCE:  # nor if it is NaN
            return False
        c.copy_(moved)
        return True

    def settle(self) -> Tensor:
        """Find the present start of every chunk, and correct what takes no reading.

        Returns:
            The chunks to read again.
        """
        h0 = torch.cat([self.h0[:1], self.h[:-1, -1]])
        if not self.layer.memories:
            near, self.h0 = _near(h0, self.h0), h0
            return (~near).nonzero().flatten()
        c0 = torch.cat([self.c0[:1], self.c[:-1, -1]])
        # A chunk whose own start is still wrong ends wrong, by that error times the product of
        # its forget gates: from border to border.
        passed = self.forget.prod(1)
        for k in range(1, len(c0)):
            c0[k, -1].addcmul_(passed[k - 1], c0[k - 1, -1] - self.c0[k - 1, -1])
        near = _near(h0, self.h0)
        for d in range(self.layer.memories - 1):
            near &= _near(c0[:, d], self.c0[:, d])
        for chunk in near.nonzero().flatten().tolist():
            near[chunk] = self.shift(chunk, 0, c0[chunk, -1] - self.c0[chunk, -1])
        self.h0, self.c0 = h0, c0
        return (~near).nonzero().flatten()

    def window(self) -> Window:
        """All chunks, one after another, as one text."""
        c, gates = self.c.flatten(0, 1), self.gates.flatten(0, 1)
        return Window(self.h.view(-1, 1, self.h.shape[-1]), c.unsqueeze(2), gates.unsqueeze(2))


def _near(a: Tensor, b: Tensor) -> Tensor:
    """(K, H) -> (K): whether rows agree."""
    return (a - b).abs().amax(1) <= TOLERANCE


def _indices(rows: Tensor) -> slice | Tensor:
    """Ascending `rows` as a slice if none is missing between them: then nothing is copied."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first == len(rows) - 1 else rows
