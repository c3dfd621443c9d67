"""HTTP: one file a resource, and what every request passes."""
