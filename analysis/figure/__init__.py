"""The paper's figure: one text in blocks, a block a cell, each character on that cell's state."""
