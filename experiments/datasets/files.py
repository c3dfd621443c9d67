"""Finds the files of a data set: in a folder, plain or packed, or at their canonical address."""

import gzip
import hashlib
from pathlib import Path

import pooch


class DataError(SystemExit):
    """A data set is missing or is not what it should be; the message says what to do."""


def raw(path: Path, sha256: str, url: str = "") -> bytes:
    """The file's bytes, unpacked, and known to be the right ones.

    Looked for as `path`, then as `path` with .gz, then downloaded from `url` (a .gz) beside it.

    Args:
        sha256: of the unpacked bytes.

    Raises:
        DataError: there is none, or it is another one.
    """
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and not packed.exists():
        if not url:
            raise DataError(f"neither {path} nor {packed.name} is there")
        download(url, packed)
    content = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{path} is not the file expected: its sha256 should be {sha256}")
    return content


def download(url: str, path: Path, sha256: str | None = None) -> None:
    """Fetch `url` to `path`, with progress; a broken download leaves nothing behind.

    Args:
        sha256: of the file as it is fetched, where it is known.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=30)
    try:
        pooch.retrieve(url, sha256, fname=path.name, path=str(path.parent), downloader=downloader)
    except (OSError, ValueError) as error:
        raise DataError(f"{url} could not be fetched to {path}: {error}") from None
