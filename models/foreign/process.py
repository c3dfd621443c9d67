"""Reads foreign files in a separate process with a memory limit and a time limit.

A damaged or hostile file can make its parser crash, hang or allocate. Then that process ends, and
the caller gets a sentence. `python -m models.foreign.process SOURCE FOLDER` is that process: it
writes the tensors to FOLDER, or prints what is wrong.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from models.card import KEY
from models.foreign.keras import read_keras
from models.foreign.pytorch import read_pytorch
from models.foreign.safetensors import read_safetensors
from models.foreign.source import ForeignError, Source

MEMORY = 1536 << 20
"""Bytes that the process may map beyond what it holds when it starts."""

SECONDS = 120
REFUSED = 2
"""Exit status of the process after it has reported an error."""
KEPT = "tensors.safetensors"
HDF5 = b"\x89HDF\r\n\x1a\n"
TOO_LARGE = (
    f"reading the file takes more than {MEMORY >> 20:,} MB of memory; save the weights alone, "
    "without the state of an optimiser"
)


def read_source(path: Path | str) -> Source:
    """The tensors and alphabets of a PyTorch, safetensors or Keras file.

    Raises:
        ForeignError: it cannot be read, or holds something else.
    """
    path = Path(path)
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ForeignError(f"cannot be read: {error.strerror or error}") from None
    with tempfile.TemporaryDirectory(prefix="nestscope-") as folder:
        command = [sys.executable, "-m", "models.foreign.process", str(path.resolve()), folder]
        # One thread: stacks count towards the limit. HDF5 must not load plugins or lock files.
        quiet = {
            "OMP_NUM_THREADS": "1",
            "HDF5_PLUGIN_PRELOAD": "::",
            "HDF5_USE_FILE_LOCKING": "FALSE",
            "PYTHONSAFEPATH": "",
        }
        try:
            ended = subprocess.run(
                command,
                cwd=Path(__file__).parents[2],
                env=os.environ | quiet,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise ForeignError(f"reading the file takes more than {SECONDS} seconds") from None
        return _received(ended.returncode, ended.stdout, Path(folder))


def is_checkpoint(path: Path) -> bool:
    """Return whether a file is one of our checkpoints, well-formed or not."""
    try:
        with safe_open(path, framework="pt") as file:
            return KEY in (file.metadata() or {})
    except (SafetensorError, OSError):
        return False


def _received(status: int, said: bytes, folder: Path) -> Source:
    """The result that the process left; ForeignError if it left none."""
    if status == REFUSED:
        raise ForeignError(said.decode(errors="replace").strip())
    if status != 0:  # by a signal, for one, where a file that is mapped is cut short
        raise ForeignError("reading the file failed: it is damaged, or was changed meanwhile")
    try:
        with safe_open(folder / KEPT, framework="pt") as file:
            about = json.loads(file.metadata()["source"])
            tensors = {about["names"][int(k)]: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, ValueError):
        raise ForeignError("the file is damaged: reading it failed") from None
    order = [name for name in about["names"] if name in tensors]
    return Source(
        about["framework"],
        {name: tensors[name] for name in order},
        about["alphabets"],
        about["origins"],
        about["notes"],
    )


def read_here(path: Path) -> Source:
    """Parse the file in this process, to float32. The content selects the format, not the name.

    Raises:
        ForeignError: it holds something else, is damaged, or needs too much memory.
    """
    try:
        source = _by_content(path)
        for name, tensor in source.tensors.items():
            source.tensors[name] = _in_float32(tensor, source.called(name))
        return source
    except ForeignError:
        raise
    except MemoryError:
        raise ForeignError(TOO_LARGE) from None
    except OSError as error:
        raise ForeignError(f"cannot be read: {error.strerror or error}") from None
    except Exception as error:  # any other error of a parser: the file is damaged
        if "memory" in str(error):
            raise ForeignError(TOO_LARGE) from None
        raise ForeignError("the file is damaged: reading it failed") from None


def _in_float32(tensor: Tensor, called: str) -> Tensor:
    if tensor.is_complex() or tensor.is_sparse or tensor.is_quantized or tensor.is_meta:
        raise ForeignError(f"the tensor {called} is of a kind that cannot be read")
    if tensor.numel() * 4 > MEMORY:  # a view can be larger than its storage
        raise MemoryError
    return tensor.detach().float().contiguous()


def _by_content(path: Path) -> Source:
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(HDF5):
        return read_keras(path)
    if head.startswith(b"PK"):
        return read_keras(path) if _holds_keras(path) else read_pytorch(path)
    if head[8:9] == b"{":
        return read_safetensors(path)
    if head.startswith(b"\x80"):
        return read_pytorch(path)
    raise ForeignError(
        "expected a PyTorch (.pt .pth .ckpt .bin .net), safetensors or Keras (.keras .h5) file"
    )


def _holds_keras(path: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return "model.weights.h5" in archive.namelist()
    except Exception:  # a damaged archive: PyTorch's reader says so
        return False


def keep(source: Source, folder: Path) -> None:
    """Write a source to `folder`."""
    names = list(source.tensors)
    tensors = {str(k): source.tensors[name].clone() for k, name in enumerate(names)}
    about: dict[str, Any] = {
        "framework": source.framework,
        "names": names,
        "alphabets": source.alphabets,
        "origins": source.origins,
        "notes": source.notes,
    }
    save_file(tensors, folder / KEPT, metadata={"source": json.dumps(about)})


def limit() -> None:
    """Limit the memory and the time of this process from now on, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    mapped = 0
    status = Path("/proc/self/statm")
    if status.exists():
        mapped = int(status.read_text().split()[0]) * resource.getpagesize()
    for kind, value in (
        (resource.RLIMIT_AS, mapped + MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MEMORY),
    ):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            continue  # macOS refuses some of them


def main() -> int:
    """Read the file that the command line names."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    limit()
    try:
        keep(read_here(path), folder)
    except ForeignError as error:
        wrong = str(error)
    except Exception as error:  # the folder cannot be written
        short = isinstance(error, MemoryError) or "memory" in str(error)
        wrong = TOO_LARGE if short else f"its tensors cannot be kept: {error}"
    else:
        return 0
    sys.stdout.buffer.write(wrong.encode(errors="replace"))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
