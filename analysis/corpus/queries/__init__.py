"""The questions that can be asked of a corpus: one file each."""
