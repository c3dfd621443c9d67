"""Trained weights on disk: one safetensors file, one metadata key `nestscope`, never pickle.

docs/reference/checkpoints.md states the format. A file that does not fit it is refused with a
sentence.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from models.card import KEY, Card, CheckpointError, parse_card
from models.files import write_aside
from models.networks import CharacterModel, GlimpseClassifier

Model = CharacterModel | GlimpseClassifier

KINDS = {"F32": torch.float32, "F16": torch.float16}
"""The types of a tensor in a file."""
MOST_HEADER = 100_000_000
"""Bytes; safetensors refuses a longer header."""
REPLACED = "it was replaced while it was read: read it again"


def save_checkpoint(
    path: Path | str,
    model: Model,
    training: dict[str, Any] | None = None,
    scores: dict[str, Any] | None = None,
    half: Collection[str] = (),
) -> None:
    """Write `model` to `path` atomically.

    Args:
        training: settings of the run, plain JSON.
        scores: what was measured, plain JSON.
        half: names of the tensors that are kept in float16; the others are float32.

    Raises:
        CheckpointError: `load_checkpoint` would refuse the file; nothing is written.
    """
    card = replace(model.card, training=training or {}, scores=scores or {})
    tensors = {
        name: tensor.detach()
        .to("cpu", torch.float16 if name in half else torch.float32)
        .contiguous()
        for name, tensor in model.state_dict().items()
    }
    try:
        written = card.dumps()
        _check_whole(parse_card({KEY: written}), tensors)
        content = save(tensors, metadata={KEY: written})
    except SafetensorError as error:
        raise CheckpointError(
            f"training, scores or vocabulary are too large: {error}", path
        ) from None
    except CheckpointError as error:
        raise CheckpointError(error.reason, path) from None
    except (TypeError, ValueError, RecursionError):
        raise CheckpointError("training and scores must be plain JSON", path) from None
    write_aside(Path(path), content)


def _check_whole(card: Card, tensors: dict[str, Tensor]) -> None:
    """Refuse tensors that are not those of the network on the card."""
    shapes = _shapes(_blank(card))
    _check_names(shapes, set(tensors))
    for name, shape in shapes.items():
        _check_shape(name, list(tensors[name].shape), shape)
        _check_values(name, tensors[name])


def model_name(path: Path) -> str:
    """The name of the model in a file; a finished run's `final` is named by its folder."""
    return path.absolute().parent.name if path.stem == "final" else path.stem


def load_checkpoint(path: Path | str) -> Model:
    """The model in the file, float32, in evaluation mode, its `card` and `sha256` set.

    The tensors of the file are checked before a byte of them is read.

    Raises:
        CheckpointError: the file is missing, foreign, incomplete, of a wrong shape or not finite.
    """
    path = Path(path)
    tensors: dict[str, Tensor] = {}

    def keep(name: str, stored: Tensor) -> None:
        tensors[name] = stored.float()

    model, sha256 = _read(path, keep)
    model.load_state_dict(tensors, assign=True)
    model.requires_grad_(False).eval()
    model.sha256, model.name = sha256, model_name(path)
    return model


@dataclass(frozen=True)
class Description:
    """The description of a checkpoint, without its weights."""

    card: Card
    sha256: str  # of the file
    parameters: int  # number of weights


def describe_checkpoint(path: Path | str) -> Description:
    """Check a file as `load_checkpoint` does, without keeping its weights.

    Raises:
        CheckpointError: `load_checkpoint` would refuse the file.
    """
    model, sha256 = _read(Path(path), lambda name, tensor: None)
    return Description(model.card, sha256, model.parameters_count)


