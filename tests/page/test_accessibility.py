"""axe-core finds nothing serious or critical on any page, in any view, in light and in dark."""

import pytest
from browser import ROOT, needs_chromium, visiting

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that can tell the schemes apart: names, roles and sizes are the same in both."""
MODERATE = {"region": {"enabled": False}}
"""The slowest of the rules that find nothing serious or critical."""

pytestmark = [
    *needs_chromium,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: type make node_modules"),
]


@pytest.fixture(params=[1440, 375])
def visit(request, browser, shipped):
    with visiting(browser, shipped, "light", request.param) as open_:
        yield open_


def found(page):
    """What axe finds, in short: rule, impact, and where; the page follows the system's scheme."""
    if not page.tab.evaluate("() => 'axe' in globalThis"):
        page.tab.evaluate(AXE.read_text())
    violations = []
    for scheme, rules in (("dark", {"runOnly": COLOURS}), ("light", {"rules": MODERATE})):
        page.tab.emulate_media(color_scheme=scheme)
        page.tab.wait_for_timeout(300)  # colours fade
        options = {"resultTypes": ["violations"]} | rules
        for rule in page.tab.evaluate("async (all) => (await axe.run(all)).violations", options):
            if rule["impact"] in ("serious", "critical"):
                where = [node["html"][:120] for node in rule["nodes"]][:3]
                violations.append((scheme, rule["id"], rule["impact"], where))
    return violations


def unfold(page):
    """Open the menu that the tools stand in on a phone."""
    if page.tab.is_visible("#menu"):
        page.tab.click("#menu")


def test_reading_page(visit):
    """All views, one after another in one page; then with the switch that reads a poem."""
    page = visit("#a=nested-ptb&b=nested-plain-ptb")
    page.settle()
    for view in page.tab.eval_on_selector_all("#tabs button", "all => all.map(tab => tab.id)"):
        page.tab.click(f"#{view}")
        page.settle()
        assert found(page) == [], view
    page.tab.evaluate("location.hash = 'a=nested-poetry&b=stacked-poetry&text=山，水。'")
    page.tab.wait_for_selector("text=Read it as a poem")
    page.settle()
    assert found(page) == []
    page.tab.click("text=Read it as a poem")
    page.settle()
    assert found(page) == []


def test_four_models(visit):
    page = visit("#a=nested-ptb&b=stacked-ptb&c=lstm-ptb&d=nested-plain-ptb&at=3.2.0.0.0")
    page.settle()
    assert found(page) == []
    for view in ("map", "predictions"):
        page.tab.click(f"#tab-{view}")
        page.settle()
        assert found(page) == []


def test_what_if(visit):
    page = visit(
        "#a=nested-ptb&b=nested-plain-ptb&if=a_0_1_3_set_4_5-90~a_0_0_all_add_0.1&beside=a"
    )
    page.settle()
    page.tab.click("text=Continue both")
    page.tab.wait_for_selector(".continued mark")
    assert found(page) == []


def test_help_export_and_table(visit):
    page = visit("")
    page.settle()
    page.tab.focus("#figure")
    page.tab.keyboard.press("ArrowRight")
    page.tab.keyboard.press("t")
    assert found(page) == []
    unfold(page)
    page.tab.click("#export summary")
    assert found(page) == []
    page.tab.keyboard.press("Escape")
    page.tab.click("#help")
    assert found(page) == []


@pytest.mark.parametrize("address", ["digits", "timescales", "results", "docs"])
def test_report_pages(visit, address):
    page = visit(address)
    page.tab.wait_for_selector("#main:not([aria-busy])")
    assert found(page) == []
    # /results shows one part at a time.
    parts = page.tab.locator("#tables a").all() if address == "results" else [None]
    for part in parts:
        if part:
            part.click()
        sections = page.tab.locator("details.more > summary:visible").all()
        for more in sections:
            more.click()
        if address == "timescales":
            page.tab.wait_for_selector("#scatter .main-svg")
        if part or sections:
            assert found(page) == []


def test_named_cells_tour_and_projector(visit):
    page = visit("")
    page.settle()
    page.tab.click("#named summary")
    page.tab.wait_for_selector("#named-cells table")
    assert found(page) == []
    page.tab.keyboard.press("Escape")
    unfold(page)
    page.tab.click("#tour")
    page.tab.wait_for_selector("#tour-step:not([hidden])")
    assert found(page) == []
    page.tab.evaluate("location.hash += '&projector=1'")
    page.tab.wait_for_selector("body.projector")
    assert found(page) == []
