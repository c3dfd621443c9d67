"""The optimizer of a training, its clipped step, and the precision of its matmuls."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from experiments.train.settings import Settings
from models.networks import Network


def optimizer_of(network: Network, settings: Settings) -> torch.optim.Optimizer:
    """Adam, or the RMSProp of the paper's glimpses: decay 0.9."""
    if settings.optimizer == "rmsprop":
        return torch.optim.RMSprop(network.parameters(), lr=settings.learning_rate, alpha=0.9)
    return torch.optim.Adam(network.parameters(), lr=settings.learning_rate, fused=True)


@torch.no_grad()
def clipped_step(
    optimizer: torch.optim.Optimizer, parameters: list[torch.nn.Parameter], most: float
) -> None:
    """One step of the optimizer, with gradients clipped to the global norm `most`."""
    before = [parameter.clone() for parameter in parameters]
    optimizer.step()
    steps = [new - old for new, old in zip(parameters, before, strict=True)]
    norm = torch.nn.utils.get_total_norm(steps)
    share = (most / (norm + 1e-6)).clamp(max=1.0)
    for parameter, old, step in zip(parameters, before, steps, strict=True):
        parameter.copy_(old + share * step)


@contextmanager
def matmuls_in(precision: str) -> Iterator[None]:
    """A context in which float32 matmuls may use bfloat16 inputs, summed in float32."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium" if precision == "bfloat16" else before)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
