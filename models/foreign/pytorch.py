"""Reads files by `torch.save`: a state dict, a Lightning checkpoint, a dictionary around either.

Only tensors and plain values are read (`weights_only=True`): no code in the file is run.
"""

import pickle
import re
import types
import zipfile
from collections.abc import Mapping
from pathlib import Path, PosixPath, PurePosixPath
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.foreign.alphabet import alphabet_in
from models.foreign.source import ForeignError, Source

ASIDE = re.compile(r"optim|sched|callback|loops|scaler|(^|_)rng", re.IGNORECASE)
"""Keys of training state that is kept beside the weights."""

MOST_ENTRIES = 1_000_000
"""The most values visited, so that a file cannot take unlimited time."""

# Plain data types that trainings leave in their checkpoints. argparse's Namespace is
# named, not imported: a SimpleNamespace holds the same.
_SCALAR: Any = np.float32(0).__reduce__()[0]
_ARRAY: Any = np.zeros(0).__reduce__()[0]
_DTYPES = [type(np.dtype(kind)) for kind in "?bBhHiIlLqQefdUS"]
HARMLESS: list[Any] = [
    (types.SimpleNamespace, "argparse.Namespace"),
    types.SimpleNamespace,
    (PosixPath, "pathlib.PosixPath"),
    (PosixPath, "pathlib._local.PosixPath"),
    (PurePosixPath, "pathlib.PurePosixPath"),
    (_SCALAR, "numpy.core.multiarray.scalar"),
    (_SCALAR, "numpy._core.multiarray.scalar"),
    (_ARRAY, "numpy.core.multiarray._reconstruct"),
    (_ARRAY, "numpy._core.multiarray._reconstruct"),
    np.ndarray,
    np.dtype,
    *_DTYPES,
]


def read_pytorch(path: Path) -> Source:
    """The tensors and alphabets of a file by `torch.save`.

    Raises:
        ForeignError: it holds more than data, or is damaged.
    """
    if zipfile.is_zipfile(path):
        _refuse_torchscript(path)
    try:
        with torch.serialization.safe_globals(HARMLESS):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ForeignError(_why(str(error))) from None
    except MemoryError:
        raise
    except Exception as error:  # torch raises many kinds of error
        if "memory" in str(error).lower():
            raise MemoryError from None
        raise ForeignError("the file is damaged, or was not written by torch.save") from None
    return _source(content)


def _refuse_torchscript(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ForeignError("the file is damaged: its archive cannot be read") from None
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise ForeignError(
            "the file is a TorchScript program; save the weights instead, with "
            "torch.save(torch.jit.load(file).state_dict(), 'weights.pt')"
        )


def _why(message: str) -> str:
    """The reason why a pickle was refused."""
    named = re.search(r"GLOBAL ([\w.<>]+)", message)
    if named is None:
        return "the file is damaged, or holds more than weights and plain values"
    return (
        f"the file holds more than weights: reading it would run {named[1]}, and no code in a file "
        "is run; where it was made, save the weights alone, with "
        "torch.save(model.state_dict(), 'weights.pt')"
    )


def _source(content: Any) -> Source:
    """Every tensor and alphabet in nested dictionaries, by its path."""
    tensors: dict[str, Tensor] = {}
    alphabets: dict[str, list[str]] = {}
    waiting: list[tuple[str, Any]] = [("", content)]
    seen: set[int] = set()
    entries = 0
    while waiting:
        path, value = waiting.pop()
        entries += 1
        if entries > MOST_ENTRIES:
            raise ForeignError(f"the file holds more than {MOST_ENTRIES:,} values")
        if isinstance(value, Tensor):
            if value.is_floating_point() or value.is_complex():
                tensors[path] = value
            continue
        if isinstance(value, types.SimpleNamespace):
            value = vars(value)
        if isinstance(value, (dict, list, tuple)) and id(value) in seen:
            continue  # a pickle can hold a dictionary that holds itself
        seen.add(id(value))
        symbols = alphabet_in(value, path.rpartition(".")[2])
        if symbols is not None:
            alphabets[path] = symbols
        elif isinstance(value, Mapping):
            waiting += [
                (f"{path}.{key}" if path else str(key), inner)
                for key, inner in reversed(list(value.items()))
                if not (
                    isinstance(key, str) and ASIDE.search(key) and not isinstance(inner, Tensor)
                )
            ]
        elif isinstance(value, (list, tuple)):
            waiting += [
                (f"{path}.{k}" if path else str(k), inner)
                for k, inner in reversed(list(enumerate(value)))
                if isinstance(inner, (dict, list, tuple, Tensor))
            ]
    return Source("PyTorch", tensors, alphabets)
