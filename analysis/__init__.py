"""What the cells do, measured."""
