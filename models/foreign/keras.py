"""Keras files: `.keras`, and HDF5 as `model.save` and `save_weights` write it, by h5py alone.

Keras keeps a kernel as (in, units) with the gates side by side: i f c o in an LSTM, as here; z r h
in a GRU, where PyTorch has r z n. All arrays are returned under PyTorch's names, in its layout.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.foreign.keras_config import check_config
from models.foreign.source import MATRIX, ForeignError, Source

MOST_BYTES = 1 << 30
"""The most bytes of one array, and of the weights inside a .keras archive."""

MOST_GROUPS = 10_000
DEEPEST = 12

WEIGHTS = {
    3: ("kernel", "recurrent_kernel", "bias"),
    2: ("kernel", "bias"),
    1: ("embeddings",),
}
"""Names of a layer's arrays where Keras only numbers them; without a bias there is one less."""


@dataclass
class LayerFound:
    """The arrays of one layer, by Keras' names for them."""

    name: str  # the layer's own
    group: str  # its path in the file
    arrays: dict[str, Any] = field(default_factory=dict)


def read_keras(path: Path) -> Source:
    """The weights of a Keras file, under PyTorch's names.

    Raises:
        ForeignError: h5py is not installed, the file is damaged, or a layer computes something that
            `torch.nn.LSTM` and `GRU` do not.
    """
    try:
        import h5py
    except ImportError:
        raise ForeignError(
            "Keras files are read with h5py, which is not installed; type requirements/install.sh "
            "keras"
        ) from None
    config, weights = _open(path)
    try:
        with h5py.File(weights, "r") as file:
            written = config or _text(file.attrs.get("model_config"))
            layers = _layers(file)
            arrays = [(layer, {k: _array(d) for k, d in layer.arrays.items()}) for layer in layers]
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, ForeignError):
            raise
        raise ForeignError("the file is damaged: its HDF5 content cannot be read") from None
    notes = (
        [check_config(written)]
        if written
        else [
            "The file does not say which activations the layers have: tanh and sigmoid are assumed."
        ]
    )
    return _source(arrays, [note for note in notes if note])


def _open(path: Path) -> tuple[str | None, Path | io.BytesIO]:
    """The configuration if the file is a .keras archive, and the file for h5py to open."""
    if not zipfile.is_zipfile(path):
        return None, path
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("model.weights.h5").file_size > MOST_BYTES:
                raise ForeignError("the weights in the archive are larger than 1 GB")
            if archive.getinfo("config.json").file_size > 1 << 24:
                raise ForeignError("the archive's config.json is larger than 16 MB")
            config = archive.read("config.json").decode()
            return config, io.BytesIO(archive.read("model.weights.h5"))
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, NotImplementedError) as e:
        if isinstance(e, ForeignError):
            raise
        raise ForeignError("the file is damaged: its archive cannot be read") from None
    except Exception:  # zlib and lzma have errors of their own
        raise ForeignError("the file is damaged: its archive cannot be unpacked") from None


def _text(value: Any) -> str | None:
    """A string attribute; old files keep bytes."""
    return value.decode() if isinstance(value, bytes) else value if isinstance(value, str) else None


def _layers(file: Any) -> list[LayerFound]:
    """The layers that have weights, in the model's order."""
    root = file.get("model_weights", file)
    names = root.attrs.get("layer_names")
    if names is None:
        return _counted(file)
    found = []
    for name in (_text(name) for name in names):
        if name is None or name not in root:
            raise ForeignError("the file is damaged: a layer that it names is missing")
        group = root[name]
        layer = LayerFound(name, name)
        for written in (_text(weight) for weight in group.attrs.get("weight_names", ())):
            if written is None or not _is_inside(group, written):
                raise ForeignError(f"the file is damaged: an array of the layer {name} is missing")
            *above, last = written.split(":")[0].split("/")
            way = [part for part in above if re.match(r"(forward|backward)_", part)]
            layer.arrays["/".join([*(part.split("_")[0] for part in way), last])] = group[written]
        if layer.arrays:
            found.append(layer)
    return found


def _counted(file: Any) -> list[LayerFound]:
    """The layers of a Keras 3 file, whose arrays are numbered: layers/lstm/cell/vars/0."""
    found: dict[str, LayerFound] = {}
    for path, group in _groups(file):
        parts = path.split("/")
        if parts[-1] != "vars" or not len(group) or "optimizer" in parts[0]:
            continue
        inside = [part for part in parts[:-1] if part not in ("layer", "cell")]
        way = [part.split("_")[0] for part in inside if part in ("forward_layer", "backward_layer")]
        inside = [part for part in inside if part not in ("forward_layer", "backward_layer")]
        where = "/".join(inside)
        owner = group if parts[-2] != "cell" else file.get("/".join([*parts[:-2], "vars"]), group)
        label = inside[-1] if inside else "model"
        name = _text(owner.attrs.get("name")) or label
        layer = found.setdefault(where, LayerFound(name, where))
        keys = sorted(group, key=lambda key: int(key) if key.isdecimal() else 0)
        recurrent = len(keys) > 1 and group[keys[0]].ndim == group[keys[1]].ndim == MATRIX
        names = WEIGHTS[3] if recurrent else WEIGHTS.get(len(keys), tuple(keys))
        if len(keys) == 1 and "embedding" not in label:
            names = ("kernel",)
        if len(keys) > len(names):
            names = tuple(keys)
        for array, key in zip(names, keys, strict=False):
            layer.arrays["/".join([*way, array])] = group[key]
    return sorted(found.values(), key=lambda layer: _number(layer.group))


