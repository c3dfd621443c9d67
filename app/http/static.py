"""The files of the pages, under an address that names their contents.

What lies under `/static/v-DIGEST/` never changes: a browser that has it asks no more. The pages
name that address, and modules and style sheets find each other beside themselves.
"""

import hashlib
import math
import os
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app import ROOT

FOLDER = ROOT / "static"
FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = 0.5
"""A visit asks for a hundred files: not each of them looks whether any has changed."""
VERSIONED = re.compile(r"(v-[0-9a-f]{16})/(.+)", re.DOTALL)


def version(folder: Path = FOLDER) -> str:
    """The path segment that names the contents of a folder as they are now."""
    return _digest(folder, tuple(sorted(_stamps(folder))))


def _stamps(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of change of every file."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _stamps(entry.path)
        else:
            stat = entry.stat()
            yield entry.path, stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=8)
def _digest(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    """The same for the same contents, on every machine that serves them."""
    digest = hashlib.sha256()
    for path, _, _ in stamps:
        content = Path(path).read_bytes()
        digest.update(f"{Path(path).relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return f"v-{digest.hexdigest()[:16]}"


class Static(StaticFiles):
    """Files, each with an ETag; for ever under the version that they are of.

    Under another version stands what there is now, which is not kept: a page from before an update,
    or from another server that is being updated, finds its files.
    """

    _looked, _version = -math.inf, ""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer."""
        named = VERSIONED.fullmatch(path.replace(os.sep, "/"))
        response = await super().get_response(named[2] if named else path, scope)
        if named and named[1] == self._current():
            response.headers["Cache-Control"] = FOR_EVER
        return response

    def _current(self) -> str:
        now = time.monotonic()
        if now - self._looked > SECONDS:
            self._looked, self._version = now, version(Path(str(self.directory)))
        return self._version
