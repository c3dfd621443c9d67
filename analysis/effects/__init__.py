"""What it costs a network to lose a memory, beside equally many random cells."""
