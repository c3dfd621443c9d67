"""Reads any safetensors file: tensors by name, and an alphabet if its metadata has one."""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open

from models.card import KEY
from models.foreign.alphabet import alphabet_in
from models.foreign.source import ForeignError, Source


def read_safetensors(path: Path) -> Source:
    """The tensors and alphabets of the file.

    Raises:
        ForeignError: it is damaged, or already a checkpoint of Nestscope.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if KEY in metadata:
                raise ForeignError(
                    "the file is already a checkpoint of Nestscope: serve it as it is"
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ForeignError(f"the file is not a safetensors file, or is damaged: {error}") from None
    tensors = {k: t for k, t in tensors.items() if t.is_floating_point() or t.is_complex()}
    alphabets = {}
    for name, written in metadata.items():
        try:
            symbols = alphabet_in(json.loads(written), name)
        except (ValueError, RecursionError):
            symbols = alphabet_in(written, name)
        if symbols is not None:
            alphabets[name] = symbols
    return Source("safetensors", tensors, alphabets)
