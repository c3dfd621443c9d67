"""The paper's figure: a text in blocks, one per cell, each character coloured by its state."""
