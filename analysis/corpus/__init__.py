"""A corpus: a text with the display values of every memory cell stored, to be asked.

`index` reads a text with a network and writes the files, `corpus` opens them, `queries` ask them.
docs/reference/corpus-files.md describes the files.
"""
