"""The timescales of single cells are told whatever became of a memory."""

from typing import Any

import pytest

from analysis.timescales.cells import timescales_of_cells

PLACE = {"layer": 0, "level": 1, "state": "c", "value": "read", "measure": "context_swap"}


def result(quantiles: Any, **row: Any) -> Any:
    """A result file of one cell."""
    unit = PLACE | {"unit": 0, "tau": None, "low": None, "high": None, "status": "saturated"} | row
    curve = PLACE | {"lags": [0, 1], "quantiles": quantiles}
    return {"settings": {}, "units": [unit], "curves": [curve]}


def test_a_memory_of_saturated_cells_has_no_curves_and_hides_nothing():
    (memory,) = timescales_of_cells(result(None), 2)
    assert memory["curves"] is None
    assert memory["status"] == ["saturated", None]


@pytest.mark.parametrize("wrong", [{"unit": 2}, {"unit": "x"}])
def test_a_file_of_another_network_is_refused(wrong):
    with pytest.raises((IndexError, TypeError)):
        timescales_of_cells(result({"0.1": [], "0.5": [], "0.9": []}, **wrong), 2)
