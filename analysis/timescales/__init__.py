"""Timescales of every memory: the measures, their statistics, and two verdicts.

See `python -m analysis.timescales --help`, and docs/explanation/timescales.md for what a measure
can and cannot say. Nothing is imported here, so a server that only needs the least length of a text
does not wait for scipy.
"""