def _read(path: Path, take: Callable[[str, Tensor], None]) -> tuple[Model, str]:
    """The network in the file, its weights not yet set, and the file's sha256.

    Args:
        take: is given each tensor, by name, checked and as it is stored.

    Raises:
        CheckpointError: see `load_checkpoint`.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            # Opening a pipe would wait for its writer, for ever.
            raise CheckpointError("not a file, but a pipe or a device")
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            # Only the header, and first: a file of another kind may be larger than the RAM.
            head = file.read(8)
            head += file.read(min(int.from_bytes(head, "little"), MOST_HEADER))
            with _header(head, before.st_size) as header:
                card = parse_card(header.metadata() or {})
                model = _blank(card)
                stored = _stored(header, _shapes(model))
            sha256 = _read_tensors(file, hashlib.sha256(head), stored, take)
            after = os.fstat(file.fileno())
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise CheckpointError(REPLACED)  # in place
            if not os.path.samestat(after, path.stat()):
                raise CheckpointError(REPLACED)
    except OSError as error:
        raise CheckpointError(f"cannot be read: {error.strerror or error}", path) from None
    except SafetensorError as error:
        raise CheckpointError(f"not a safetensors file: {error}", path) from None
    except CheckpointError as error:
        raise CheckpointError(error.reason, path) from None
    model.card = card
    return model, sha256


def _blank(card: Card) -> Model:
    """The network on the card, its weights not yet set."""
    with torch.device("meta"):
        if card.task == "charlm":
            return CharacterModel(card.vocabulary, card.layers, card.depth, card.hidden, card.cell)
        return GlimpseClassifier(card.layers, card.depth, card.hidden, card.cell)


def _shapes(model: Model) -> dict[str, list[int]]:
    """The names and shapes of the tensors in its file."""
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items()}


def _stored(header: Any, shapes: dict[str, list[int]]) -> dict[str, Tensor]:
    """The tensors of a file in their order there, checked and without their values."""
    _check_names(shapes, set(header.keys()))
    stored = {}
    for name, shape in shapes.items():
        found = header.get_slice(name)
        _check_shape(name, found.get_shape(), shape)
        if found.get_dtype() not in KINDS:
            raise CheckpointError(f"{name} is {found.get_dtype()}, expected float32 or float16")
        stored[name] = torch.empty(shape, dtype=KINDS[found.get_dtype()], device="meta")
    return {name: stored[name] for name in header.offset_keys()}


@contextmanager
def _header(head: bytes, size: int) -> Iterator[Any]:
    """The header of a file of so many bytes, as safetensors reads and checks it.

    It maps what it reads, so it is given a copy, the tensors a hole: where a file that is mapped
    is cut short, to look at it ends the process (SIGBUS).
    """
    linux = sys.platform == "linux"  # where a container may have no writable disk
    with (
        os.fdopen(os.memfd_create("header"), "wb") if linux else tempfile.NamedTemporaryFile()
    ) as copy:
        copy.write(head)
        copy.truncate(size)
        copy.flush()
        path = f"/proc/self/fd/{copy.fileno()}" if linux else copy.name
        with safe_open(path, framework="np") as header:
            yield header


def _read_tensors(
    file: BufferedReader,
    digest: Any,
    stored: dict[str, Tensor],
    take: Callable[[str, Tensor], None],
) -> str:
    """Read the values, in the order of the file, and hand them on; the file's sha256.

    By ordinary reads, for the same reason.

    Args:
        file: after its header.
        digest: of the header.
        stored: of each tensor the name, type and shape.
        take: is given each tensor.
    """
    for name, like in stored.items():
        tensor = torch.empty_like(like, device="cpu")
        content = tensor.numpy().reshape(-1).view(np.uint8).data
        if file.readinto(content) != len(content):
            raise CheckpointError(REPLACED)
        digest.update(content)
        _check_values(name, tensor)
        take(name, tensor)
    return str(digest.hexdigest())


def _check_names(wanted: Collection[str], found: set[str]) -> None:
    for name in wanted:
        if name not in found:
            raise CheckpointError(f"the tensor {name} is missing")
    for name in sorted(found - set(wanted)):
        raise CheckpointError(f"the tensor {name!r} does not belong to this network")


def _check_shape(name: str, shape: list[int], wanted: list[int]) -> None:
    if shape != wanted:
        raise CheckpointError(f"{name} has the shape {shape}, expected {wanted}")


def _check_values(name: str, tensor: Tensor) -> None:
    if not np.isfinite(tensor.numpy()).all():  # several times as fast as torch's
        raise CheckpointError(f"{name} holds values that are not finite")
