"""Ranks cells by how well they tell a feature of a text, and tests that against chance.

docs/explanation/selectivity.md says how each number is found.
"""
