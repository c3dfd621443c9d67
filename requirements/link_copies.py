"""Keep a large file that stands twice once, and link to it: requirements/link_copies.py FOLDER"""

import sys
from hashlib import sha256
from os.path import relpath
from pathlib import Path

LARGE = 100_000  # bytes

first: dict[bytes, Path] = {}
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_symlink() or not path.is_file() or path.stat().st_size < LARGE:
        continue
    kept = first.setdefault(sha256(path.read_bytes()).digest(), path)
    if kept is not path:
        path.unlink()
        path.symlink_to(relpath(kept, path.parent))
