"""The training tasks: data sets as batches and scores."""
