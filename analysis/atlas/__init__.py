"""The named cells of a model: found on one half of a text, checked on the other."""
