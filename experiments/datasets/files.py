"""Finds the files of a data set: in a folder, plain or packed, or at their canonical address."""

import gzip
import hashlib
import lzma
import os
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pooch

FETCHED = "Delete it, and it is fetched anew"


class DataError(SystemExit):
    """A data set is missing or has the wrong content. The message says what to do."""


def raw(path: Path, sha256: str, url: str = "", advice: str = "") -> bytes:
    """The file's bytes, unpacked and checked against `sha256`.

    Looked for as `path`, then as `path` with .gz, then downloaded from `url` (a .gz) beside it.

    Args:
        sha256: of the unpacked bytes.
        advice: what to do about a wrong file.

    Raises:
        DataError: the file is missing or has another digest.
    """
    packed = path.with_name(path.name + ".gz")
    if url:
        once(lambda: not any(map(os.path.exists, (path, packed))), lambda: download(url, packed))
    if not any(map(os.path.exists, (path, packed))):
        raise DataError(f"{path} is missing, plain or as {packed.name}: put one of them there")
    found = path if os.path.exists(path) else packed
    content = unpacked(found)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(
            f"{found} is not the expected file: unpacked, its sha256 must be {sha256}. "
            + (advice or (FETCHED if url else "Replace it with the right one"))
        )
    return content


def unpacked(path: Path) -> bytes:
    """The bytes of a file; those inside a .gz or .xz file.

    Raises:
        DataError: it cannot be read, or is cut off or damaged.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            return gzip.decompress(content)
        return lzma.decompress(content) if path.suffix == ".xz" else content
    except (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError) as error:
        raise DataError(
            f"{path} cannot be unpacked ({error}): delete it and get it again"
        ) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def once(missing: Callable[[], bool], fetch: Callable[[], None]) -> None:
    """Fetch what is missing.

    The first process on a machine fetches; the others wait. If the first one fails, the launcher
    ends the others.
    """
    if int(os.environ.get("LOCAL_RANK", "0")) == 0:
        if missing():
            fetch()
        return
    while missing():
        time.sleep(0.2)


def download(url: str, path: Path, sha256: str | None = None) -> None:
    """Fetch `url` to `path`, with progress; a broken download leaves nothing behind.

    Args:
        sha256: of the file as it is fetched, where it is known.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{path.parent} cannot be a folder: {error.strerror}") from None
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=30)
    try:
        pooch.retrieve(url, sha256, fname=path.name, path=str(path.parent), downloader=downloader)
    except (OSError, ValueError) as error:
        raise DataError(f"{url} could not be fetched to {path}: {error}") from None
