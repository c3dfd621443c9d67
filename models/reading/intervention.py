"""Interventions: changes made to a memory while a text is read.

This file describes and checks them.

They act on the raw state right after it is computed at a step and before anything reads it, in the
order given; all that follows sees the changed value. `models.reading.plan` makes tensors of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Literal, TypeGuard, cast

MOST_INTERVENTIONS = 64
LAST_PLACE = 1 << 53
LARGEST_VALUE = 1e6
FIELDS = ("layer", "level", "state", "cells", "from", "to")

Operation = Literal["set", "scale", "add"]
OPERATIONS: tuple[Operation, ...] = ("set", "scale", "add")


class InterventionError(ValueError):
    """An intervention that cannot be made. The message is one sentence that says why."""


@dataclass(frozen=True)
class Intervention:
    """One change, checked against a network."""

    layer: int
    level: int | None  # None: h
    cells: tuple[int, ...] | None  # None: all
    operation: Operation
    value: float
    start: int
    stop: int | None  # exclusive; None: the end of the text

    def keys(self) -> dict[str, object]:
        """The intervention as JSON, without fields at their default."""
        asked: dict[str, object] = {"layer": self.layer}
        asked |= {"state": "h"} if self.level is None else {"level": self.level}
        if self.cells is not None:
            asked["cells"] = list(self.cells)
        asked[self.operation] = self.value
        asked |= {"from": self.start} if self.start else {}
        return asked | ({} if self.stop is None else {"to": self.stop})


Interventions = tuple[Intervention, ...]


def parse(asked: object, layers: int, levels: int, hidden: int) -> Interventions:
    """Parse plain JSON into interventions in a network.

    Args:
        asked: a list of `{"layer": l, "level": d, "state": "c"|"h", "cells": [..]|null,
            "set": x | "scale": x | "add": x, "from": a, "to": b|null}`.
        layers, hidden: the network's.
        levels: the levels of c of a layer; 0 where there is only h.

    Raises:
        InterventionError: names the first that cannot be made, and why.
    """
    if not isinstance(asked, list | tuple):
        raise InterventionError("interventions must be a list.")
    if len(asked) > MOST_INTERVENTIONS:
        raise InterventionError(
            f"At most {MOST_INTERVENTIONS} interventions are made, not {len(asked)}."
        )
    found = []
    for n, one in enumerate(asked):
        try:
            found.append(_one(one, layers, levels, hidden))
        except InterventionError as error:
            raise InterventionError(f"interventions[{n}]: {error}") from None
    return tuple(found)


def _one(asked: object, layers: int, levels: int, hidden: int) -> Intervention:
    if not isinstance(asked, Mapping):
        raise InterventionError("it must be an object.")
    operations = [name for name in OPERATIONS if name in asked]
    if len(operations) != 1:
        raise InterventionError("give exactly one of set, scale and add.")
    for name in asked:  # the first foreign one ends it, however many follow
        if name not in (*FIELDS, *OPERATIONS):
            raise InterventionError(
                f"{str(name)[:40]!r} is not a field; the fields are {', '.join(FIELDS)}, and set, "
                "scale or add."
            )
    layer = _index(asked.get("layer"), "layer", layers)
    state = asked.get("state", "c")
    if state not in ("c", "h"):
        raise InterventionError('`state` must be "c" or "h".')
    level = asked.get("level")
    if state == "h":
        if level is not None:
            raise InterventionError("h has no levels: leave `level` out.")
    elif not levels:
        raise InterventionError('this network keeps nothing but h: set `state` to "h".')
    else:
        level = _index(level, "level", levels)
    cells = asked.get("cells")
    if cells is not None:
        if not isinstance(cells, list | tuple | range) or not cells:
            raise InterventionError("`cells` must be a list of at least one cell, or null for all.")
        if len(cells) > hidden:  # before any entry is looked at: there may be half a million
            raise InterventionError(
                f"`cells` lists {len(cells):,} cells, a memory of this network has {hidden:,}: "
                "list each once, or null for all."
            )
        cells = tuple(_index(cell, "cells", hidden) for cell in cells)
        if len(set(cells)) < len(cells):
            raise InterventionError("`cells` holds a cell twice.")
    start, stop = asked.get("from", 0), asked.get("to")
    if not _is_place(start):
        raise InterventionError("`from` must be a whole number, 0 or more.")
    if stop is not None and (not _is_place(stop) or stop <= start):
        raise InterventionError("`to` must be a whole number above `from`, or null for the end.")
    value = asked[operations[0]]
    if not _is_number(value):
        raise InterventionError(f"`{operations[0]}` must be a number from -1,000,000 to 1,000,000.")
    return Intervention(layer, level, cells, operations[0], float(value), start, stop)


def _is_place(value: object) -> TypeGuard[int]:
    return _is_whole(value) and 0 <= value <= LAST_PLACE


def _is_number(value: object) -> TypeGuard[float]:
    number = isinstance(value, Real) and not isinstance(value, bool)
    return number and -LARGEST_VALUE <= cast(float, value) <= LARGEST_VALUE


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _index(value: object, name: str, size: int) -> int:
    if not _is_whole(value) or not 0 <= value < size:
        raise InterventionError(f"`{name}` must be from 0 to {size - 1}.")
    return int(value)
