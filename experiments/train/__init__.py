"""Training: one loop, its settings, its start and its gradient."""
