"""A changed folder is looked at within three seconds, whether the system tells of it or not."""

import itertools
from pathlib import Path

import pytest

from app import watch as module

PROMISED_MS = 3000
FOLDER = Path("checkpoints")


class Stop:
    """An event that is set after some waits; the seconds that it was waited for."""

    def __init__(self, waits):
        self.left, self.waited = waits, []

    def wait(self, seconds):
        self.waited.append(seconds)
        self.left -= 1
        return self.left < 0


def test_the_watch_wakes_in_time_with_and_without_a_change(monkeypatch):
    asked = {}

    def watch(folder, **options):
        asked.update(options, folder=folder)
        yield from ({("changed", "file")}, set())

    monkeypatch.setattr(module, "watch", watch)
    stop = Stop(0)
    assert len(list(module.looks(FOLDER, stop))) == 2
    assert (asked["folder"], asked["stop_event"], asked["watch_filter"]) == (FOLDER, stop, None)
    assert asked["yield_on_timeout"]  # a change that the system does not tell
    # One comes just after a look; what follows it at once is waited for.
    assert asked["rust_timeout"] + asked["debounce"] + asked["step"] < PROMISED_MS


@pytest.mark.parametrize("looks_before", [0, 2])
def test_without_watches_the_folder_is_looked_at_in_time_all_the_same(monkeypatch, looks_before):
    def watch(folder, **options):
        yield from itertools.repeat(set(), looks_before)
        raise OSError("no more watches")

    monkeypatch.setattr(module, "watch", watch)
    stop = Stop(3)
    assert len(list(module.looks(FOLDER, stop))) == looks_before + 3
    assert max(stop.waited) * 1000 < PROMISED_MS


def test_every_look_is_a_scan_and_only_a_change_is_told(monkeypatch):
    class Catalogue:
        folder, found = FOLDER, iter([False, True, RuntimeError("a defect"), True])

        def scan(self):
            found = next(self.found)
            if isinstance(found, Exception):
                raise found
            return found

    monkeypatch.setattr(module, "looks", lambda folder, stop: iter(range(4)))
    told = []
    module.keep_up(Catalogue(), Stop(0), lambda: told.append(True))
    assert told == [True, True]
