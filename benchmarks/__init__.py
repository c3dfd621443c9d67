"""Benchmarks against eager PyTorch, torch.nn.LSTM and the bare matmuls."""
