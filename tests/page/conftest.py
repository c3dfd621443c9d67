"""What the tests in a browser share: servers, a browser, and a page opened on it.

A process that runs several files of them has one of each, from the first to the last.
The parts are imported where they are used: without Playwright these tests are skipped, not broken.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from browser import Page, Server


@pytest.fixture(scope="package")
def checkpoints(tmp_path_factory) -> Path:
    """Untrained models with strong first weights: their states move, and are computed at once."""
    from browser import save_models

    folder = tmp_path_factory.mktemp("checkpoints")
    save_models(folder)
    return folder


@pytest.fixture(scope="package")
def server(checkpoints) -> Iterator["Server"]:
    from browser import Server

    running = Server(checkpoints)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def shipped() -> Iterator["Server"]:
    """A server of the networks as they are shipped."""
    from browser import ROOT, Server

    running = Server(ROOT / "checkpoints", longest=20_000)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def browser():
    from browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser, server) -> Iterator["Page"]:
    from browser import Page

    page = Page(browser, server.url)
    page.settle()
    yield page
    page.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test in the browser once more where it fails: a busy machine is not a fault.

    The summary names what was tried twice.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
