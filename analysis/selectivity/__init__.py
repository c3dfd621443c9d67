"""Which cell is on where a text has a certain feature, how well does it tell, and is that chance?

docs/explanation/selectivity.md says how each number is found.
"""
