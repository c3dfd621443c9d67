"""A layer that asks before every step whether it may go on: reading that gives way to others."""

from collections.abc import Callable

from torch import Tensor

from models.cells.change import Changes
from models.reading.layer import Layer


class PacedLayer(Layer):
    """Another layer's steps, each after a call of `between`, which may wait."""

    def __init__(self, layer: Layer, between: Callable[[], None]) -> None:
        super().__init__(layer.cell)
        self.kind, self.settles = layer.kind, layer.settles
        self._layer, self._between = layer, between

    def project(self, x: Tensor) -> Tensor:
        """See `Layer`."""
        return self._layer.project(x)

    def step(
        self,
        projected: Tensor,
        h: Tensor,
        cells: list[Tensor],
        changes: Changes | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """See `Layer`."""
        self._between()
        return self._layer.step(projected, h, cells, changes)
