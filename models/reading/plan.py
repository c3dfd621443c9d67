"""Interventions as tensors: for a network a `Plan`, for one reading of a batch a `Script`.

A plan cuts the text into stretches, in each of which one and the same is changed. A script lays the
plans of a batch's rows along the steps: rows with and without, each at a place of its own.

Axes: B batch, T time, L layer, D level, H cell.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cells.change import Change, Changes
from models.reading.intervention import Intervention, Interventions
from models.states import State


class Plan:
    """Interventions as tensors, for one network; the changes differ from each of `borders` on."""

    def __init__(self, interventions: Interventions, like: Tensor, levels: int, layers: int):
        """like: a tensor of the network's type and device whose last dimension is H."""
        ends = {i.stop for i in interventions if i.stop is not None}
        self.borders = sorted({i.start for i in interventions} | ends)
        self.stretches: list[list[Changes | None]] = [[None] * layers]
        for border in self.borders:
            held = [i for i in interventions if _holds(i, border)]
            self.stretches.append([_changes(held, l, like, levels) for l in range(layers)])
        self.settles = all(
            change.scale is None or bool((change.scale.abs() <= 1).all())
            for stretch in self.stretches
            for changes in stretch
            if changes
            for change in (*changes.c, changes.h)
            if change
        )
        """True if no change enlarges a difference between two states.

        Only then may a text be read in chunks, which are taken to agree when they nearly do.
        """

    @classmethod
    def holding(cls, masks: State, values: State, start: int, stop: int | None) -> "Plan":
        """Hold cells, each at its own value.

        Args:
            masks: the cells, (1, L, H) of h and (1, L, D, H) of c, bool.
            values: their values, of the same shapes.
            start: the first character.
            stop: the first character after it; None: to the end.
        """
        plan = cls.__new__(cls)
        plan.borders = [start] if stop is None else [start, stop]

        def change(held: Tensor, value: Tensor) -> Change | None:
            return Change(value, None, held) if bool(held.any()) else None

        held: list[Changes | None] = [
            Changes(
                tuple(change(masks.c[:, l, d], values.c[:, l, d]) for d in range(masks.c.shape[2])),
                change(masks.h[:, l], values.h[:, l]),
            )
            for l in range(masks.h.shape[1])
        ]
        untouched: list[Changes | None] = [None] * len(held)
        plan.stretches = [untouched, held] if stop is None else [untouched, held, untouched]
        plan.settles = True
        return plan

    def stretch(self, position: int) -> int:
        """The index in `stretches` that applies at a character."""
        return bisect_right(self.borders, position)

    def is_idle(self, start: int, stop: int) -> bool:
        """Return whether nothing is changed from `start` to `stop` - 1."""
        stretches = self.stretches[self.stretch(start) : self.stretch(stop - 1) + 1]
        return not any(any(stretch) for stretch in stretches)


def _holds(intervention: Intervention, position: int) -> bool:
    started = intervention.start <= position
    return started and (intervention.stop is None or position < intervention.stop)


def _changes(held: list[Intervention], layer: int, like: Tensor, levels: int) -> Changes | None:
    """Every change in a layer at one step."""
    own = [i for i in held if i.layer == layer]
    if not own:
        return None
    c = tuple(_composed([i for i in own if i.level == d], like) for d in range(levels))
    return Changes(c, _composed([i for i in own if i.level is None], like))


def _composed(own: list[Intervention], like: Tensor) -> Change | None:
    """Interventions in one memory, one after another, as one change (1, H)."""
    if not own:
        return None
    H = like.shape[-1]
    scale, held = np.ones(H), np.zeros(H, bool)
    add = np.full(H, -0.0)  # x + -0.0 is x to the bit, whatever the sign of a zero
    largest = float(torch.finfo(like.dtype).max)
    for one in own:
        at = slice(None) if one.cells is None else list(one.cells)
        if one.operation == "set":
            scale[at], add[at], held[at] = 0, one.value, True
        elif one.operation == "scale":
            # Finite however many there are: what is zero stays zero.
            scale[at] = (scale[at] * one.value).clip(-largest, largest)
            add[at] = (add[at] * one.value).clip(-largest, largest)
        elif one.value:
            add[at] += one.value
    moves = not ((scale == 1) & (add == 0) | held).all() or not held.any()
    return Change(
        torch.from_numpy(add).to(like)[None],
        torch.from_numpy(scale).to(like)[None] if moves else None,
        torch.from_numpy(held).to(like.device)[None] if held.any() else None,
    )


