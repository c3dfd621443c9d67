"""Checks the configuration in a Keras file: its layers must compute what PyTorch's do."""

import json
from typing import Any

from models.foreign.source import ForeignError

READ = ("Dense", "Embedding", "GRU", "LSTM", "Bidirectional", "TimeDistributed")
WITHOUT_EFFECT = (
    "Activation",  # the kinds of layer that are checked
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "InputLayer",
    "Softmax",
    "SpatialDropout1D",
)
"""Layers without effect at prediction, except for a softmax."""


def check_config(written: str) -> str:
    """Refuse a configuration with any layer other than PyTorch's LSTM or GRU.

    Returns:
        What a user should know, or "".
    """
    try:
        layers = json.loads(written)["config"]
        layers = layers["layers"] if isinstance(layers, dict) else layers
        described = [(str(layer["class_name"]), dict(layer["config"])) for layer in layers]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ForeignError("the file is damaged: its configuration is not Keras'") from None
    note = ""
    for kind, settings in described:
        if kind in ("Bidirectional", "TimeDistributed") and isinstance(settings.get("layer"), dict):
            inner = settings["layer"]
            described.append((str(inner.get("class_name")), dict(inner.get("config") or {})))
        name = settings.get("name", kind)
        if kind.startswith("CuDNN"):
            raise ForeignError(
                f"the layer {name} is a {kind}; load the model in Keras and save it with "
                f"{kind.removeprefix('CuDNN')} instead"
            )
        if kind not in READ + WITHOUT_EFFECT:
            raise ForeignError(
                f"the layer {name} is of the kind {kind}; only LSTM or GRU layers, an embedding "
                "before and a dense layer after them can be read"
            )
        _check_settings(kind, str(name), settings)
        if settings.get("mask_zero"):
            note = (
                f"The layer {name} skips symbol 0 (mask_zero); Nestscope reads it like any other."
            )
    return note


def _check_settings(kind: str, name: str, settings: dict[str, Any]) -> None:
    """Refuse a layer whose settings make it another network."""
    wanted: dict[str, tuple[Any, ...]] = {}
    if kind in ("LSTM", "GRU"):
        wanted = {
            "activation": ("tanh",),
            "recurrent_activation": ("sigmoid",),
            "reset_after": (True,),
        }
    if kind in ("Dense", "Activation"):
        wanted = {"activation": ("linear", "softmax", "log_softmax", None)}
    for setting, allowed in wanted.items():
        value = settings.get(setting, allowed[0])
        if isinstance(value, dict):  # the form in which some versions store a function
            value = value.get("config")
        if value not in allowed:
            raise ForeignError(
                f"the layer {name} has {setting}={value!r}, and only {allowed[0]!r} can be read: "
                "train the model with that"
            )
    if settings.get("go_backwards") and not name.startswith("backward_"):
        raise ForeignError(f"the layer {name} reads backwards, from the future")
