"""The lock: requirements/*.txt are whole and agree with pyproject.toml. Nothing asks an index."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENTRY = re.compile(r"^(?P<pin>[^\s#].*?)(?: \\\n +(?P<hashes>--hash=[^#]*?))?\n(?= +#)", re.M)


def group(name: str) -> Iterator[Requirement]:
    for item in PYPROJECT["dependency-groups"][name]:
        if isinstance(item, str):
            yield Requirement(item)
        else:
            yield from group(item["include-group"])


PROJECT = [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]
WANTED = {
    "serve": PROJECT,
    "dev": [*PROJECT, *group("dev")],
    "keras": list(group("keras")),
    "ray": list(group("ray")),
}


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    found = [
        (Requirement(entry["pin"]), re.findall(r"--hash=(\S+)", entry["hashes"] or ""))
        for entry in ENTRY.finditer(text)
    ]
    # None slipped past the pattern.
    assert len(found) == len(re.findall(r"^[^\s#]", text, re.M))
    return found


def locked(name: str) -> dict[str, Version]:
    """The locked version of every package of one file that belongs on this machine."""
    here = [pin for pin, _ in entries(name) if pin.marker is None or pin.marker.evaluate()]
    return {pin.name: Version(str(pin.specifier).removeprefix("==")) for pin in here}


def test_the_files_are_those_of_the_groups():
    assert {path.stem for path in (ROOT / "requirements").glob("*.txt")} == set(WANTED)


@pytest.mark.parametrize("name", WANTED)
def test_every_package_is_pinned_and_has_hashes(name: str):
    for pin, hashes in entries(name):
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(pin.specifier)), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), pin


@pytest.mark.parametrize("name", WANTED)
def test_the_lock_holds_what_pyproject_asks_for_and_what_that_needs(name: str):
    """The packages of the file are exactly those that are reached from pyproject.toml."""
    versions = locked(name)
    environment: Any = default_environment()
    reached: set[str] = set()
    # uv asks for a package's extras as pip does; "" stands for none.
    waiting = [(need, {""} | need.extras) for need in WANTED[name]]
    while waiting:
        need, extras = waiting.pop()
        package = canonicalize_name(need.name)
        marker = need.marker
        if marker and not any(marker.evaluate({**environment, "extra": e}) for e in extras):
            continue
        if package != "torch":
            assert package in versions, f"{name}.txt lacks {need}"
            assert need.specifier.contains(versions[package], prereleases=True), need
        new = {f"{package}[{extra}]" for extra in {""} | need.extras} - reached
        if new:
            reached |= new
            needs = [Requirement(text) for text in distribution(package).requires or []]
            waiting += [(inner, {""} | need.extras) for inner in needs]
    assert {entry.partition("[")[0] for entry in reached} - {"torch"} == set(versions)


def test_a_package_has_one_version_in_all_files():
    whole = locked("dev")
    for name in ("serve", "keras", "ray"):
        assert locked(name).items() <= whole.items()


def test_torch_is_pinned_exactly_where_install_reads_it():
    """torch is in no lock; pyproject.toml states its version and, for the lock, its needs."""
    [torch] = [need for need in PROJECT if need.name == "torch"]
    [stated] = PYPROJECT["tool"]["uv"]["dependency-metadata"]
    assert str(torch.specifier) == f"=={stated['version']}"
    installed = [Requirement(text) for text in distribution("torch").requires or []]
    needs = {str(need) for need in installed if not need.marker}
    # A CUDA build needs more, and its packages come with it.
    cuda = {need for need in needs if re.match("nvidia|cuda|triton", need)}
    assert {str(Requirement(text)) for text in stated["requires-dist"]} == needs - cuda


def test_the_audit_asks_about_torch_and_every_package_that_serves(tmp_path):
    stub, asked = tmp_path / "uv", tmp_path / "asked"
    stub.write_text(f'#!/bin/sh\nfor file; do :; done\ncp "$file" {asked}\n')
    stub.chmod(0o755)
    script, environment = ROOT / "requirements" / "audit.sh", {**os.environ, "UV": str(stub)}
    done = subprocess.run([script], env=environment, capture_output=True, text=True, check=True)
    packages = {Requirement(line).name for line in asked.read_text("utf-8").splitlines()}
    assert packages == {pin.name for pin, _ in entries("serve")} | {"torch"}
    assert f"of {len(packages)} packages" in done.stdout


def test_the_bill_of_materials_is_made_of_torch_and_every_package_that_serves():
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nsbom:")[2]
    [listing] = re.findall(r"^\t@(\{.*\}) \| \\\n.*cyclonedx-py requirements - ", recipe, re.M)
    done = subprocess.run(
        ["sh", "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    pins = re.findall(r"^([a-z][^ ]*)==", done.stdout, re.M)
    assert set(pins) == {pin.name for pin, _ in entries("serve")} | {"torch"}
