"""Looks at the folder of the checkpoints whenever something happens in it, and every other second:
some file systems (network, some containers) do not say what happens in them.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

from app.catalogue import Catalogue

LOG = logging.getLogger("nestscope")

EVERY_MS = 2000
TOGETHER_MS = 300
"""Changes within this time are looked at once."""


def keep_up(catalogue: Catalogue, stop: threading.Event, changed: Callable[[], None]) -> None:
    """Scan the catalogue's folder until stopped; call `changed` after each change."""
    for _ in looks(catalogue.folder, stop):
        try:
            if catalogue.scan():
                changed()
        except Exception:  # the next look may go well
            LOG.exception("the folder of the checkpoints could not be looked at")


def looks(folder: Path, stop: threading.Event) -> Iterator[None]:
    """One item whenever it is time to look, until stopped."""
    try:
        for _ in watch(
            folder,
            watch_filter=None,
            debounce=TOGETHER_MS,
            step=50,
            stop_event=stop,
            rust_timeout=EVERY_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            yield
    except Exception as error:  # no more watches to be had, or the folder has gone
        LOG.warning("%s is looked at every other second: %s", folder, error)
    while not stop.wait(EVERY_MS / 1000):
        yield
