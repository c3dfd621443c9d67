"""How long every memory lasts: five measures, their statistics, and two verdicts.

`python -m analysis.timescales --help`; what a measure can and cannot say is in
docs/timescales.md.
"""

from analysis.timescales.blocks import TooShort as TooShort
from analysis.timescales.measurement import Measurement as Measurement
from analysis.timescales.measurement import Settings as Settings
from analysis.timescales.measurement import measure as measure
from analysis.timescales.report import report as report
from analysis.timescales.verdicts import verdicts as verdicts
