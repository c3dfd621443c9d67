"""Measurements of what memory cells do."""
