"""The live channel: a pure core in a thin socket shell."""
