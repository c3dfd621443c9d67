"""The paper's experiments: data sets, one training loop, results."""
