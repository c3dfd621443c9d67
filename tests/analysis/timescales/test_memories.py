"""What is measured of a memory follows the display rule; small changes follow what is measured."""

import pytest
import torch

from analysis.timescales.memories import memories, tangents, values
from models.memories import displayed


@pytest.mark.parametrize(
    ("layers", "depth", "cell"), [(1, 1, "lstm"), (2, 1, "lstm"), (2, 3, "lstm"), (2, 1, "gru")]
)
def test_values_follow_the_display_rule_and_tangents_follow_the_values(layers, depth, cell):
    draw = torch.Generator().manual_seed(0)
    levels = 0 if cell == "gru" else depth
    h = torch.rand(3, layers, 5, generator=draw, dtype=torch.float64) - 0.5
    c = 4 * torch.rand(3, layers, levels, 5, generator=draw, dtype=torch.float64) - 2
    found, shown = values(h, c), displayed(c)
    for m, memory in enumerate(memories(layers, depth, cell)):
        of = h[:, memory.layer]
        if memory.level is not None:
            of = (c if memory.value == "raw" else shown)[:, memory.layer, memory.level]
        assert torch.equal(found[:, m], of)
    dh = torch.rand(h.shape, generator=draw, dtype=torch.float64)
    dc = torch.rand(c.shape, generator=draw, dtype=torch.float64)
    near = 1e-6
    slope = (values(h + near * dh, c + near * dc) - values(h - near * dh, c - near * dc)) / 2e-6
    at = c[:, :, -1] if levels else h
    torch.testing.assert_close(tangents(dh, dc, at), slope, atol=1e-8, rtol=1e-8)
