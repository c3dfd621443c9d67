"""What a network is trained on, as batches and scores."""
