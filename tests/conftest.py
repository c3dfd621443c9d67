"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: how long an example takes says nothing on a busy machine. In CI the examples are
# the same in every run, so that a failure there can be repeated here.
settings.register_profile("nestscope", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("nestscope")

TESTS = Path(__file__).parent
LONGEST = (
    "page/test_accessibility.py",
    "page/test_kept_text.py",
    "page/test_digits.py",
    "page/test_typing.py",
    "page/test_page.py",
    "page/test_values.py",
    "page/test_reports.py",
    "page/test_undo.py",
    "page/test_arrangement.py",
    "page/test_find.py",
    "page/test_classroom.py",
    "page/test_gru.py",
    "page/test_keyboard.py",
    "page/test_behind_nginx.py",
    "analysis/selectivity/test_ranking.py",
    "analysis/timescales/test_measures.py",
    "experiments/train/test_loop.py",
    "analysis/corpus/test_index.py",
    "models/foreign/test_process.py",
    "app/http/test_measure_text.py",
    "test_tutorial.py",
    "experiments/train/test_drive.py",
    "app/test_workers.py",
    "app/commands/test_convert.py",
    "test_install.py",
    "app/live/test_session.py",
    "app/test_openapi.py",
)
"""The files that take longest, the longest first; a file is run by one process."""
assert all((TESTS / name).exists() for name in LONGEST)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: for a part of its time, a test in the browser only waits."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that no process is left with one of them at the end.

    All files in the browser come before all others: a process then starts one browser and one
    server for them, and ends both before the rest.
    """
    ranks = {TESTS / name: rank for rank, name in enumerate(LONGEST)}

    def place(item: pytest.Item) -> tuple[bool, int]:
        return TESTS / "page" not in item.path.parents, ranks.get(item.path, len(ranks))

    items.sort(key=place)