class Under(NamedTuple):
    """The interventions that a row is read under."""

    plan: Plan
    start: int  # the place of its first character in the text


class LayerScript:
    """The changes of one layer, step by step."""

    def __init__(self, ids: NDArray[np.int64], parts: list[Changes | None]) -> None:
        """The script of a layer.

        Args:
            ids: (T, B), the index in `parts` for a row at a step.
            parts: the layer's changes in every stretch of every plan, of 1 row each.
        """
        self.ids, self._parts = ids, parts
        self._last: bytes | None = None
        self._now: Changes | None = None

    def __iter__(self) -> Iterator[Changes | None]:
        if self.ids.size == 1:  # a character typed
            return iter((self._parts[self.ids.item()],))
        return (self.rows(ids) for ids in self.ids)

    def later(self, steps: int) -> "LayerScript":
        """The same from a later step on."""
        return LayerScript(self.ids[steps:], self._parts)

    def rows(self, ids: NDArray[np.int64]) -> Changes | None:
        """The changes of rows with these part indices, ids (B)."""
        if (key := ids.tobytes()) != self._last:
            self._last, self._now = key, self._gathered(ids)
        return self._now

    def _gathered(self, ids: NDArray[np.int64]) -> Changes | None:
        if (ids == ids[0]).all():
            return self._parts[int(ids[0])]
        kinds = [self._parts[k] for k in dict.fromkeys(ids.tolist())]
        some = next((changes for changes in kinds if changes), None)
        if some is None:
            return None
        levels = range(len(some.c))
        c = tuple(_beside([p and p.c[d] for p in self._parts], ids) for d in levels)
        return Changes(c, _beside([p and p.h for p in self._parts], ids))


def _beside(parts: Sequence[Change | None], ids: NDArray[np.int64]) -> Change | None:
    """The changes of rows that differ: (B, H), none where a row has none."""
    some = next((parts[k] for k in ids if parts[k]), None)
    if some is None:
        return None
    none = Change(torch.full_like(some.add, -0.0), None, None)
    full = [(parts[k] or none).filled() for k in ids]
    return Change(*(torch.cat(part) for part in zip(*full, strict=True)))


_FIRST = np.zeros((1, 1), np.int64)


class Script:
    """The changes of a batch, along the steps of one reading."""

    def __init__(self, rows: Sequence[Under | None], steps: int) -> None:
        layers = next(len(row.plan.stretches[0]) for row in rows if row)
        self._parts: list[list[Changes | None]] = [[None] * layers]
        self._numbers: dict[tuple[int, int], int] = {}
        self.ids = np.zeros((steps, len(rows)), np.int64)
        for b, row in enumerate(rows):
            if row is None:
                continue
            first, last = row.plan.stretch(row.start), row.plan.stretch(row.start + steps - 1)
            for stretch in range(first, last + 1):
                begin = row.plan.borders[stretch - 1] - row.start if stretch > first else 0
                self.ids[begin:, b] = self._number(row.plan, stretch)

    @classmethod
    def of_one(cls, part: list[Changes | None]) -> "Script":
        """The changes of one row at one step, as for a typed character; there is no time axis."""
        one = cls.__new__(cls)
        one._parts, one.ids = [part], _FIRST
        return one

    def _number(self, plan: Plan, stretch: int) -> int:
        """The index of a plan's stretch among the parts; 0 if nothing changes in it."""
        part = plan.stretches[stretch]
        if not any(part):
            return 0
        number = self._numbers.setdefault((id(plan), stretch), len(self._parts))
        if number == len(self._parts):
            self._parts.append(part)
        return number

    def layer(self, l: int) -> LayerScript | None:
        """The changes of a layer; None if there are none."""
        parts = [part[l] for part in self._parts]
        return LayerScript(self.ids, parts) if any(parts) else None


def script(rows: Sequence[Under | None] | None, steps: int) -> Script | None:
    """The changes of a batch over so many steps; None if there are none.

    Args:
        rows: the interventions of each row; None for a row, or for all rows, without any.
    """
    if not rows or not steps:
        return None
    if len(rows) == steps == 1:
        row = rows[0]
        part = row.plan.stretches[row.plan.stretch(row.start)] if row else []
        return Script.of_one(part) if any(part) else None
    busy = [
        row if row and not row.plan.is_idle(row.start, row.start + steps) else None for row in rows
    ]
    return Script(busy, steps) if any(busy) else None
