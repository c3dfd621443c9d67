"""The cost to a network of losing a memory, against equally many random cells."""
