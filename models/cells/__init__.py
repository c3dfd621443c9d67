"""The cells that a layer can be made of: a file and an entry each."""

from models.cells.cell import Cell as Cell
from models.cells.gru import GRU
from models.cells.nested_lstm import NestedLSTM

CELLS: dict[str, type[Cell]] = {"lstm": NestedLSTM, "gru": GRU}
"""The cells by their name on a checkpoint's card.

An LSTM of depth 1 is torch's, a deeper one the paper's.
"""
