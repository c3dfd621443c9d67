"""The page names its modules ahead: all of them, and no others."""

import re

from starlette.testclient import TestClient

from app import ROOT
from app.application import create_app
from app.http.modules import modules
from app.settings import Settings


def imported(name: str, seen: set[str]) -> set[str]:
    """By the words `from "./..."` and `import "./..."`, whatever stands before them."""
    folder = (ROOT / "static" / name).parent
    for path in re.findall(
        r"(?:from|import)\s*\"(\.[^\"]+)\"", (ROOT / "static" / name).read_text()
    ):
        found = (folder / path).resolve().relative_to(ROOT / "static").as_posix()
        if found not in seen:
            seen.add(found)
            imported(found, seen)
    return seen


def test_the_page_preloads_every_module_it_imports(tmp_path):
    wanted = imported("main.js", set())
    assert len(wanted) > 60
    assert set(modules(ROOT / "static", "main.js")) == wanted
    with TestClient(create_app(Settings(checkpoints=tmp_path)), "http://127.0.0.1:8000") as client:
        page = client.get("/").text
        preloaded = re.findall(r'<link rel="modulepreload" href="(static/[^/]+)/([^"]+)">', page)
        assert sorted(name for _, name in preloaded) == sorted(wanted)
        assert client.get("/".join(preloaded[-1])).status_code == 200


def test_what_is_opened_later_is_loaded_later():
    """The code of a view that is not opened, and of files that are not asked for, can wait."""
    named = modules(ROOT / "static", "main.js")
    views = {path.parent.name for path in (ROOT / "static/views").glob("*/view.js")}
    assert len(views) > 7
    for view in views:
        others = [path for path in named if path.startswith(f"views/{view}/")]
        assert set(others) - {"views/why/origin.js"} <= {f"views/{view}/view.js"}
    assert not [path for path in named if path.startswith("export/")]
