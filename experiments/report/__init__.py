"""The results of finished runs as tables, charts and words."""
