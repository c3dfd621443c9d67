"""The server: models and their traces over HTTP, the live channel, and the pages."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
