"""The reading layout of each cell."""

from collections.abc import Callable
from typing import Any

from models.cells import Cell
from models.cells.gru import GRU
from models.cells.nested_lstm import NestedLSTM
from models.reading.gru import GRULayer
from models.reading.layer import Layer, SteppedLayer
from models.reading.nested_lstm import NestedLSTMLayer

LAYERS: dict[type[Cell], Callable[[Any, bool], Layer]] = {
    NestedLSTM: NestedLSTMLayer,
    GRU: GRULayer,
}
"""The cells with a reading layout; any other cell is read by its `step`."""


def layer_of(cell: Cell, first: bool) -> Layer:
    """The layer ready to read.

    Args:
        first: whether it reads the network's input, not another layer.
    """
    layout = LAYERS.get(type(cell))
    return layout(cell, first) if layout else SteppedLayer(cell)
