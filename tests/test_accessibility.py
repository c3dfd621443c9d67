"""axe-core finds nothing serious or critical on any page, in any view."""

from pathlib import Path

import pytest
from test_browser import CHROMIUM, Page, Server

sync_api = pytest.importorskip("playwright.sync_api")
ROOT = Path(__file__).parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: type make node_modules"),
]


@pytest.fixture(scope="module")
def served():
    server = Server(ROOT / "checkpoints", longest=20_000)
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield server, chromium
        chromium.close()
    server.stop()


@pytest.fixture(params=[("light", 1440), ("dark", 1440), ("light", 375), ("dark", 375)], ids=str)
def visit(request, served):
    (scheme, width), (server, chromium) = request.param, served
    pages = []

    def open_(address):
        viewport = {"width": width, "height": 900}
        page = Page(chromium, server.url + address, viewport=viewport, color_scheme=scheme)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.context.close()


def found(page):
    """What axe finds, in short: rule, impact, and where."""
    page.tab.evaluate(AXE.read_text())
    violations = page.tab.evaluate("async () => (await axe.run()).violations")
    return [
        (rule["id"], rule["impact"], [node["html"][:120] for node in rule["nodes"]][:3])
        for rule in violations
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("view", ["figure", "map", "cell", "predictions"])
def test_reading_page(visit, view):
    page = visit(f"#view={view}&a=nested-ptb&b=nested-plain-ptb")
    page.settle()
    assert found(page) == []


def test_help_export_and_table(visit):
    page = visit("")
    page.settle()
    page.tab.focus("#figure")
    page.tab.keyboard.press("ArrowRight")
    page.tab.keyboard.press("t")
    assert found(page) == []
    page.tab.click("#export summary")
    assert found(page) == []
    page.tab.keyboard.press("Escape")
    page.tab.click("#help")
    assert found(page) == []


@pytest.mark.parametrize("address", ["timescales", "results"])
def test_report_pages(visit, address):
    page = visit(address)
    page.tab.wait_for_selector(".main-svg")  # a chart is drawn
    assert found(page) == []
