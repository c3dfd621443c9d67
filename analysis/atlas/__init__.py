"""The named cells of a model: chosen on one half of a text, checked on the other."""
