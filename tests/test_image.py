"""What the container image gets of the tree is all that the server needs."""

import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)

ASK_ALL = """
import sys
from starlette.testclient import TestClient
from app.application import create_app
from app.settings import Settings

with TestClient(create_app(Settings()), base_url="http://127.0.0.1:8000") as client:
    paths = client.get("/openapi.json").json()["paths"]
    resources = [path for path in paths if "get" in paths[path] and "{" not in path]
    pages = ["/", "/timescales", "/results", "/docs", "/plotly/plotly.min.js", "/static/main.js"]
    for path in pages + resources:
        answer = client.get(path)
        print(answer.status_code, path)
        assert answer.status_code == 200, path
"""


def taken(path: str) -> bool:
    """Whether .dockerignore lets a file in: the last line that names it, or its folder, decides."""
    let_in = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!").removeprefix("**/")
            if fnmatch(path, pattern) or path.startswith(f"{pattern}/"):
                let_in = line.startswith("!")
    return let_in


def test_the_tree_of_the_image_serves_every_page_and_resource(tmp_path: Path):
    for name in filter(taken, TRACKED.stdout.splitlines()):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    assert not (tmp_path / "tests").exists()
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "200 /api/models" in done.stdout
