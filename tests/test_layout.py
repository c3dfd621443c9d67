"""The tree keeps its promises: imports point one way, names say something, versions agree,
and no file speaks of the machine it was written on."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from app.live.messages import PROTOCOL
from app.settings import PREFIX, Settings
from models.card import FORMATS

ROOT = Path(__file__).parents[1]
TRACKED = [
    ROOT / name
    for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    if name and (ROOT / name).is_file()
]
MAY_IMPORT = {
    "models": set(),
    "analysis": {"models"},
    "app": {"models", "analysis"},
    "experiments": {"models", "analysis"},
    "benchmarks": {"models", "analysis", "app", "experiments"},
}


def imported_packages(path: Path) -> Iterator[str]:
    """The first names of what a Python file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = path.relative_to(ROOT).parts[0]
            yield inside if node.level else (node.module or "").split(".")[0]


def python_files(package: str) -> list[Path]:
    return [p for p in TRACKED if p.suffix == ".py" and p.is_relative_to(ROOT / package)]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package):
    forbidden = (set(MAY_IMPORT) | {"tests"}) - MAY_IMPORT[package] - {package}
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files(package)
        for name in forbidden.intersection(imported_packages(path))
    }
    assert found <= {"models/notebook.py imports analysis"}  # when a figure is drawn, not before


def imported_modules(path: Path) -> Iterator[str]:
    """The modules of the project that a Python file imports, by their dotted names."""
    modules = {p.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for p in PYTHON}
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules:
                    yield whole
                elif node.module in modules:
                    yield node.module


PYTHON = [p for p in TRACKED if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in MAY_IMPORT]


def imported_scripts(path: Path) -> Iterator[str]:
    """The modules of the page that one of them imports, by their paths under static/."""
    for name in re.findall(r"(?:from|import)\s*\(?\s*\"(\.[^\"]+)\"", path.read_text("utf-8")):
        yield (path.parent / name).resolve().relative_to(ROOT / "static").as_posix()


def circle(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """A way along the arrows that comes back to where it began; empty if there is none."""
    sorter = TopologicalSorter(arrows)
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_of_python_modules():
    arrows = {
        p.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): set(imported_modules(p))
        for p in PYTHON
    }
    arrows["models.notebook"] = {m for m in arrows["models.notebook"] if m.startswith("models.")}
    assert circle(arrows) == []


def test_no_circle_of_scripts():
    scripts = [p for p in TRACKED if p.suffix == ".js" and p.is_relative_to(ROOT / "static")]
    arrows = {p.relative_to(ROOT / "static").as_posix(): set(imported_scripts(p)) for p in scripts}
    assert sum(map(len, arrows.values())) > 50
    assert circle(arrows) == []


def test_arrows_between_the_folders_of_the_page_point_one_way():
    floors = ["base", "state", "text", "wire", "atlas", "views", "export", "chrome", "main.js"]
    may_import = {floor: set(floors[: k + 1]) for k, floor in enumerate(floors)}
    may_import["pages"] = {"pages", "base", "state", "text", "wire"}  # pages of their own
    scripts = [p for p in TRACKED if p.suffix == ".js" and p.is_relative_to(ROOT / "static")]
    found = {
        f"{script.relative_to(ROOT / 'static')} imports {other}"
        for script in scripts
        for other in imported_scripts(script)
        if other.split("/")[0] not in may_import[script.relative_to(ROOT / "static").parts[0]]
    }
    assert not found


def test_models_need_torch_and_numpy_only():
    allowed = {"models", "torch", "numpy", "safetensors"} | set(sys.stdlib_module_names)
    allowed -= {"argparse", "asyncio", "http"}  # no command line, no web
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files("models")
        for name in set(imported_packages(path)) - allowed
    }
    # A trace draws itself; what draws it is imported when it is asked to, not before. So is what
    # reads Keras' files.
    assert found == {"models/notebook.py imports analysis", "models/foreign/keras.py imports h5py"}
    script = (
        "import sys, models, models.foreign\n"
        "assert not {'plotly', 'analysis', 'h5py'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_files_are_named_by_nouns_of_the_field():
    empty = {"util", "utils", "core", "common", "helper", "helpers", "manager", "services"}
    found = [
        path.relative_to(ROOT)
        for path in TRACKED
        if any(empty & set(re.split(r"[_.-]", part)) for part in path.relative_to(ROOT).parts)
    ]
    assert not found


def test_every_file_that_tells_the_version_tells_the_same():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text()
    released, date = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)$", changelog, re.M)[0]
    citation = (ROOT / "CITATION.cff").read_text()
    [cited], [day] = (
        re.findall(rf"^{field}: (\S+)$", citation, re.M) for field in ("version", "date-released")
    )
    [labelled] = re.findall(r'image\.version="(.*?)"', (ROOT / "Dockerfile").read_text())
    assert released == cited == labelled == version
    assert date == day


def test_changelog_tells_the_versions_of_what_others_rely_on():
    told = re.findall(
        r"^Live channel: protocol (\d+)\. Checkpoint file: formats? (?:.* and )?(\d+)\.$",
        (ROOT / "CHANGELOG.md").read_text(),
        re.M,
    )
    page = re.findall(r"PROTOCOL = (\d+);", (ROOT / "static/wire/socket.js").read_text())
    assert told[0] == (str(PROTOCOL), str(FORMATS[-1]))
    assert page == [str(PROTOCOL)]


def test_readme_lists_every_setting_with_its_default():
    rows = re.findall(rf"^\| `{PREFIX}(\w+)` \| (\S+)", (ROOT / "README.md").read_text(), re.M)
    stated = {name.lower(): default.strip("`") for name, default in rows}
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    defaults |= {name: defaults[name].name for name in ("checkpoints", "corpora")}
    defaults |= {"origins": "none", "hosts": "none"}
    defaults |= {"frames": "none", "root_path": "none"}
    assert stated == {name: str(default) for name, default in defaults.items()}


def test_npm_packages_are_pinned_and_locked_without_addresses():
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_no_file_names_a_machine_or_a_registry():
    # Spelled with classes so that this file does not find itself.
    foreign = re.compile(
        r"/wor[k]/|\.\./share[d]|/roo[t]/|/hom[e]/|/far[m]/"
        r"|pyp[i]\.|pythonhoste[d]|npmj[s]\.|yarnpk[g]|deb\.debia[n]|archive\.ubunt[u]"
    )
    found = []
    for path in TRACKED:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a checkpoint
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in foreign.finditer(text)]
    assert not found
