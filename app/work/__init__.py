"""Threads that work on what visitors ask by HTTP, behind those who type."""
