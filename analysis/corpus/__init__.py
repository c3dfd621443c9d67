"""A corpus: a text with the display values of every memory cell, stored for queries.

`index` reads a text with a network and writes the files, `corpus` opens them, `queries` searches
them. docs/reference/corpus-files.md describes the files.
"""
