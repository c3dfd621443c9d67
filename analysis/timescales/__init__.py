"""How long every memory lasts: five measures, their statistics, and two verdicts.

`python -m analysis.timescales --help`; what a measure can and cannot say is in
docs/explanation/timescales.md. Nothing is imported here: a server that only asks how long a text
must be does not wait for scipy.
"""
