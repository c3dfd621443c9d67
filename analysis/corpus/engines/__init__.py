"""The engines that read the parts of a corpus: a file and an entry each."""

from analysis.corpus.engines import local, ray
from analysis.corpus.engines.engine import Engine

ENGINES: tuple[Engine, ...] = (local.ENGINE, ray.ENGINE)
