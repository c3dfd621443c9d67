"""Reading known text: exact and fast, without gradients."""
