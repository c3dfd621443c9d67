"""The measures of a timescale, one file each, in the order in which they are reported."""

from analysis.timescales.measures.autocorrelation import Autocorrelation
from analysis.timescales.measures.context_swap import ContextSwap
from analysis.timescales.measures.gate import Gate
from analysis.timescales.measures.impulse import Impulse
from analysis.timescales.measures.measure import Measure
from analysis.timescales.measures.transplant import Transplant

MEASURES: tuple[type[Measure], ...] = (ContextSwap, Autocorrelation, Impulse, Gate, Transplant)
PRIMARY = ContextSwap.key
"""The measure meant where a timescale is given without one."""


def named(key: str) -> type[Measure]:
    """The measure of that key."""
    return next(measure for measure in MEASURES if measure.key == key)