def _number(group: str) -> tuple[str, int]:
    """lstm, lstm_1, lstm_2 ... lstm_10 in this order."""
    match = re.fullmatch(r"(.*?)(?:_(\d{1,6}))?", group, re.DOTALL)
    assert match
    return match[1], int(match[2] or 0)


def _groups(file: Any) -> Iterator[tuple[str, Any]]:
    """Every group with its path; links to other files are not followed."""
    import h5py

    waiting, seen = [("", file)], 0
    while waiting:
        path, group = waiting.pop()
        yield path, group
        seen += 1
        if seen > MOST_GROUPS or path.count("/") > DEEPEST:
            raise ForeignError("the file has more groups than a network needs")
        for name in group:
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.HardLink) and group.get(name, getclass=True) is h5py.Group:
                waiting.append((f"{path}/{name}".lstrip("/"), group[name]))


def _is_inside(group: Any, path: str) -> bool:
    """Return whether `path` leads from `group` to an array without leaving the file."""
    import h5py

    for name in path.split("/"):
        if not isinstance(group, h5py.Group) or name not in group:
            return False
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            return False
        group = group[name]
    return isinstance(group, h5py.Dataset)


def _array(dataset: Any) -> Tensor:
    """One array, its size checked before it is read."""
    if dataset.dtype.kind != "f" or dataset.is_virtual or dataset.external:
        raise ForeignError(f"the array {dataset.name} does not hold floating-point numbers here")
    if int(np.prod(dataset.shape, dtype=np.float64)) * dataset.dtype.itemsize > MOST_BYTES:
        raise ForeignError(f"the array {dataset.name} is larger than 1 GB")
    return torch.from_numpy(np.asarray(dataset[()], dtype=np.float32))


def _source(arrays: list[tuple[LayerFound, dict[str, Tensor]]], notes: list[str]) -> Source:
    """The arrays under PyTorch's names and in its layout."""
    source = Source("Keras", {}, notes=notes)
    recurrent = 0
    for layer, found in arrays:
        ways = {key.rpartition("/")[0] for key in found}
        if any("recurrent_kernel" in key for key in found):
            for way in sorted(ways, reverse=True):  # forward before backward
                part = {k.rpartition("/")[2]: t for k, t in found.items() if k.startswith(way)}
                _add_recurrent(source, layer, way, part, recurrent)
            recurrent += 1
            continue
        module = layer.name.replace(".", "_")
        for key, tensor in found.items():
            name = {"kernel": "weight", "embeddings": "weight"}.get(key, key.replace("/", "_"))
            turned = tensor.t() if key == "kernel" and tensor.dim() == MATRIX else tensor
            source.tensors[f"{module}.{name}"] = turned.contiguous()
            source.origins[f"{module}.{name}"] = f"{layer.name}/{key}"
    return source


def _add_recurrent(
    source: Source, layer: LayerFound, way: str, arrays: dict[str, Tensor], k: int
) -> None:
    """The k-th recurrent layer: kernels transposed, a GRU's gates put in PyTorch's order.

    `way` is "forward" or "backward" in a bidirectional layer, else "".
    """
    kernel, recurrent, bias = (arrays.get(name) for name in ("kernel", "recurrent_kernel", "bias"))
    if kernel is None or recurrent is None or kernel.dim() != MATRIX or recurrent.dim() != MATRIX:
        raise ForeignError(f"the file is damaged: the layer {layer.name} lacks a kernel")
    units, wide = recurrent.shape
    if units == 0 or wide not in (3 * units, 4 * units) or kernel.shape[1] != wide:
        raise ForeignError(
            f"the layer {layer.name} has a recurrent kernel of the shape {list(recurrent.shape)}; "
            "expected (units, 4 units), an LSTM, or (units, 3 units), a GRU"
        )
    parts = {"weight_ih": kernel.t(), "weight_hh": recurrent.t()}
    if bias is not None and wide == 3 * units:
        if bias.shape != (2, wide):
            raise ForeignError(
                f"the layer {layer.name} is a GRU with reset_after=False, which resets before it "
                "multiplies; that is another network than torch.nn.GRU"
            )
        parts |= {"bias_ih": bias[0], "bias_hh": bias[1]}
    elif bias is not None:
        if bias.shape != (wide,):
            raise ForeignError(
                f"the bias of the layer {layer.name} has the shape {list(bias.shape)}"
            )
        parts |= {"bias_ih": bias}
    if wide == 3 * units:
        parts = {name: _r_z_n(tensor, units) for name, tensor in parts.items()}
    own = {
        "weight_ih": "kernel",
        "weight_hh": "recurrent_kernel",
        "bias_ih": "bias",
        "bias_hh": "bias",
    }
    for name, tensor in parts.items():
        full = f"rnn.{k}.{name}_l0{'_reverse' if way == 'backward' else ''}"
        source.tensors[full] = tensor.contiguous()
        source.origins[full] = "/".join(part for part in (layer.name, way, own[name]) if part)


def _r_z_n(tensor: Tensor, units: int) -> Tensor:
    """The rows z r h as r z n."""
    z, r, n = tensor.split(units)
    return torch.cat([r, z, n])
