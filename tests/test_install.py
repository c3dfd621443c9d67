"""requirements/install.sh on machines that differ: a folder of commands, and indexes served here
whose builds of torch hold nothing. No test reaches another host."""

import os
import re
import shutil
import subprocess
import sys
import threading
import venv
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
[TORCH] = re.findall(r'"torch==([0-9.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
COMMANDS = ("cat", "cksum", "dirname", "ls", "sed", "sh", "uname")  # what the script may count on


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def offer(folder: Path, version: str) -> None:
    """Make the folder an index that has one package, a torch with nothing in it."""
    info = f"torch-{version}.dist-info"
    (folder / "torch").mkdir(parents=True)
    with zipfile.ZipFile(folder / "torch" / f"torch-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", metadata(version))
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def metadata(version: str) -> str:
    return f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the ordinary index and the one of CPU builds are served."""
    folder = tmp_path_factory.mktemp("indexes")
    offer(folder / "ordinary", TORCH)
    offer(folder / "cpu", f"{TORCH}+cpu")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("venv") / "made"
    venv.create(folder, with_pip=True)
    return folder


@pytest.fixture
def machine(tmp_path: Path, indexes: str) -> dict[str, str]:
    """The environment of a machine with the least of commands, and no `timeout` among them."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in COMMANDS:
        (commands / name).symlink_to(shutil.which(name) or name)
    (commands / "python3").symlink_to(sys.executable)
    return {
        "PATH": str(commands),
        "HOME": str(tmp_path),
        "VENV": str(tmp_path / "venv"),
        "TORCH_INDEX": f"{indexes}/cpu/",
        "PIP_INDEX_URL": f"{indexes}/ordinary/",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
    }


def install(machine: dict[str, str]) -> tuple[int, str]:
    script = ["requirements/install.sh", "serve"]
    done = subprocess.run(
        script, cwd=ROOT, env=machine, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stderr


def torch_in(folder: str) -> list[str]:
    return [path.name for path in Path(folder).glob("lib/python*/site-packages/torch-*.dist-info")]


def test_an_environment_without_pip_is_kept_and_gets_pip(machine: dict[str, str]):
    """uv makes such environments; whoever put a CUDA build into one keeps it."""
    folder = Path(machine["VENV"])
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    own = packages / f"torch-{TORCH}+cu130.dist-info"
    own.mkdir()
    (own / "METADATA").write_text(metadata(f"{TORCH}+cu130"))

    status, said = install(machine)
    assert "has no pip: adding it" in said
    assert (packages / "pip").is_dir()
    assert torch_in(machine["VENV"]) == [own.name]
    # This index has none of the other packages: the script stops there, and will try again.
    assert status != 0
    assert not list(folder.glob(".installed-*"))


@pytest.mark.parametrize(("system", "build"), [("Linux", f"{TORCH}+cpu"), ("Darwin", TORCH)])
def test_the_cpu_build_is_taken_without_a_timeout_command(
    machine: dict[str, str], with_pip: Path, system: str, build: str
):
    """macOS has no `timeout`, and its builds of torch have no +cpu in their version."""
    shutil.copytree(with_pip, machine["VENV"], symlinks=True)
    uname = Path(machine["PATH"]) / "uname"
    uname.unlink()
    uname.write_text(f"#!/bin/sh\necho {system}\n")
    uname.chmod(0o755)

    _, said = install(machine)
    assert "does not answer" not in said
    assert torch_in(machine["VENV"]) == [f"torch-{build}.dist-info"]


def test_an_index_that_does_not_answer_is_named(machine: dict[str, str], with_pip: Path):
    shutil.copytree(with_pip, machine["VENV"], symlinks=True)
    status, said = install({**machine, "TORCH_INDEX": "http://127.0.0.1:9/"})
    assert status == 1
    assert "http://127.0.0.1:9/ does not answer" in said
    assert torch_in(machine["VENV"]) == []


def test_a_folder_that_is_no_environment_is_not_cleared(machine: dict[str, str]):
    folder = Path(machine["VENV"])
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    status, said = install(machine)
    assert status == 1
    assert "is not a virtual environment" in said
    assert (folder / "thesis.txt").read_text() == "years of work"
