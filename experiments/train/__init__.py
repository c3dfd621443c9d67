"""Training: one loop, its settings, its initialisation and its gradient."""
