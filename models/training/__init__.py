"""Training: a window of text with its gradient written out."""
