"""The modules of a page: a browser asks for all of them at once, not for one after another."""

import re
from functools import cache
from pathlib import Path

IMPORT = re.compile(r"""^(?:import|export)\s(?:[\w*\s{},$]*\sfrom\s)?\s*"(\.[^"]+)\"""", re.M)


@cache
def modules(folder: Path, first: str) -> tuple[str, ...]:
    """The paths under `folder` of the modules that the first one imports, and those import.

    Read once: the files do not change while a server runs.
    """
    found: dict[Path, None] = {}
    waiting = [(folder / first).resolve()]
    while waiting:
        path = waiting.pop(0)
        for name in IMPORT.findall(path.read_text(encoding="utf-8")):
            module = (path.parent / name).resolve()
            if module not in found:
                found[module] = None
                waiting.append(module)
    return tuple(module.relative_to(folder.resolve()).as_posix() for module in found)
