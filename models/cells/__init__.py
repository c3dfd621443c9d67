"""The cells a layer can be made of."""
